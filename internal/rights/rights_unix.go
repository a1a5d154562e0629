//go:build unix

package rights

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/datahub-pat/pat/internal/failure"
)

func onlyOwnerWrites(path string) error {
	places := []string{path, filepath.Dir(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		places = append(places, filepath.Dir(real))
	}
	for _, place := range places {
		info, err := os.Stat(place)
		if err != nil {
			continue // told where it is used
		}
		if err := onlyOwnerWritesTo(place, info); err != nil {
			return err
		}
	}
	return nil
}

func onlyOwnerWritesTo(place string, info fs.FileInfo) error {
	const othersWrite = 0o022
	if info.Mode().Perm()&othersWrite != 0 {
		return failure.New(failure.Usage, "others can write to %s, so pat does not trust it", place).
			WithHint("make sure that it holds what you want, then: chmod go-w %s", place)
	}
	const root = 0
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid != root && int(owner.Uid) != os.Geteuid() {
		return failure.New(failure.Usage, "%s belongs to another user, so pat does not trust it", place).
			WithHint("make it yours if it holds what you want")
	}
	return nil
}
