package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// draft is a file beside the one that it will become. Its name is short and
// independent of the final name, which may be as long as names can be.
type draft struct {
	file *os.File
	name string
}

// draftPattern is the name of a draft, with a random part in the place of the star.
const draftPattern = ".pat-*.tmp"

// newDraft creates an empty draft that has its final mode from the start and
// that nobody else can read before.
func newDraft(folder string, mode os.FileMode) (*draft, error) {
	file, err := createDraft(folder, mode)
	if err != nil {
		return nil, err
	}
	d := &draft{file: file, name: file.Name()}
	if err := d.setMode(mode); err != nil {
		return nil, errors.Join(err, d.discard())
	}
	return d, nil
}

// setMode gives the draft its mode and makes sure that it took it: some file
// systems accept any mode and keep their own.
func (d *draft) setMode(mode os.FileMode) error {
	if err := d.file.Chmod(mode); err != nil {
		return err
	}
	info, err := d.file.Stat()
	if err != nil {
		return err
	}
	if !keeps(info.Mode(), mode) {
		return fmt.Errorf("%s: asked for %04o, got %04o: %w", d.name, mode.Perm(), info.Mode().Perm(), ErrMode)
	}
	return nil
}

// fill makes data the draft's whole contents and waits until they are on disk.
func (d *draft) fill(data []byte) error {
	if _, err := d.file.WriteAt(data, 0); err != nil {
		return err
	}
	if err := d.file.Truncate(int64(len(data))); err != nil {
		return err
	}
	return d.file.Sync()
}

// write is fill, and closes the draft. It gives what the file can be recognised by
// later, under whatever name: asked of the file while it is open, for on Windows
// what is asked by name is looked up by that name when it is compared.
func (d *draft) write(data []byte) (fs.FileInfo, error) {
	if err := d.fill(data); err != nil {
		return nil, err
	}
	info, err := d.file.Stat()
	if err != nil {
		return nil, err
	}
	return info, d.file.Close()
}

// discard removes the draft; one that is gone already is fine.
func (d *draft) discard() error {
	_ = d.file.Close() // may be closed already, and nothing in it is wanted
	if err := os.Remove(d.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
