// Package config reads and writes pat's own configuration: a YAML file of
// profiles, each a server with what is needed to use it.
//
// It knows the file's format and who may write it, and nothing of when a profile
// applies or of what DataHub makes of its values. The file holds no secrets: a
// profile says where its token is. No failure repeats a value.
package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
)

// maxSize is far more than such a file ever has.
const maxSize = 1 << 20

// File is the configuration as it was read.
type File struct {
	Path    string   // where it was read
	Current string   // the profile that is used where nothing else is said; empty if none is
	Notices []string // what the user ought to know about the file, one line each

	names    []string
	profiles map[string]Profile
}

// Load reads the configuration. A file that does not exist is an empty one. A
// file that others than the user could have written is refused, as is one that
// is not laid out as a configuration is; unknown keys only make for a notice.
// Failures are of kind Usage.
func Load(path string) (*File, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return parse(path, data)
}

// read is what the file holds, nothing if it does not exist.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, unusable(path, "cannot be read", err)
	case !info.Mode().IsRegular():
		return nil, failure.New(failure.Usage, "%s is not a file", path).WithHint("move it away: pat makes it anew where it needs one")
	}
	if err := rights.OnlyOwnerWrites(path); err != nil {
		return nil, err
	}
	opened, err := os.Open(path)
	if err != nil {
		return nil, unusable(path, "cannot be read", err)
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxSize+1))
	switch {
	case err != nil:
		return nil, unusable(path, "cannot be read", err)
	case len(data) > maxSize:
		return nil, failure.New(failure.Usage, "%s is too large to be what it should be", path)
	}
	return data, nil
}

// unusable is a file that is there and does not let pat at it.
func unusable(path, what string, err error) error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return failure.New(failure.Usage, "%s %s: %w", path, what, err)
}

// Names are the profiles that there are, in the order of the file.
func (f *File) Names() []string { return f.names }

// Has says whether there is a profile of that name.
func (f *File) Has(name string) bool {
	_, ok := f.profiles[name]
	return ok
}

// Profile is the profile of that name. If there is none, the failure is of kind
// NotFound and lists those that there are.
func (f *File) Profile(name string) (Profile, error) {
	profile, ok := f.profiles[name]
	if !ok {
		return Profile{}, f.unknown(name)
	}
	return profile, nil
}

// unknown is the failure for a profile that does not exist.
func (f *File) unknown(name string) error {
	told := failure.New(failure.NotFound, "there is no profile %q", name)
	if len(f.names) == 0 {
		return told.WithHint("there are no profiles yet: make one with `pat login URL --profile NAME` or `pat profile add NAME`")
	}
	all := "there are: " + strings.Join(f.names, ", ")
	if meant := failure.Nearest(name, f.names); meant != "" {
		return told.WithHint("did you mean %s? %s", meant, all)
	}
	return told.WithHint("%s", all)
}
