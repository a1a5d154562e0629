package datahubenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/yamledit"
)

// How long to wait for DataHub's client while it writes, and how often to look.
const (
	lockLimit = 5 * time.Second
	lockPoll  = 10 * time.Millisecond
)

// Reserved is a change to the file that can be made. It must be ended by
// [Reserved.Undo] or [Reserved.Settle].
type Reserved struct {
	path   string
	place  *atomicfile.Reserved
	filled bool // or may be
}

// Reserve makes sure that the server and the token in the file can be changed,
// without changing anything. A symbolic link is followed. Of kind Usage is what
// the file's own form forbids: a section by which DataHub's client would put
// another token into the place of ours, and what package yamledit does not edit.
// A file or folder that cannot be written is of kind Other.
func Reserve(path string) (*Reserved, error) {
	data, err := contents(path)
	if err != nil {
		return nil, err
	}
	if _, err := edited(data, "https://datahub.example.com/gms", "token"); err != nil {
		return nil, err
	}
	place, err := atomicfile.Reserve(path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	if err != nil {
		return nil, unwritable(err)
	}
	return &Reserved{path: path, place: place}, nil
}

// Fill changes the file as it is now, and keeps the old one aside. DataHub's
// client and pat take turns, by the lock file that DataHub's client has for it.
func (r *Reserved) Fill(ctx context.Context, server, token string) error {
	lock, err := r.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	data, err := contents(r.path)
	if err != nil {
		return err
	}
	data, err = edited(data, server, token)
	if err != nil {
		return err
	}
	r.filled = true
	if err := r.place.Fill(data); err != nil {
		return unwritable(err)
	}
	return nil
}

// Draft is the file in which the changed contents are prepared, see
// [atomicfile.Reserved.Draft].
func (r *Reserved) Draft() string { return r.place.Draft() }

// Undo puts the old file back, byte by byte and with its mode, or removes the
// new one if there was none. What somebody else has written since stays. It may
// be called at any point, and again.
func (r *Reserved) Undo(ctx context.Context) error {
	if r.filled {
		lock, err := r.lock(context.WithoutCancel(ctx))
		if err == nil { // without the lock it is still better to take the token away
			defer lock.Close()
		}
	}
	if err := r.place.Undo(); err != nil {
		return unwritable(err)
	}
	return nil
}

// Settle ends a change that is to stay: the old file is forgotten.
func (r *Reserved) Settle() error {
	if err := r.place.Settle(); err != nil {
		return unwritable(err)
	}
	return nil
}

// lock waits until nobody else is writing.
func (r *Reserved) lock(ctx context.Context) (*flock.Flock, error) {
	within, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	lock := flock.New(r.path+".lock", flock.SetPermissions(0o600))
	switch _, err := lock.TryLockContext(within, lockPoll); {
	case ctx.Err() != nil:
		return nil, errors.Join(failure.Ended(ctx.Err(), "before "+Shown+" was written"), lock.Close())
	case errors.Is(err, context.DeadlineExceeded):
		return nil, errors.Join(unwritable(fmt.Errorf("another process holds %s.lock for longer than %s", Shown, lockLimit)), lock.Close())
	case err != nil:
		return nil, errors.Join(unwritable(err), lock.Close())
	}
	return lock, nil
}

// contents is what the file holds, nothing if it does not exist.
func contents(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, unwritable(err)
	case !info.Mode().IsRegular():
		return nil, unwritable(atomicfile.ErrNotRegular)
	}
	return readAll(path)
}

// edited is the file with another server and token.
func edited(data []byte, server, token string) ([]byte, error) {
	top, gms, err := sections(data)
	switch {
	case err != nil:
		return nil, err
	case top.has("oauth"):
		return nil, failure.New(failure.Usage, "%s has an oauth section: DataHub's own client would soon put another token into the place of this one", Shown).
			WithHint("remove the section first, or start anew with `datahub init`")
	case gms.has("auth"):
		return nil, failure.New(failure.Usage, "%s has a gms.auth section, beside which DataHub's own client takes no token", Shown).
			WithHint("remove the section first")
	}
	data, err = yamledit.Set(data, []string{"gms", "server"}, server)
	if err == nil {
		data, err = yamledit.Set(data, []string{"gms", "token"}, token)
	}
	if err != nil {
		told := *failure.Of(err)
		told.Message = Shown + ", " + told.Message + "; pat does not change it then"
		return nil, told.WithHint("change the file in an editor, or start anew with `datahub init`")
	}
	return data, nil
}

// unwritable is a file that cannot be changed.
func unwritable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	told := failure.New(failure.Other, "cannot write %s: %w", Shown, err)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return told.WithHint("the folder in which it is must be yours to write")
	case errors.Is(err, atomicfile.ErrMode):
		return told.WithHint("its file system would let others read the token")
	}
	return told
}
