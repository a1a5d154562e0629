package cli

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// withoutToken is what is left to do where the server does not look at tokens:
// a profile that acts as the user without any. No token is issued or kept, for
// it would be worth nothing.
func (l *login) withoutToken(ctx context.Context, actor datahub.URN) error {
	name, server := l.target.name, l.target.server()
	if !l.w.Interactive() {
		return failure.New(failure.Usage, "%s", tokensUnchecked).
			WithHint("to act as %s there, without a token: pat profile add %s %s --as %s", actor.Username(), name, server, shellWord(actor.Username()))
	}
	l.w.notice("%s", tokensUnchecked)
	yes, err := l.w.Confirm(ctx, fmt.Sprintf("Shall the profile %s act as %s there, without a token?", name, actor.Username()))
	if err != nil {
		return err
	}
	if !yes {
		return failure.New(failure.Declined, "no token was kept: it would be worth nothing")
	}
	if err := l.proveAs(ctx, actor); err != nil {
		return err
	}
	l.kept.place = ""
	return l.keepAs(ctx, actor)
}

// proveAs asks the server who somebody is that acts as the user.
func (l *login) proveAs(ctx context.Context, actor datahub.URN) error {
	way := l.target.way
	way.As = string(actor)
	client, err := datahub.Connect(l.target.server(), way, l.clientOptions())
	if err != nil {
		return err
	}
	l.proven.client = client
	l.proven.identity, err = client.WhoAmI(ctx)
	if failure.KindOf(err) == failure.Unauthenticated {
		told := *failure.Of(err)
		return told.WithHint("without a token one gets through at GMS only, not at the web interface: sign in with the address of GMS")
	}
	return err
}

// keepAs writes the profile.
func (l *login) keepAs(ctx context.Context, actor datahub.URN) error {
	store, err := l.w.store()
	if err != nil {
		return err
	}
	err = store.Update(ctx, l.target.name, func(p *config.Profile) error {
		p.As, p.Token, p.TokenFile, p.TokenCommand = actor.Username(), "", "", nil
		p.Actor, p.Ends, p.Issued = "", config.End{}, false
		return l.recordServer(p)
	})
	if err != nil {
		return err
	}
	return store.SetCurrent(ctx, l.target.name)
}
