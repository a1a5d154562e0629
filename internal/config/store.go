package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
	"github.com/datahub-pat/pat/internal/yamledit"
	"github.com/gofrs/flock"
)

// How long to wait for another process that is writing, and how often to look.
const (
	lockLimit = 5 * time.Second
	lockPoll  = 10 * time.Millisecond
)

// Store changes the configuration. A change rewrites only the lines it must, and
// is there as a whole or not at all; processes take turns by a lock file beside
// the file. The file and its folder are made when they are first needed.
//
// What the file does not allow to be changed is of kind Usage; a file that
// cannot be written is of kind Other.
type Store struct {
	Path string
}

// Update changes a profile, or makes one of that name: change gets it as it is,
// the zero one if it is new. Afterwards it must pass [Profile.Check].
func (s Store) Update(ctx context.Context, name string, change func(*Profile) error) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return s.edit(ctx, s.updating(name, change))
}

// Rehearse says whether [Store.Update] would work with this change: the file
// allows it, and could be written. It changes nothing.
func (s Store) Rehearse(ctx context.Context, name string, change func(*Profile) error) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return s.edit(ctx, func(f *File, doc []byte) ([]byte, error) {
		if _, err := s.updating(name, change)(f, doc); err != nil {
			return nil, err
		}
		place, err := atomicfile.Reserve(s.Path, atomicfile.Options{Mode: 0o600, Overwrite: true})
		if err == nil {
			err = place.Undo()
		}
		if err != nil {
			return nil, s.unwritable(err)
		}
		return doc, nil
	})
}

// updating is the file with a profile changed.
func (s Store) updating(name string, change func(*Profile) error) func(*File, []byte) ([]byte, error) {
	return func(f *File, doc []byte) ([]byte, error) {
		old := f.profiles[name]
		profile := old.clone()
		if err := change(&profile); err != nil {
			return nil, err
		}
		if err := profile.Check(); err != nil {
			told := *failure.Of(err)
			told.Message = "profile " + name + ": " + told.Message
			return nil, &told
		}
		return s.rewritten(doc, name, old, profile)
	}
}

// Put makes a profile of that name say exactly this.
func (s Store) Put(ctx context.Context, name string, profile Profile) error {
	return s.Update(ctx, name, func(p *Profile) error {
		*p = profile.clone()
		return nil
	})
}

// SetCurrent makes a profile the one that is used where nothing else is said.
// If there is none of that name, the failure is of kind NotFound.
func (s Store) SetCurrent(ctx context.Context, name string) error {
	return s.edit(ctx, func(f *File, doc []byte) ([]byte, error) {
		if !f.Has(name) {
			return nil, f.unknown(name)
		}
		return s.told(yamledit.Set(doc, []string{currentKey}, name))
	})
}

// Rename gives a profile another name; where it was the current one it still is.
// The failure is of kind NotFound if there is no such profile, of kind Exists if
// there is one of the new name.
func (s Store) Rename(ctx context.Context, name, newName string) error {
	if err := CheckName(newName); err != nil {
		return err
	}
	return s.edit(ctx, func(f *File, doc []byte) ([]byte, error) {
		switch {
		case !f.Has(name):
			return nil, f.unknown(name)
		case name != newName && f.Has(newName):
			return nil, failure.New(failure.Exists, "there is a profile %s already", newName)
		}
		doc, err := yamledit.Rename(doc, []string{profilesKey, name}, newName)
		if err == nil && f.Current == name {
			doc, err = yamledit.Set(doc, []string{currentKey}, newName)
		}
		return s.told(doc, err)
	})
}

// Remove removes a profile; where it was the current one there is none any
// more. If there is no such profile, the failure is of kind NotFound.
func (s Store) Remove(ctx context.Context, name string) error {
	return s.edit(ctx, func(f *File, doc []byte) ([]byte, error) {
		if !f.Has(name) {
			return nil, f.unknown(name)
		}
		doc, err := yamledit.Delete(doc, []string{profilesKey, name})
		if err == nil && f.Current == name {
			doc, err = yamledit.Delete(doc, []string{currentKey})
		}
		return s.told(doc, err)
	})
}

// edit changes the file while nobody else does.
func (s Store) edit(ctx context.Context, change func(*File, []byte) ([]byte, error)) error {
	return s.locked(ctx, func() error {
		doc, err := read(s.Path)
		if err != nil {
			return err
		}
		file, err := parse(s.Path, doc)
		if err != nil {
			return err
		}
		edited, err := change(file, doc)
		if err != nil || bytes.Equal(doc, edited) {
			return err
		}
		if err := atomicfile.Write(s.Path, edited, 0o600); err != nil {
			return s.unwritable(err)
		}
		return nil
	})
}

// locked does work while it holds the lock. The folder is made if need be, and
// must be the user's own.
func (s Store) locked(ctx context.Context, work func() error) error {
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o700); err != nil {
		return s.unwritable(err)
	}
	if err := rights.OnlyOwnerWrites(s.Path); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	lock := flock.New(s.Path+".lock", flock.SetPermissions(0o600))
	switch _, err := lock.TryLockContext(within, lockPoll); {
	case ctx.Err() != nil:
		return errors.Join(failure.New(failure.Interrupted, "interrupted before %s was written: %w", s.Path, ctx.Err()), lock.Close())
	case errors.Is(err, context.DeadlineExceeded):
		return s.unwritable(fmt.Errorf("another process holds %s for longer than %s", lock.Path(), lockLimit))
	case err != nil:
		return s.unwritable(err)
	}
	err := work()
	if closing := lock.Close(); err == nil && closing != nil {
		return s.unwritable(closing)
	}
	return err
}

func (s Store) unwritable(err error) error {
	return failure.New(failure.Other, "%s cannot be written: %w", s.Path, err)
}

// told adds to a failed edit in which file it failed.
func (s Store) told(doc []byte, err error) ([]byte, error) {
	if err == nil {
		return doc, nil
	}
	told := *failure.Of(err)
	told.Message = s.Path + ", " + told.Message
	if told.Hint == "" {
		told.Hint = "change it in an editor"
	}
	return nil, &told
}
