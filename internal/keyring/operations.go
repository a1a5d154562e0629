package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// Probe says whether a secret could be stored: the keyring takes an entry of a
// random name, gives it back and removes it, and the index can be written.
// Nothing is left behind.
func (k *Keyring) Probe(ctx context.Context) error {
	if err := k.index.probe(ctx); err != nil {
		return err
	}
	return k.try(ctx)
}

// Test is [Keyring.Probe] for who only wants to know: the index is read and not
// written to, and no folder is made for it.
func (k *Keyring) Test(ctx context.Context) error {
	if _, err := k.index.records(); err != nil {
		return err
	}
	return k.try(ctx)
}

// try has the keyring take an entry of a random name, give it back and remove
// it.
func (k *Keyring) try(ctx context.Context) error {
	_, err := limited(ctx, k, func(ctx context.Context) (struct{}, error) {
		account, text := "probe-"+rand.Text(), rand.Text()
		if err := k.vault.Open(ctx, account); err != nil {
			return struct{}{}, err
		}
		err := k.write(account, text)
		return struct{}{}, errors.Join(err, k.erase(account))
	})
	return err
}

// Put stores an entry, or replaces the one with the same ID, and enters it in
// the index. What is stored was read back and compared. After an error the
// keyring is as before, unless the error says otherwise.
func (k *Keyring) Put(ctx context.Context, e Entry) error {
	text, err := seal(e)
	if err == nil {
		err = errors.Join(checkAccount(e.ID), fits(runtime.GOOS, e.ID, text))
	}
	if err != nil {
		return err
	}
	_, listed, err := k.index.find(func(r Record) bool { return r.ID == e.ID })
	if err != nil {
		return err
	}
	before, err := limited(ctx, k, func(ctx context.Context) (string, error) {
		return k.exchange(ctx, e.ID, text, listed)
	})
	if err != nil {
		return err
	}
	if err := k.index.put(ctx, e.record(time.Now())); err != nil {
		return k.takeBack(ctx, e.ID, before, err)
	}
	return nil
}

// exchange stores text under account and returns what was there; only if an
// entry is expected there does it look. If that fails, or comes too late, it
// puts back what was there.
func (k *Keyring) exchange(ctx context.Context, account, text string, expected bool) (before string, err error) {
	if err := k.vault.Open(ctx, account); err != nil {
		return "", err
	}
	if expected {
		if before, err = k.vault.Get(account); err != nil && !errors.Is(err, ErrAbsent) {
			return "", refused("to be read", err)
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err = k.write(account, text); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return "", errors.Join(err, k.putBack(account, before))
	}
	return before, nil
}

// takeBack undoes an exchange because of cause.
func (k *Keyring) takeBack(ctx context.Context, account, before string, cause error) error {
	_, err := limited(context.WithoutCancel(ctx), k, func(ctx context.Context) (struct{}, error) {
		if err := k.vault.Open(ctx, account); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, k.putBack(account, before)
	})
	if err != nil {
		f := *failure.Of(cause)
		f.Message += ", and the secret could not be removed from the system keyring again"
		f.Err = errors.Join(cause, err)
		return &f
	}
	return cause
}

// putBack makes before the value of account again; "" means no entry.
func (k *Keyring) putBack(account, before string) error {
	if before == "" {
		return k.erase(account)
	}
	return k.write(account, before)
}

// write stores and reads back.
func (k *Keyring) write(account, text string) error {
	if err := k.vault.Set(account, text); err != nil {
		return refused("to store the secret", err)
	}
	switch got, err := k.vault.Get(account); {
	case errors.Is(err, ErrAbsent):
		return notKept("the entry is not there")
	case err != nil:
		return refused("to give back the secret", err)
	case got != text:
		return notKept("it gave back something else")
	}
	return nil
}

// erase removes an entry, if it is there, and makes sure that it is gone.
func (k *Keyring) erase(account string) error {
	if err := k.vault.Remove(account); err != nil && !errors.Is(err, ErrAbsent) {
		return refused("to remove the secret", err)
	}
	switch _, err := k.vault.Get(account); {
	case err == nil:
		return notKept("a removed entry is still there")
	case !errors.Is(err, ErrAbsent):
		return refused("to say whether the secret is removed", err)
	}
	return nil
}

// Get is the entry of a token. If there is none, although the index may have
// it, the error is of kind failure.NotFound.
func (k *Keyring) Get(ctx context.Context, id string) (Entry, error) {
	if err := checkAccount(id); err != nil {
		return Entry{}, err
	}
	text, err := limited(ctx, k, func(ctx context.Context) (string, error) {
		if err := k.vault.Open(ctx, id); err != nil {
			return "", err
		}
		text, err := k.vault.Get(id)
		if err != nil && !errors.Is(err, ErrAbsent) {
			err = refused("to give the secret", err)
		}
		return text, err
	})
	if errors.Is(err, ErrAbsent) {
		return Entry{}, k.absent(id)
	}
	if err != nil {
		return Entry{}, err
	}
	return unseal(id, text)
}

// absent says that there is no entry, and whether there should be one.
func (k *Keyring) absent(id string) error {
	f := &failure.Error{Kind: failure.NotFound, Message: "the system keyring has no secret of token " + id, Err: ErrAbsent}
	if _, listed, err := k.index.find(func(r Record) bool { return r.ID == id }); err == nil && listed {
		f.Message += " any more: somebody else removed it"
	}
	return f
}

// Delete removes the entry of a token and its row in the index. One that is
// not there is fine.
func (k *Keyring) Delete(ctx context.Context, id string) error {
	if err := checkAccount(id); err != nil {
		return err
	}
	_, err := limited(ctx, k, func(ctx context.Context) (struct{}, error) {
		if err := k.vault.Open(ctx, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, k.erase(id)
	})
	if err != nil {
		return err
	}
	return k.index.remove(ctx, id)
}

// Stored is what the index has, oldest first. It does not ask the keyring: an
// entry may have been removed from it by somebody else.
func (k *Keyring) Stored() ([]Record, error) { return k.index.records() }

// RecordOf is the index row of a secret, found by its SHA-256, and whether
// there is one. It does not ask the keyring.
func (k *Keyring) RecordOf(secret string) (Record, bool, error) {
	sum := fingerprint(secret)
	return k.index.find(func(r Record) bool { return r.SecretSHA256 == sum })
}
