package atomicfile

import (
	"errors"
	"io/fs"
	"os"
)

// Draft is the file in which the contents are prepared. Should the process end
// before Undo or Settle, [Abandon] or [Clear] clean up by its name.
func (r *Reserved) Draft() string {
	if r.draft == nil {
		return ""
	}
	return r.draft.name
}

// Abandon cleans up after a reservation whose process ended: the draft goes,
// and, if the reservation had got as far as publishing its file at path, that
// file goes and the old contents come back.
func Abandon(draft, path string, published bool) error {
	if draft == "" {
		return nil
	}
	path, err := follow(path)
	if err != nil {
		return err
	}
	backup := backupName(draft)
	switch _, err := os.Lstat(backup); {
	case err == nil && published:
		if err := replace(backup, path); err != nil {
			return err
		}
	case published:
		if err := removeIfThere(path); err != nil {
			return err
		}
	case err == nil && absent(path): // set aside where there are no hard links
		if err := replace(backup, path); err != nil {
			return err
		}
	}
	return Clear(draft)
}

// Clear removes what a reservation whose process ended has left beside its
// file, and leaves the file as it is.
func Clear(draft string) error {
	return errors.Join(removeIfThere(draft), removeIfThere(backupName(draft)))
}

func absent(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
