package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/signin"
)

// withPassword signs in at the web interface and has a token issued.
func (l *login) withPassword(ctx context.Context) error {
	place, err := l.frontend(ctx)
	if err != nil {
		return err
	}
	who, err := l.credentials(ctx, place)
	if err != nil {
		return err
	}
	session, err := signin.Open(ctx, place.Address, l.wayTo(place), who)
	if err != nil {
		return err
	}
	client, err := session.Client(l.clientOptions())
	if err != nil {
		return err
	}
	defer client.Close()
	identity, err := client.WhoAmI(ctx)
	if err != nil {
		return err
	}
	l.kept.frontend, l.kept.asker = place.Address, client
	if !identity.TokensChecked {
		return l.withoutToken(ctx, identity.Actor)
	}
	return l.issue(ctx, client, identity.Actor)
}

// issue has a token issued that pat keeps, once it is seen to work.
func (l *login) issue(ctx context.Context, client *datahub.Client, actor datahub.URN) error {
	duration, err := l.chosenDuration(ctx, client)
	if err != nil {
		return err
	}
	l.kept.issued = true
	issuance, err := l.w.issuance(client, l.kept.destinations, "login")
	if err != nil {
		return err
	}
	issuance.Server = l.target.server().String()
	issuance.Prove = func(ctx context.Context, issued datahub.Issued) error {
		l.kept.ends = config.EndOf(issued.ExpiresAt)
		return l.proveIssued(ctx, issued)
	}
	issued, err := issuance.Issue(ctx, datahub.NewToken{
		Actor: actor, Name: tokenName(actor), Description: "issued when signing in with pat login",
		Mark: datahub.NewMark(), Duration: duration,
	})
	l.proven.token = issued.Token
	return err
}

// proveIssued sees the new token work where it is going to be used.
func (l *login) proveIssued(ctx context.Context, issued datahub.Issued) error {
	err := l.prove(ctx, issued.Secret)
	mistaken := failure.KindOf(err) == failure.Unauthenticated
	if err != nil && !mistaken {
		return err
	}
	if mistaken || !l.proven.checked() || l.proven.identity.Actor != issued.Actor {
		return &failure.Error{
			Kind: failure.Unauthenticated, Err: err,
			Message: fmt.Sprintf("%s does not take the token that %s issued", l.target.server(), l.kept.frontend),
			Hint:    "the two may be of different DataHubs: check the address, and the web interface's (--frontend, DATAHUB_FRONTEND_URL)",
		}
	}
	return nil
}

// tokenName is what the token of a sign-in is called: whose it is, and on which
// machine.
func tokenName(actor datahub.URN) string {
	name := "pat " + actor.Username()
	if host, err := os.Hostname(); err == nil && host != "" {
		name += "@" + host
	}
	if runes := []rune(name); len(runes) > datahub.MaxName {
		name = strings.TrimSpace(string(runes[:datahub.MaxName]))
	}
	return name
}

// usualStay is how long the token of a sign-in lasts if nobody says otherwise.
const usualStay = 30 * 24 * time.Hour

// chosenDuration is --duration, else PAT_DURATION, else the profile's, else a
// month or the longest below that the server allows.
func (l *login) chosenDuration(ctx context.Context, client *datahub.Client) (datahub.Duration, error) {
	text := l.options.duration
	if text == "" {
		text, _ = l.w.Env("PAT_DURATION")
	}
	if text == "" {
		text = l.target.before.Duration
	}
	if text != "" {
		d, err := datahub.ParseDuration(text)
		if err == nil && d.Never() {
			err = failure.New(failure.Usage, "the token of a sign-in has an end").WithHint("give one, such as --duration ONE_YEAR")
		}
		return d, err
	}
	policy, err := client.DurationPolicy(ctx)
	if err != nil {
		return datahub.Duration{}, err
	}
	d, ok := policy.LongestUpTo(usualStay)
	if !ok {
		return d, failure.New(failure.Usage, "the server allows no token that lasts a month or less").
			WithHint("choose with --duration among: %s", lengths(policy))
	}
	return d, nil
}

// lengths are the durations that a policy allows, for people.
func lengths(policy datahub.DurationPolicy) string {
	var words []string
	for _, length := range policy.Lengths {
		if d, err := datahub.NewDuration(length); err == nil {
			words = append(words, d.ISO())
		}
	}
	return strings.Join(words, ", ")
}

// credentials are the user name and the password, asked for where they are not
// given. Which address gets the password is said.
func (l *login) credentials(ctx context.Context, place signin.Place) (who signin.Credentials, err error) {
	who.Username = strings.TrimPrefix(l.options.username, "urn:li:corpuser:")
	if who.Username == "" {
		if who.Username, err = l.w.Ask(ctx, fmt.Sprintf("User name at %s:", place.Address)); err != nil {
			return who, err
		}
	}
	if !l.options.passwordStdin {
		who.Password, err = l.w.AskSecret(ctx, fmt.Sprintf("Password of %s at %s:", who.Username, place.Address))
		return who, err
	}
	text, err := l.w.readStdin()
	if err != nil {
		return who, failure.New(failure.Usage, "the password cannot be read from stdin: %w", err)
	}
	who.Password = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if strings.ContainsAny(who.Password, "\r\n") {
		return who, failure.New(failure.Usage, "stdin has several lines, and a password is one")
	}
	return who, nil
}

func (l *login) clientOptions() datahub.Options {
	return datahub.Options{Notice: func(text string) { l.w.notice("%s", text) }, Now: l.w.now}
}
