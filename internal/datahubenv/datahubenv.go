// Package datahubenv reads and writes ~/.datahubenv, the file in which DataHub's
// Python client keeps a server and a token.
//
// It knows the file's format and nothing of when the file applies: that is the
// business of whoever reads it. The values are returned as they stand; neither
// client replaces ${…} in them. Of a file that is there it changes the server and
// the token, and no other byte.
package datahubenv

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// Shown is how people know the file.
const Shown = "~/.datahubenv"

// maxSize is far more than such a file ever has.
const maxSize = 1 << 20

// File is what pat uses of ~/.datahubenv. What the file does not say is empty.
type File struct {
	Path string      // where it was read
	Mode fs.FileMode // who may read it

	Server     string            // gms.server
	Token      string            // gms.token
	Timeout    time.Duration     // gms.timeout_sec, for one request
	Headers    map[string]string // gms.extra_headers
	CACert     string            // gms.ca_certificate_path
	ClientCert string            // gms.client_certificate_path; may hold the key too
	ClientKey  string            // gms.client_key_path
	SkipVerify bool              // gms.disable_ssl_verification

	OAuth bool // there is an oauth section: the token is short-lived, and DataHub's client renews it
	Auth  bool // there is a gms.auth section: DataHub's client gets a token by other means
}

// Path is where the file is in that home folder. Nothing moves it.
func Path(home string) string { return filepath.Join(home, ".datahubenv") }

// Read reads the file. As for DataHub's client, anything that is not a regular
// file is no file; ok is then false. Keys it does not know are no concern of
// pat's. Failures are of kind Usage, name the line and repeat nothing of the
// contents.
func Read(path string) (file File, ok bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return File{}, false, nil
	}
	if err != nil {
		return File{}, false, unreadable(err)
	}
	data, err := readAll(path)
	if err != nil {
		return File{}, false, err
	}
	file, err = parse(data)
	file.Path, file.Mode = path, info.Mode()
	return file, err == nil, err
}

// readAll is what the file holds.
func readAll(path string) ([]byte, error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxSize+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(data) > maxSize {
		return nil, failure.New(failure.Usage, "%s is too large to be what it should be", Shown)
	}
	return data, nil
}

// unreadable is a file that is there and cannot be read.
func unreadable(err error) *failure.Error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return failure.New(failure.Usage, "cannot read %s: %w", Shown, err).
		WithHint("make it readable, or set DATAHUB_SKIP_CONFIG=true to do without it")
}
