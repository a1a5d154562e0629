package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// reservedSpace is how many bytes a reservation claims on disk, so that a full
// disk is noticed when reserving. Contents up to this size then have room.
const reservedSpace = 4096

// Options are how a reserved file is written.
type Options struct {
	Mode      os.FileMode // of the new file, exactly; the umask does not matter
	Overwrite bool        // replace a regular file that is there
}

// Reserved is a place for a file that is not written yet. It must be ended by
// [Reserved.Undo] or [Reserved.Settle]. It is not for concurrent use.
type Reserved struct {
	target    string
	overwrite bool
	draft     *draft      // nil once it has become the file, or is discarded
	published fs.FileInfo // the file that Fill puts at target; nil before
	backup    string      // where the old contents are; empty if there are none
	link      func(file, name string) error
}

// Reserve makes sure that a file can be written at path, without touching what
// is there: the folder exists and can be written, the mode can be kept, there
// is room on disk, and nothing is at path unless opt.Overwrite is set. A
// regular file may then be there, or a symbolic link, which is followed.
//
// The errors wrap those of package fs (fs.ErrExist for a path that is taken),
// [ErrNotRegular], [ErrMode] or [ErrPlanted].
func Reserve(path string, opt Options) (*Reserved, error) {
	target, err := reservable(path, opt.Overwrite)
	if err != nil {
		return nil, err
	}
	d, err := newDraft(filepath.Dir(target), opt.Mode)
	if err != nil {
		return nil, err
	}
	if err := d.fill(make([]byte, reservedSpace)); err != nil {
		return nil, errors.Join(err, d.discard())
	}
	return &Reserved{target: target, overwrite: opt.Overwrite, draft: d, link: os.Link}, nil
}

// reservable is the path that a reservation of path writes to.
func reservable(path string, overwrite bool) (string, error) {
	if !overwrite {
		return path, vacant(path)
	}
	target, err := follow(path)
	if err != nil {
		return "", err
	}
	_, err = regularOrAbsent(target)
	return target, err
}

// vacant is nil if nothing is at path, not even a symbolic link that leads
// nowhere.
func vacant(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return &fs.PathError{Op: "write", Path: path, Err: ErrNotRegular}
	}
	return &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
}

// Fill writes data to the reserved place and returns once it is on disk. Old
// contents are kept aside. Without Overwrite a file that has appeared since
// the reservation is not replaced: the error wraps fs.ErrExist. After an error
// [Reserved.Undo] cleans up.
func (r *Reserved) Fill(data []byte) error {
	if r.draft == nil {
		return fmt.Errorf("write %s: the reservation has ended", r.target)
	}
	info, err := r.draft.write(data)
	if err != nil {
		return err
	}
	r.published = info // before it is: Undo then knows it even if publish stops half way
	if err := r.publish(); err != nil {
		return err
	}
	r.draft = nil
	return syncFolder(r.target)
}

// publish makes the draft the file.
func (r *Reserved) publish() error {
	if !r.overwrite {
		return r.publishNew()
	}
	if err := r.setAside(); err != nil {
		return err
	}
	return replace(r.draft.name, r.target)
}

// setAside keeps the old contents under a second name beside the file. Where
// the file system has no hard links, they move there.
func (r *Reserved) setAside() error {
	old, err := regularOrAbsent(r.target)
	if err != nil || old == nil {
		return err
	}
	backup := backupName(r.draft.name)
	if r.link(r.target, backup) != nil {
		if err := os.Rename(r.target, backup); err != nil {
			return err
		}
	}
	r.backup = backup
	return nil
}

// backupName is where the old contents are kept while the draft becomes the
// file.
func backupName(draft string) string { return strings.TrimSuffix(draft, ".tmp") + ".old" }

// publishNew gives the draft its name unless something has it already. Where
// the file system has no hard links, an empty file claims the name first.
func (r *Reserved) publishNew() error {
	err := r.link(r.draft.name, r.target)
	switch {
	case err == nil:
		return os.Remove(r.draft.name)
	case errors.Is(err, fs.ErrExist):
		return &fs.PathError{Op: "write", Path: r.target, Err: fs.ErrExist}
	}
	return claim(r.draft.name, r.target)
}

// claim is publishNew for file systems without hard links.
func claim(draft, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Close(), replace(draft, path)); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
