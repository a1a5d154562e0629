// Package atomicfile writes whole files or none: whoever reads a path sees the
// old contents or the new ones, never a part, and a write that fails leaves
// what was there.
//
// [Write] is for files that are rewritten, such as state and configuration.
// [Reserve] is for a file whose contents do not exist yet: it finds out
// beforehand whether the file can be written, and what it wrote can be taken
// back.
//
// It is a leaf: it knows nothing of what it writes, and its errors never
// contain any of it.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrNotRegular says that the path names a folder, a device, a pipe or
// something else that is not a regular file and that is never replaced.
var ErrNotRegular = errors.New("not a regular file")

// ErrMode says that the file system does not keep the file mode that was asked
// for, so that others might be able to read the file.
var ErrMode = errors.New("the file system does not keep this file mode")

// ErrPlanted says that the path is a symbolic link which another user put into a
// folder that all can write to, such as /tmp: where it leads is that user's choice.
var ErrPlanted = errors.New("a symbolic link that another user put there")

// Write puts data at path with exactly this mode, whatever the umask is, in
// one step, and returns once it is on disk. A symbolic link is followed: it
// stays, and the file it names is replaced. The folder must exist.
//
// The errors wrap those of package fs, [ErrNotRegular], [ErrMode] or [ErrPlanted].
func Write(path string, data []byte, mode os.FileMode) error {
	target, err := follow(path)
	if err != nil {
		return err
	}
	if _, err := regularOrAbsent(target); err != nil {
		return err
	}
	d, err := newDraft(filepath.Dir(target), mode)
	if err != nil {
		return err
	}
	if _, err := d.write(data); err != nil {
		return errors.Join(err, d.discard())
	}
	if err := replace(d.name, target); err != nil {
		return errors.Join(err, d.discard())
	}
	return syncFolder(target)
}

// regularOrAbsent is what lies at path: a regular file, or nil where there is
// nothing.
func regularOrAbsent(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "write", Path: path, Err: ErrNotRegular}
	}
	return info, nil
}

// maxLinks is how many symbolic links in a row are followed; the limit of
// Linux.
const maxLinks = 40

// follow is the path that writing to path would reach: itself, or what the
// symbolic link at its end names, which need not exist.
func follow(path string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return path, nil // what is wrong with it is told where it is used
		}
		if planted(path, info) {
			return "", &fs.PathError{Op: "write", Path: path, Err: ErrPlanted}
		}
		if path, err = readLink(path); err != nil {
			return "", err
		}
	}
	return "", &fs.PathError{Op: "write", Path: path, Err: errors.New("too many symbolic links")}
}

// readLink is the path that a symbolic link names. A relative one starts at
// the folder in which the link really is.
func readLink(path string) (string, error) {
	named, err := os.Readlink(path)
	if err != nil || filepath.IsAbs(named) {
		return named, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("follow %s: %w", path, err)
	}
	return filepath.Join(folder, named), nil
}
