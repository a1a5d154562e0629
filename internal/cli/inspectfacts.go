package cli

import (
	"context"
	"slices"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// show gathers what is known of the token and writes it.
func (i *inspection) show(ctx context.Context, lookout *lifecycle.Lookout, meant lifecycle.Meant) error {
	token, err := i.learn(ctx, lookout, meant)
	if err != nil {
		return err
	}
	i.record.describe(token, i.w.now())
	if i.pending[token.ID] {
		i.record.Status = string(datahub.Pending)
	}
	if i.client != nil {
		i.record.Server = i.client.Address().String()
		if err := i.noteUse(ctx, token); err != nil {
			return err
		}
	}
	i.record.Stored = i.isKept(token.ID)
	i.record.Places = i.places(ctx, token)
	i.namePeople(ctx)
	return i.record.write(i.w, i.out)
}

// learn is the token with what the server says of it, where it can be asked.
func (i *inspection) learn(ctx context.Context, lookout *lifecycle.Lookout, meant lifecycle.Meant) (datahub.Token, error) {
	if at := i.keptAt(meant.ID); at >= 0 {
		return i.learnKept(ctx, i.stored[at])
	}
	i.record.OnServer = present
	if meant.Known {
		if i.pending[meant.ID] {
			i.record.OnServer = presenceUnknown
		}
		return meant.Token, nil
	}
	if i.client == nil {
		return datahub.Token{}, i.why
	}
	token, presence, err := i.client.Find(ctx, meant.ID)
	if err != nil || presence == datahub.Present {
		return token, err
	}
	return i.seek(ctx, lookout, meant.ID, presence)
}

// seek looks for an id among all tokens in scope: some releases find none by its
// id, and one that was created just now is known here only.
func (i *inspection) seek(ctx context.Context, lookout *lifecycle.Lookout, id string, presence datahub.Presence) (datahub.Token, error) {
	tokens, err := lookout.List(ctx)
	if err != nil {
		return datahub.Token{}, err
	}
	at := slices.IndexFunc(tokens, func(t datahub.Token) bool { return t.ID == id })
	switch {
	case at >= 0 && i.pending[id]:
		i.record.OnServer = presenceUnknown
		return tokens[at], nil
	case at >= 0:
		return tokens[at], nil
	case presence == datahub.Absent:
		return datahub.Token{}, failure.New(failure.NotFound, "%s has no token %s that you may see", i.client.Address(), id).
			WithHint("it may be revoked, or somebody else's; a new one may take seconds to appear")
	}
	return datahub.Token{}, failure.New(failure.NotFound, "no token %s is among those that were looked at", id).
		WithHint("this DataHub does not find tokens by their id: say with --all, --owner or --actor where to look")
}

// learnKept is a token whose secret is kept here. What the server does not tell
// is known from the keyring's index.
func (i *inspection) learnKept(ctx context.Context, kept keyring.Record) (datahub.Token, error) {
	i.record.Server = kept.Server
	if i.client == nil {
		i.w.notice("no server is asked about this token: %s", failure.Of(i.why).Message)
	}
	held, err := i.w.takeInventory(ctx, i.client, []keyring.Record{kept})
	if err != nil {
		return datahub.Token{}, err
	}
	i.record.State = &held[0].State
	i.record.OnServer = presenceOf(held[0])
	return held[0].Token, nil
}

// noteUse says whether the token is the credential in use, as far as that can be
// told: by the keyring's index, else as the only one with the credential's actor
// and end.
func (i *inspection) noteUse(ctx context.Context, token datahub.Token) error {
	recognised, err := i.w.recognised(i.stored)
	if err != nil {
		return err
	}
	claims, known := i.client.Claims()
	used := i.options.self || len(lifecycle.InUse([]datahub.Token{token}, recognised, claims, known)) > 0
	switch {
	case !used && !known && i.w.knownPair.Secret != "":
		return nil // the credential is none of a DataHub's tokens, as far as it says
	case used && recognised == "" && !i.options.self && !i.aloneFits(ctx, claims):
		return nil
	}
	i.record.InUse = &used
	return nil
}

// aloneFits reports whether only one of the tokens in scope can be the one that
// makes these claims.
func (i *inspection) aloneFits(ctx context.Context, claims datahub.Claims) bool {
	tokens, err := i.list(ctx)
	return err == nil && len(lifecycle.InUse(tokens, "", claims, true)) <= 1
}

func (i *inspection) isKept(id string) bool { return i.keptAt(id) >= 0 }

func (i *inspection) keptAt(id string) int {
	return slices.IndexFunc(i.stored, func(r keyring.Record) bool { return r.ID == id })
}

// namePeople asks what whom the token represents and who created it are called.
// What the server does not tell stays unknown.
func (i *inspection) namePeople(ctx context.Context) {
	r := &i.record
	r.ActorState, r.OwnerState = userUnknown, userUnknown
	if i.client == nil || r.OnServer == presenceUnknown && r.State != nil {
		return // the server was not asked, or did not answer
	}
	r.ActorName, r.ActorState = i.nameUser(ctx, r.Actor)
	if r.Owner != nil && *r.Owner == r.Actor {
		r.OwnerName, r.OwnerState = r.ActorName, r.ActorState
	} else if r.Owner != nil {
		r.OwnerName, r.OwnerState = i.nameUser(ctx, *r.Owner)
	}
}

func (i *inspection) nameUser(ctx context.Context, urn string) (*string, userState) {
	if urn == "" {
		return nil, userUnknown
	}
	user, err := i.client.LookUpUser(ctx, datahub.URN(urn))
	switch {
	case err != nil:
		return nil, userUnknown
	case !user.Exists:
		return nil, userRemoved
	case user.Suspended:
		return textOrNull(user.DisplayName), userSuspended
	}
	return textOrNull(user.DisplayName), userActive
}
