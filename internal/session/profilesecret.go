package session

import (
	"context"
	"errors"
	"time"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// profileSecret gets the token of a profile.
type profileSecret struct {
	Sources
	name    string
	profile config.Profile
}

// fromKeyring gets the token from the system keyring, unless it is known to have
// ended.
func (p profileSecret) fromKeyring(ctx context.Context, pair *Pair) error {
	if err := p.refuseEnded(p.profile.Ends); err != nil {
		return err
	}
	if p.Keyring == nil {
		return p.unavailable("there is no system keyring here")
	}
	ring, err := p.Keyring()
	if err != nil {
		return err
	}
	entry, err := ring.Get(ctx, p.profile.Token)
	if err != nil {
		return p.explain(err)
	}
	if server, err := datahub.ParseAddress(entry.Server); err != nil || !server.SameServer(pair.Server) {
		return failure.New(failure.Usage, "the token that profile %s names in the system keyring is for another server (%s) than the profile's (%s)", p.name, entry.Server, pair.Server).
			WithHint("get one for that server: pat login --profile %s", p.name)
	}
	pair.SecretIn = "keyring"
	return p.take(pair, "the system keyring (profile "+p.name+")", entry.Secret)
}

// fromFile reads the token from a file.
func (p profileSecret) fromFile(_ context.Context, pair *Pair) error {
	path := p.atHome(p.profile.TokenFile)
	source := "token_file " + path + " (profile " + p.name + ")"
	text, err := p.tokenText(pair, path)
	if err != nil {
		told := *failure.Of(within(source, err))
		return told.WithHint("put a token there, or get a new one: pat login --profile %s", p.name)
	}
	pair.SecretIn = "file:" + path
	return p.take(pair, source, text)
}

// fromCommand has a program print the token.
func (p profileSecret) fromCommand(ctx context.Context, pair *Pair) error {
	argv := append([]string{p.atHome(p.profile.TokenCommand[0])}, p.profile.TokenCommand[1:]...)
	source := "token_command of profile " + p.name
	if p.Silent {
		return p.unavailable("its program is not run where nobody may be asked")
	}
	limit := p.CommandLimit
	if limit <= 0 {
		limit = usualCommandLimit
	}
	text, err := printed(ctx, argv, limit)
	if err != nil {
		return within(source, err)
	}
	return p.take(pair, source, text)
}

// take makes text the pair's secret, unless it is none or has ended.
func (p profileSecret) take(pair *Pair, source, text string) error {
	secret, err := cleanSecret(source, text)
	if err != nil {
		return err
	}
	end := p.profile.Ends
	if claims, ok := datahub.ReadClaims(secret); ok {
		end = config.EndOf(claims.ExpiresAt)
	}
	if err := p.refuseEnded(end); err != nil {
		return err
	}
	pair.Secret, pair.SecretSource = secret, source
	return nil
}

// refuseEnded refuses a token that no server would take any more.
func (p profileSecret) refuseEnded(end config.End) error {
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	if !end.Passed(now()) {
		return nil
	}
	return failure.New(failure.Unauthenticated, "the token of profile %s expired on %s", p.name, end.At.Format("2006-01-02 at 15:04 UTC")).
		WithHint("%s", p.renew())
}

// renew is how to get another token for the profile.
func (p profileSecret) renew() string {
	again := "get a new one: pat login --profile " + p.name
	switch {
	case p.profile.TokenFile != "":
		return "put a new one into " + p.profile.TokenFile + ", or " + again
	case len(p.profile.TokenCommand) > 0:
		return "see to it that the program of token_command prints a new one, or " + again
	}
	return again
}

// unavailable is a token that may well be there and cannot be had.
func (p profileSecret) unavailable(why string) *failure.Error {
	return failure.New(failure.Undelivered, "the token of profile %s cannot be read: %s", p.name, why)
}

// explain is a failure of the keyring, with what to do for this profile. Only
// one that has no such entry means that nobody is signed in.
func (p profileSecret) explain(err error) error {
	if errors.Is(err, keyring.ErrAbsent) {
		told := failure.New(failure.Unauthenticated, "the system keyring has no token for profile %s any more", p.name).WithHint("%s", p.renew())
		told.Err = err
		return told
	}
	told := *failure.Of(err)
	if told.Kind == failure.Interrupted {
		return err
	}
	told.Message, told.Err = p.unavailable(told.Message).Message, err
	return told.WithHint("%s", keyringHint(err, told.Hint))
}

// keyringHint is what to do about a keyring that does not give what it has;
// otherwise is what the keyring's own failure says.
func keyringHint(err error, otherwise string) string {
	const instead = "use another credential: --server with --token-file, or DATAHUB_GMS_URL with DATAHUB_GMS_TOKEN"
	for _, known := range []struct {
		reason error
		hint   string
	}{
		{keyring.ErrNoBus, "run pat in your desktop session, or " + instead},
		{keyring.ErrNoService, "start the keyring (GNOME Keyring, KWallet, KeePassXC), or " + instead},
		{keyring.ErrNoCollection, "start the keyring in which the token was kept, or " + instead},
		{keyring.ErrLocked, "unlock it and try again, or " + instead},
		{keyring.ErrDismissed, "try again and answer the prompt, or " + instead},
		{keyring.ErrSilent, "restart the keyring, give it longer (--keyring-timeout), or " + instead},
		{keyring.ErrRefused, "look at your desktop's password application, or " + instead},
	} {
		if errors.Is(err, known.reason) {
			return known.hint
		}
	}
	return otherwise
}
