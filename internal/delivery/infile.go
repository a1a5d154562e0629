package delivery

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/failure"
)

// inFile writes the secret and a newline to a file.
type inFile struct {
	path      string
	mode      os.FileMode
	overwrite bool
	place     *atomicfile.Reserved // nil before Reserve
}

// Reserve makes sure that the file can be made, and that none is there unless
// it may be replaced.
func (d *inFile) Reserve(ctx context.Context) error {
	if ctx.Err() != nil {
		return d.interrupted(ctx)
	}
	place, err := atomicfile.Reserve(d.path, atomicfile.Options{Mode: d.mode, Overwrite: d.overwrite})
	if err != nil {
		return d.explain(err)
	}
	d.place = place
	return nil
}

// Deliver writes the file.
func (d *inFile) Deliver(ctx context.Context, t Token) error {
	if ctx.Err() != nil {
		return d.interrupted(ctx)
	}
	if d.place == nil {
		return failure.New(failure.Undelivered, "%s was not reserved", d.path)
	}
	return d.explain(d.place.Fill([]byte(t.Secret + "\n")))
}

// Undo removes the file, or puts the old one back.
func (d *inFile) Undo(context.Context) error {
	if d.place == nil {
		return nil
	}
	if err := d.place.Undo(); err != nil {
		return failure.New(failure.Undelivered, "%s could not be put back as it was: %w", d.path, err).
			WithHint("look at it: it may hold the secret of a token that was given up")
	}
	return nil
}

// Settle removes what the file held before.
func (d *inFile) Settle(context.Context) error {
	if d.place == nil {
		return nil
	}
	if err := d.place.Settle(); err != nil {
		return failure.New(failure.Undelivered, "the old contents of %s could not be removed: %w", d.path, err)
	}
	return nil
}

// String is file: and the path, without its mode.
func (d *inFile) String() string { return kindFile + ":" + d.path }

func (d *inFile) interrupted(ctx context.Context) error {
	return failure.Ended(ctx.Err(), "before "+d.path+" was written")
}

// explain says why a file cannot be written, and what to do; nil for nil.
func (d *inFile) explain(err error) error {
	undelivered := func(message, hint string) error {
		return &failure.Error{Kind: failure.Undelivered, Message: message, Hint: hint, Err: err}
	}
	folder := filepath.Dir(d.path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return undelivered(d.path+" exists already", "choose another name, or replace it with --overwrite")
	case errors.Is(err, atomicfile.ErrNotRegular):
		return undelivered(d.path+" is not a regular file", d.instead())
	case errors.Is(err, atomicfile.ErrPlanted):
		return undelivered(d.path+" leads through a symbolic link that another user put there", "choose a folder of your own")
	case errors.Is(err, atomicfile.ErrMode):
		return undelivered("the file system of "+folder+" lets others read the file", "choose another folder")
	case errors.Is(err, fs.ErrNotExist):
		return undelivered("the folder "+folder+" does not exist", "make it first")
	case errors.Is(err, fs.ErrPermission):
		return undelivered("the folder "+folder+" cannot be written", "choose another folder")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return undelivered("there is no space left for "+d.path, "make room, or choose another folder")
	}
	return undelivered("cannot write "+d.path+": "+err.Error(), "")
}

// instead is what to write in place of a path that is no file.
func (d *inFile) instead() string {
	if info, err := os.Stat(d.path); err == nil && info.IsDir() {
		return "it is a folder: name a file in it"
	}
	return "to write to a terminal or a pipe use --to stdout"
}
