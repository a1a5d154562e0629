package delivery

import (
	"context"
	"errors"
	"slices"

	"github.com/datahub-pat/pat/internal/keyring"
)

// inKeyring keeps the secret in the system keyring.
type inKeyring struct {
	keyring *keyring.Keyring
	written string         // the id under which something may have been written
	before  *keyring.Entry // what was there; nil if nothing was
}

// Reserve writes, reads and removes an entry of another name.
func (d *inKeyring) Reserve(ctx context.Context) error { return d.keyring.Probe(ctx) }

// Deliver stores the secret under the token's id.
func (d *inKeyring) Deliver(ctx context.Context, t Token) error {
	before, err := d.present(ctx, t.ID)
	if err != nil {
		return err
	}
	err = d.keyring.Put(ctx, keyring.Entry(t))
	if !untouched(err) {
		d.written, d.before = t.ID, before
	}
	return err
}

// present is the entry that a token already has, or nil. The index says
// whether to look: asking the keyring costs time.
func (d *inKeyring) present(ctx context.Context, id string) (*keyring.Entry, error) {
	rows, err := d.keyring.Stored()
	if err != nil || !slices.ContainsFunc(rows, func(r keyring.Record) bool { return r.ID == id }) {
		return nil, err
	}
	entry, err := d.keyring.Get(ctx, id)
	switch {
	case errors.Is(err, keyring.ErrAbsent):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &entry, nil
}

// untouched says whether an error of Put means that it did not get as far as
// writing. Then there is nothing to undo, which would fail for the same reason.
func untouched(err error) bool {
	before := []error{
		keyring.ErrNoBus, keyring.ErrNoService, keyring.ErrNoCollection,
		keyring.ErrLocked, keyring.ErrDismissed, keyring.ErrTooBig,
	}
	return slices.ContainsFunc(before, func(reason error) bool { return errors.Is(err, reason) })
}

// Undo removes the entry, or puts the old one back.
func (d *inKeyring) Undo(ctx context.Context) error {
	if d.written == "" {
		return nil
	}
	if err := d.restore(ctx); err != nil {
		return err
	}
	d.forget()
	return nil
}

func (d *inKeyring) restore(ctx context.Context) error {
	if d.before != nil {
		return d.keyring.Put(ctx, *d.before)
	}
	return d.keyring.Delete(ctx, d.written)
}

// Settle forgets the old entry.
func (d *inKeyring) Settle(context.Context) error {
	d.forget()
	return nil
}

func (d *inKeyring) forget() { d.written, d.before = "", nil }

// String is keyring.
func (d *inKeyring) String() string { return kindKeyring }
