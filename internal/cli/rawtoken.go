package cli

import (
	"context"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// rawToken is a token's secret as somebody has it, and what it says about itself.
type rawToken struct {
	secret string
	claims datahub.Claims
}

// readRawToken reads a token from stdin, or without showing it from the terminal
// that stdin is. what is stdin said to have, usage the right way to give it.
func (w *world) readRawToken(ctx context.Context, what, prompt, usage string) (rawToken, error) {
	text, err := w.askRawToken(ctx, what, prompt)
	if err != nil {
		return rawToken{}, err
	}
	return parseRawToken(text, usage)
}

func (w *world) askRawToken(ctx context.Context, what, prompt string) (string, error) {
	if w.StdinIsTerminal() {
		return w.AskSecret(ctx, prompt)
	}
	return w.readAll(what)
}

// parseRawToken reads a token as it is found in the wild: behind "Bearer", in
// quotes, broken over lines. What it is instead is not repeated.
func parseRawToken(text, usage string) (rawToken, error) {
	words := strings.Fields(strings.TrimPrefix(text, "\ufeff"))
	if len(words) > 1 && strings.EqualFold(words[0], "bearer") {
		words = words[1:]
	}
	secret := strings.Trim(strings.Join(words, ""), `"'`)
	claims, ok := datahub.ReadClaims(secret)
	if ok {
		return rawToken{secret, claims}, nil
	}
	message := "what stdin has is not an access token of a DataHub"
	switch {
	case secret == "":
		message = "stdin has no token"
	case sanitize.LooksLikeJWT(secret):
		message = "stdin has more than an access token of a DataHub, a part of one, or another program's token"
	}
	return rawToken{}, failure.New(failure.Usage, "%s", message).WithHint("give the token and nothing else: %s", usage)
}

// end says when the secret ceases to work, or did.
func (s rawToken) end(now time.Time) string {
	switch end := s.claims.ExpiresAt; {
	case end.IsZero():
		return "it never ends"
	case end.After(now):
		return "it ends " + endInWords(end, now)
	default:
		return "it ended " + endInWords(end, now) + " and opens nothing any more"
	}
}

// leakOf is a raw token with the ways to the server in use: with the token
// itself and, where there is a credential that is another one, as the user.
func (w *world) leakOf(raw rawToken, client *datahub.Client) (*lifecycle.Leak, error) {
	leak := &lifecycle.Leak{Secret: raw.secret, Claims: raw.claims}
	pair := w.knownPair
	if pair.Secret != raw.secret && (pair.HasCredential() || pair.Server.IsMock()) {
		leak.Own = client
	}
	var err error
	leak.Leaked, err = w.clientAs(raw.secret)
	return leak, err
}

// recorded reports whether the server keeps a record of the token: only then has
// it an id, and can be listed and revoked.
func (s rawToken) recorded() bool { return s.claims.Type != "SESSION" && s.claims.Version != "1" }
