package cli

import (
	"cmp"
	"context"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// runSelf tells about the token in use.
func (i *inspection) runSelf(ctx context.Context) (err error) {
	if i.client, err = i.w.client(ctx); err != nil {
		return err
	}
	if i.stored, err = i.w.storedHere(i.client.Address()); err != nil {
		return err
	}
	lookout := &lifecycle.Lookout{Stored: i.stored, List: i.list}
	meant, err := i.w.findSelf(ctx, lookout, i.client)
	if err == nil {
		return i.show(ctx, lookout, meant)
	}
	claims, known := i.client.Claims()
	if !known || claims.Type == "SESSION" || !saysNotWhich(err) {
		return err
	}
	return i.showUnlisted(ctx, rawToken{i.w.knownPair.Secret, claims}, err)
}

// saysNotWhich reports whether a failure leaves the token in use as good as it
// was: it is not listed, or not the only one, or the list or the token is refused.
func saysNotWhich(err error) bool {
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Ambiguous, failure.Forbidden, failure.Unauthenticated:
		return true
	}
	return false
}

// showUnlisted tells what there is to know of the token in use where it was not
// found in the list, and why not: what it says of itself, what the server makes
// of it, and which it may be.
func (i *inspection) showUnlisted(ctx context.Context, raw rawToken, why error) error {
	i.decode(raw)
	inUse := true
	i.record.InUse, i.record.Server = &inUse, i.client.Address().String()
	leak := &lifecycle.Leak{
		Secret: raw.secret, Claims: raw.claims, Leaked: i.client, Ended: i.record.Status == string(datahub.Expired),
	}
	refused, err := i.askWho(ctx, leak)
	if err != nil {
		return err
	}
	if refused == nil {
		if err := i.findUnlisted(ctx, leak); err != nil {
			return err
		}
	}
	i.record.Places = i.places(ctx, datahub.Token{ID: textOrEmpty(i.record.ID), Actor: raw.claims.Actor, ExpiresAt: raw.claims.ExpiresAt})
	if i.out.Format == render.ID && i.record.ID == nil {
		return why
	}
	if err := i.record.write(i.w, i.out); err != nil || refused != nil {
		return cmp.Or(err, refused)
	}
	if i.record.ID == nil {
		i.w.notice("which token of the server it is, is not known: %v", why)
	}
	return nil
}

// findUnlisted asks the server which token it is, as far as it tells its bearer.
func (i *inspection) findUnlisted(ctx context.Context, leak *lifecycle.Leak) error {
	tokens, err := leak.Find(ctx)
	if err != nil {
		return err
	}
	i.noteFound(leak, tokens)
	if i.record.ID != nil {
		i.namePeople(ctx)
	}
	return nil
}
