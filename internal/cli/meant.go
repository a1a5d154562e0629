package cli

import (
	"context"
	"slices"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/term"
)

// findSelf finds the token in use: by the keyring's index, else as the only
// one with the credential's actor and end.
func (w *world) findSelf(ctx context.Context, lookout *lifecycle.Lookout, client *datahub.Client) (lifecycle.Meant, error) {
	recognised, err := w.recognised(lookout.Stored)
	if err != nil {
		return lifecycle.Meant{}, err
	}
	if recognised != "" {
		return lookout.Find(ctx, recognised)
	}
	claims, known := client.Claims()
	if !known || claims.Type == "SESSION" {
		return lifecycle.Meant{}, failure.New(failure.NotFound, "what pat uses here is not an access token of its own").
			WithHint("`pat whoami` says where it comes from")
	}
	tokens, err := lookout.List(ctx)
	if err != nil {
		return lifecycle.Meant{}, err
	}
	found := lifecycle.InUse(tokens, "", claims, known)
	if len(found) != 1 {
		return lifecycle.Meant{}, selfUnclear(found)
	}
	at := slices.IndexFunc(tokens, func(t datahub.Token) bool { return t.ID == found[0] })
	return lifecycle.Meant{Token: tokens[at], Known: true}, nil
}

func selfUnclear(found []string) error {
	if len(found) == 0 {
		return failure.New(failure.NotFound, "the token in use is not among those you created: somebody else may have made it for you").
			WithHint("whoever created it can manage it, or a manager of all tokens with --all --self")
	}
	return failure.New(failure.Ambiguous, "%d of your tokens could be the one in use: they end alike", len(found)).
		WithHint("name it by its id")
}

// recognised is the id of the credential in use, where the keyring's index
// knows it by its secret.
func (w *world) recognised(stored []keyring.Record) (string, error) {
	if w.knownPair == nil {
		return "", nil
	}
	return w.recognisedAs(w.knownPair.Secret, stored)
}

// recognisedAs is the id of the token with that secret, where the keyring's index
// knows it.
func (w *world) recognisedAs(secret string, stored []keyring.Record) (string, error) {
	if len(stored) == 0 || secret == "" {
		return "", nil
	}
	record, found, err := w.knownKeyring.RecordOf(secret)
	if err != nil || !found {
		return "", err
	}
	if _, isID := datahub.ParseTokenID(record.ID); !isID {
		return "", nil
	}
	return record.ID, nil
}

// showMeant lists on stderr the tokens that something is about to happen to.
func (w *world) showMeant(meant []lifecycle.Meant) error {
	records := make([]tokenRecord, len(meant))
	for i, m := range meant {
		records[i] = recordOf(m.Token, m.Stored, w.now())
		if !m.Known {
			records[i].Status = "unknown"
		}
	}
	shortenIDs(records)
	out := w.beside()
	return tokenView(records, "", out, w.now()).Write(w.Stderr(), out, records)
}

// beside is how people see what is shown on stderr, beside the result.
func (w *world) beside() render.Output {
	mode, err := term.ParseColourMode(w.global.colour)
	if err != nil {
		mode = term.ColourNever // refused already, where the result's format is asked for
	}
	return render.Output{Format: render.Table, Terminal: true, Width: w.Width(), Colour: w.Colour(mode, term.Stderr)}
}

// revoke revokes a token, which then is no longer one that is yet to appear.
func (w *world) revoke(ctx context.Context, client *datahub.Client, id string, known bool) (datahub.Revocation, error) {
	end, err := client.Revoke(ctx, id, known)
	if err == nil {
		w.forgetPending(id)
	}
	return end, err
}

// letGo says what became of a token that was replaced, and lets it go from the
// keyring with its right.
func (w *world) letGo(ctx context.Context, server datahub.Address, old datahub.Token, rotated lifecycle.Rotated) {
	if rotated.OldLeft != nil {
		w.notice("the old token %s still works: %v; revoke it: pat revoke %s", old.ID, rotated.OldLeft, shellWord(old.ID))
		return
	}
	w.forgetPending(old.ID)
	w.notice("the old token %s is revoked", old.ID)
	stored, err := w.storedHere(server)
	if err != nil {
		w.notice("%v", err)
	} else if idsOf(stored)[old.ID] {
		w.dropOld(ctx, old.ID)
	}
}

// dropOld lets a token that was replaced go from the keyring. One that is not
// kept there must not be asked for: there may be no keyring.
func (w *world) dropOld(ctx context.Context, id string) {
	if err := w.knownKeyring.Delete(context.WithoutCancel(ctx), id); err != nil {
		w.notice("the old token is revoked, but its entry is still in the keyring: %v", err)
	}
}
