package keyring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
)

// indexName is the index in the state folder. Beside it is a lock file.
const indexName = "keyring.json"

// lockPoll is how often a lock that somebody else holds is tried.
const lockPoll = 10 * time.Millisecond

// index is the file that lists the entries. Readers need no lock, because it
// is replaced as a whole; writers take turns.
type index struct {
	folder string
	limit  time.Duration // for the lock
}

func (x index) path() string { return filepath.Join(x.folder, indexName) }

// records are the rows, oldest first.
func (x index) records() ([]Record, error) {
	l, err := x.read()
	if err != nil {
		return nil, err
	}
	return l.records(), nil
}

// find is the first row that matches, and whether there is one.
func (x index) find(match func(Record) bool) (Record, bool, error) {
	rows, err := x.records()
	for _, r := range rows {
		if match(r) {
			return r, true, nil
		}
	}
	return Record{}, false, err
}

// put adds a row, or replaces the one with the same ID.
func (x index) put(ctx context.Context, r Record) error {
	return x.update(ctx, func(l *listing) (bool, error) { return true, l.put(r) })
}

// remove takes out a row; the file is left alone if it has none.
func (x index) remove(ctx context.Context, id string) error {
	return x.update(ctx, func(l *listing) (bool, error) { return l.remove(id), nil })
}

// probe says whether the index could be written, without changing it.
func (x index) probe(ctx context.Context) error {
	return x.locked(ctx, func() error {
		if _, err := x.read(); err != nil {
			return err
		}
		place, err := atomicfile.Reserve(x.path(), atomicfile.Options{Mode: 0o600, Overwrite: true})
		if err != nil {
			return x.unusable(err)
		}
		return place.Undo()
	})
}

// update changes the index while nobody else does, if change says so.
func (x index) update(ctx context.Context, change func(*listing) (bool, error)) error {
	return x.locked(ctx, func() error {
		l, err := x.read()
		if err != nil {
			return err
		}
		changed, err := change(l)
		if err != nil {
			return x.unusable(err)
		}
		if !changed {
			return nil
		}
		return x.write(l)
	})
}

// locked does work while it holds the lock. The folder is made if need be.
func (x index) locked(ctx context.Context, work func() error) error {
	if x.folder == "" {
		return x.unusable(errors.New("it is not known where state is kept on this machine"))
	}
	if err := os.MkdirAll(x.folder, 0o700); err != nil {
		return x.unusable(err)
	}
	if err := x.own(); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, x.limit)
	defer cancel()
	lock := flock.New(x.path()+".lock", flock.SetPermissions(0o600))
	switch _, err := lock.TryLockContext(within, lockPoll); {
	case ctx.Err() != nil:
		return errors.Join(interrupted(ctx), lock.Close())
	case errors.Is(err, context.DeadlineExceeded):
		return x.unusable(fmt.Errorf("another process holds %s for longer than %s", lock.Path(), x.limit))
	case err != nil:
		return x.unusable(err)
	}
	return errors.Join(work(), lock.Close())
}

// own refuses an index that others could have written: it says which entries of
// the keyring are removed, and which token is meant by a name.
func (x index) own() error {
	if err := rights.OnlyOwnerWrites(x.path()); err != nil {
		return x.unusable(err)
	}
	return nil
}

// read is the index as it is; a missing file is an empty one.
func (x index) read() (*listing, error) {
	if err := x.own(); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(x.path())
	if errors.Is(err, fs.ErrNotExist) {
		return &listing{}, nil
	}
	if err != nil {
		return nil, x.unusable(err)
	}
	var l listing
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, x.damaged(err)
	}
	return &l, nil
}

func (x index) write(l *listing) error {
	data, err := json.MarshalIndent(l, "", "  ")
	if err == nil {
		err = atomicfile.Write(x.path(), append(data, '\n'), 0o600)
	}
	if err != nil {
		return x.unusable(err)
	}
	return nil
}

// unusable is a failure to read or write the index.
func (x index) unusable(cause error) error {
	hint := failure.Of(cause).Hint
	if hint == "" {
		hint = "make " + filepath.Dir(x.path()) + " a folder that you can write to, or set XDG_STATE_HOME to one"
	}
	f := because(ErrIndex, hint)
	f.Message += ": " + cause.Error()
	f.Err = errors.Join(ErrIndex, cause)
	return f
}

// damaged is an index that is there and makes no sense. It is never replaced.
func (x index) damaged(cause error) error {
	f := because(ErrIndex, "repair "+x.path()+" or move it away; the secrets themselves are in the system keyring")
	f.Message = fmt.Sprintf("%s: %s: %v", ErrIndex, x.path(), cause)
	f.Err = errors.Join(ErrIndex, cause)
	return f
}
