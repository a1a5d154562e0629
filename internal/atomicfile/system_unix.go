//go:build !windows

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// createDraft makes an empty file that only its owner can read.
func createDraft(folder string, _ os.FileMode) (*os.File, error) {
	return os.CreateTemp(folder, draftPattern)
}

// replace renames from to path, in one step, whether or not path exists.
func replace(from, path string) error { return os.Rename(from, path) }

// keeps says whether a file that was given the mode asked has it.
func keeps(has, asked os.FileMode) bool { return has.Perm() == asked.Perm() }

// planted says whether a symbolic link is one that Linux would not follow either
// (protected_symlinks in proc(5)), did it follow the link and not we: in a folder in
// which everybody can make files, of somebody who is neither the user nor the
// folder's owner.
func planted(path string, link fs.FileInfo) bool {
	const everybodyWrites = 0o002
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil || folder.Mode().Perm()&everybodyWrites == 0 {
		return false
	}
	made, ok := link.Sys().(*syscall.Stat_t)
	keeps, alsoOK := folder.Sys().(*syscall.Stat_t)
	return ok && alsoOK && int(made.Uid) != os.Geteuid() && made.Uid != keeps.Uid
}

// syncFolder waits until the folder of path has its new entry on disk. Some
// file systems cannot do that for folders, and a folder that may be written but
// not read cannot be asked: the file is in place all the same.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	err = folder.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
