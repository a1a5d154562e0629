package cli

import (
	"context"
	"errors"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/signin"
)

// withPaste takes a token that the user makes on the web interface.
func (l *login) withPaste(ctx context.Context) error {
	if l.options.duration != "" {
		return failure.New(failure.Usage, "--duration is for a token that pat issues: choose how long this one lasts on the web interface")
	}
	page, err := l.tokensPage()
	if err != nil {
		return err
	}
	l.w.Say("Make a token %s, and copy it.", sanitize.Message(page))
	text, err := l.w.AskSecret(ctx, "Paste the token here (it is not shown):")
	if err != nil {
		return err
	}
	secret, err := session.CleanSecret("what was pasted", text)
	if err != nil {
		return err
	}
	return l.keep(ctx, secret)
}

// tokensPage is where people make tokens, as far as that can be known.
func (l *login) tokensPage() (string, error) {
	place, err := l.locate()
	switch {
	case errors.Is(err, signin.ErrUnknown):
		return "on DataHub's web interface, under Settings > Access Tokens", nil
	case err != nil:
		return "", err
	case place.Trust == signin.Elsewhere:
		return "at " + place.Address.TokensPage() + " (" + place.Source + ")", nil
	}
	return "at " + place.Address.TokensPage(), nil
}

// withTokenFile takes a token from a file, or from stdin.
func (l *login) withTokenFile(ctx context.Context, file string) error {
	home, _ := l.w.home()
	secret, notices, err := session.ReadTokenFile(session.AtHome(home, file), l.w.readStdin)
	if err != nil {
		return err
	}
	l.w.tell(notices)
	return l.keep(ctx, secret)
}

// keep keeps a token that exists already, once it is seen to work.
func (l *login) keep(ctx context.Context, secret string) error {
	place, err := l.locate()
	switch {
	case err != nil && !errors.Is(err, signin.ErrUnknown):
		return err
	case err == nil && place.Trust == signin.Named:
		l.kept.frontend = place.Address
	}
	if err := l.prove(ctx, secret); err != nil {
		return err
	}
	if !l.proven.checked() {
		return l.withoutToken(ctx, l.proven.user())
	}
	token := l.proven.facts(ctx)
	if claims, known := l.proven.client.Claims(); known {
		l.kept.ends = config.EndOf(claims.ExpiresAt)
		token.ExpiresAt = claims.ExpiresAt
	}
	l.kept.asker = l.proven.client
	l.proven.token, l.kept.issued = token, l.old.again(secret) && l.old.profile.Issued
	name := token.Name
	if name == "" {
		name = l.target.name
	}
	return lifecycle.Keep(ctx, l.kept.destinations, delivery.Token{
		Server: l.target.server().String(), ID: keyOf(token, secret), Name: name,
		Actor: string(l.proven.identity.Actor), Owner: string(token.Owner),
		CreatedAt: token.CreatedAt, ExpiresAt: token.ExpiresAt, Secret: secret,
	}, func(text string) { l.w.notice("%s", text) })
}

// keyOf is under what the keyring has a token: its id, or where nobody tells
// that, a sum of its secret.
func keyOf(t datahub.Token, secret string) string {
	if t.ID != "" {
		return t.ID
	}
	return config.SecretPrefix + sumOf(secret)
}

// proof is what the server said to a new credential.
type proof struct {
	client   *datahub.Client
	secret   string
	identity datahub.Identity
	token    datahub.Token // as far as it is known which one it is
}

// prove asks the server who the new credential is.
func (l *login) prove(ctx context.Context, secret string) error {
	way := l.target.way
	way.Secret = secret
	client, err := datahub.Connect(l.target.server(), way, l.clientOptions())
	if err != nil {
		return err
	}
	l.proven.client, l.proven.secret = client, secret
	l.proven.identity, err = client.WhoAmI(ctx)
	return err
}

// checked reports whether the server looks at tokens at all.
func (p *proof) checked() bool { return p.identity.TokensChecked && !p.identity.ClaimedAnother }

// user is who the credential says it is, else whom the server sees.
func (p *proof) user() datahub.URN {
	if p.identity.CredentialsActor != "" {
		return p.identity.CredentialsActor
	}
	return p.identity.Actor
}

// facts finds out which token it is, by its user and its end, among those that
// the user created. Nothing needs them; they let the token be called by name.
func (p *proof) facts(ctx context.Context) datahub.Token {
	claims, known := p.client.Claims()
	tokens, err := p.client.List(ctx, datahub.Scope{Owners: []datahub.URN{p.identity.Actor}})
	found := lifecycle.InUse(tokens, "", claims, known)
	if err == nil && len(found) == 1 {
		for _, token := range tokens {
			if token.ID == found[0] {
				return token
			}
		}
	}
	return datahub.Token{Actor: p.identity.Actor}
}
