package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
)

// politeKeyring is the system's keyring for several who want something of it: it
// is asked for one secret at a time, so that no two prompts come up, and not
// again once it has shown that it gives none.
type politeKeyring struct {
	session.Keyring
	turn   sync.Mutex
	broken error
}

func (w *world) politeKeyring() (session.Keyring, error) {
	ring, err := w.keyring()
	if err != nil {
		return nil, err
	}
	return &politeKeyring{Keyring: ring}, nil
}

// Get is the entry of a token.
func (k *politeKeyring) Get(ctx context.Context, id string) (keyring.Entry, error) {
	k.turn.Lock()
	defer k.turn.Unlock()
	if k.broken != nil {
		return keyring.Entry{}, k.broken
	}
	entry, err := k.Keyring.Get(ctx, id)
	if err != nil && ctx.Err() == nil && !errors.Is(err, keyring.ErrAbsent) && !errors.Is(err, keyring.ErrForeign) {
		k.broken = err
	}
	return entry, err
}
