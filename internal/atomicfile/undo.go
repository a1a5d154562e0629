package atomicfile

import (
	"errors"
	"io/fs"
	"os"
)

// Undo takes back what was done so far: the reservation, or the file that Fill
// wrote; old contents are put back. A file that somebody else has put there
// since stays. It may be called at any point and again; after [Reserved.Settle]
// it does nothing.
func (r *Reserved) Undo() error {
	return errors.Join(r.withdraw(), r.discardDraft())
}

// Settle ends a reservation that is to stay as it is: the old contents are
// forgotten. A reservation that was not filled is given up.
func (r *Reserved) Settle() error {
	r.published = nil
	return errors.Join(r.discardDraft(), r.dropBackup())
}

func (r *Reserved) discardDraft() error {
	if r.draft == nil {
		return nil
	}
	if err := r.draft.discard(); err != nil {
		return err
	}
	r.draft = nil
	return nil
}

// withdraw puts target back into the state it had before Fill.
func (r *Reserved) withdraw() error {
	if r.published == nil && r.backup == "" {
		return nil
	}
	now, err := os.Lstat(r.target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := r.restore(now); err != nil {
		return err
	}
	r.published, r.backup = nil, ""
	return syncFolder(r.target)
}

// restore does the work of withdraw; now is what lies at target, or nil.
func (r *Reserved) restore(now fs.FileInfo) error {
	ours := now != nil && r.published != nil && os.SameFile(now, r.published)
	switch {
	case r.backup != "" && (now == nil || ours):
		return replace(r.backup, r.target)
	case ours:
		return os.Remove(r.target)
	}
	return r.dropBackup() // target is the old file itself, or somebody else's
}

func (r *Reserved) dropBackup() error {
	if r.backup == "" {
		return nil
	}
	if err := os.Remove(r.backup); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.backup = ""
	return nil
}
