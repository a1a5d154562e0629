package cli

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/session"
)

// reach is where a word for a stored token is looked up.
type reach struct {
	stored []keyring.Record
	where  string // for people, with a blank before it
}

// knows says whether word means any of the tokens.
func (r reach) knows(word string) bool {
	lookout := lifecycle.Lookout{Stored: r.stored}
	_, err := lookout.FindStored(word)
	return failure.KindOf(err) != failure.NotFound
}

// inReach are the tokens kept for the server in use; where none is configured,
// those of all servers.
func (w *world) inReach(ctx context.Context) (reach, error) {
	pair, err := w.pair(ctx)
	if err == nil {
		stored, err := w.storedHere(pair.Server)
		return reach{stored, " for this server"}, err
	}
	if w.global.server != "" {
		return reach{}, err
	}
	return w.everywhere()
}

// everywhere are the tokens kept for all servers.
func (w *world) everywhere() (reach, error) {
	ring, err := w.keyring()
	if err != nil {
		return reach{}, err
	}
	stored, err := ring.Stored()
	return reach{stored, ""}, err
}

// keptEntry is the one token in reach that word means, with its secret.
func (w *world) keptEntry(ctx context.Context, word string, r reach) (keyring.Entry, error) {
	lookout := lifecycle.Lookout{Stored: r.stored}
	meant, err := lookout.FindStored(word)
	if failure.KindOf(err) == failure.NotFound {
		return keyring.Entry{}, failure.New(failure.NotFound, "no token called %q is kept on this machine%s", word, r.where).
			WithHint("the keyring has only what pat put there; a token's secret is told once, so make a new one: pat create %s", shellWord(word))
	}
	if err != nil {
		return keyring.Entry{}, err
	}
	ring, err := w.keyring()
	if err != nil {
		return keyring.Entry{}, err
	}
	entry, err := ring.Get(ctx, meant.ID)
	if err == nil && !entry.ExpiresAt.IsZero() && !entry.ExpiresAt.After(w.now()) {
		w.notice("this token has expired: %s", endInWords(entry.ExpiresAt, w.now()))
	}
	return entry, err
}

// keptAnywhere is keptEntry for the server in use and, where that has no such
// token and the command line does not name it, for all servers.
func (w *world) keptAnywhere(ctx context.Context, word string) (keyring.Entry, error) {
	near, err := w.inReach(ctx)
	if err != nil {
		return keyring.Entry{}, err
	}
	if w.global.server != "" || w.knownPair == nil || near.knows(word) {
		return w.keptEntry(ctx, word, near)
	}
	far, err := w.everywhere()
	if err != nil {
		return keyring.Entry{}, err
	}
	entry, err := w.keptEntry(ctx, word, far)
	if err == nil {
		w.notice("%s is a token of %s, not of %s", shellWord(word), entry.Server, w.knownPair.Server)
	}
	return entry, err
}

// keptPair is the pair of a token kept in the keyring, with its own server.
func (w *world) keptPair(ctx context.Context, word string) (session.Pair, error) {
	if w.global.tokenFile != "" || w.global.as != "" {
		return session.Pair{}, failure.New(failure.Usage, "a name, which is of a token in the keyring, and --token-file or --as exclude each other")
	}
	entry, err := w.keptAnywhere(ctx, word)
	if err != nil {
		return session.Pair{}, err
	}
	server, err := datahub.ParseAddress(entry.Server)
	if err != nil {
		return session.Pair{}, failure.New(failure.Other, "the keyring's entry for %q names no server: %w", word, err).
			WithHint("create the token anew")
	}
	var inUse session.Pair
	if w.knownPair != nil {
		inUse = *w.knownPair
	}
	pair, err := session.Kept(w.sources(), inUse, server, entry.Secret)
	w.tell(pair.Notices)
	return pair, err
}
