package cli

import (
	"context"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// runRaw tells about a raw token on stdin.
func (i *inspection) runRaw(ctx context.Context) error {
	raw, err := i.w.readRawToken(ctx, tokenToTell, "Token (it is not shown):", "pat inspect - <FILE")
	if err != nil {
		return err
	}
	i.decode(raw)
	known, err := i.recogniseRaw(ctx, raw)
	if err != nil || !i.options.online {
		if err == nil {
			err = i.record.write(i.w, i.out)
		}
		return err
	}
	refused, err := i.goOnline(ctx, raw, known)
	if err == nil {
		err = i.record.write(i.w, i.out)
	}
	if err != nil {
		return err
	}
	return refused
}

// decode notes what the token says about itself.
func (i *inspection) decode(raw rawToken) {
	c, r := raw.claims, &i.record
	r.Actor, r.ExpiresAt = string(c.Actor), momentOrNull(c.ExpiresAt)
	r.Status = string(statusOfRaw(c, i.w.now()))
	r.OnServer, r.ActorState, r.OwnerState = presenceUnknown, userUnknown, userUnknown
	r.Claims = &claimsRecord{
		Actor: r.Actor, Kind: strings.ReplaceAll(strings.ToLower(c.Type), "_", "-"),
		Version: textOrNull(c.Version), Issuer: textOrNull(c.Issuer), ExpiresAt: r.ExpiresAt, Revocable: raw.recorded(),
	}
}

// statusOfRaw is the state of a token of which it is not known how long it was to
// last: it is not told that it ends soon.
func statusOfRaw(c datahub.Claims, now time.Time) datahub.Status {
	status := datahub.Token{ExpiresAt: c.ExpiresAt}.StatusAt(now)
	if status == datahub.Expiring {
		return datahub.Active
	}
	return status
}

// recogniseRaw notes what this machine's keyring index knows of the token, if it
// has it.
func (i *inspection) recogniseRaw(ctx context.Context, raw rawToken) (known bool, err error) {
	ring, err := i.w.keyring()
	if err != nil {
		return false, nil // without a home folder nothing is kept
	}
	kept, known, err := ring.RecordOf(raw.secret)
	if err != nil || !known {
		return false, err
	}
	i.record.Server, i.record.Stored = kept.Server, true
	if _, isID := datahub.ParseTokenID(kept.ID); isID {
		i.record.describe(lifecycle.TokenOf(kept), i.w.now())
	}
	i.stored = append(i.stored, kept)
	i.record.Places = i.places(ctx, datahub.Token{ID: kept.ID, Actor: raw.claims.Actor, ExpiresAt: raw.claims.ExpiresAt})
	return i.record.ID != nil, nil
}

// goOnline asks the named server about the token, with the token itself and
// with the user's own credential for that server, where there is one. That it is
// refused is a failure to tell after the result.
func (i *inspection) goOnline(ctx context.Context, raw rawToken, known bool) (refused, err error) {
	leak, err := i.leak(ctx, raw, known)
	if err != nil {
		return nil, err
	}
	defer leak.Leaked.Close()
	if refused, err = i.askWho(ctx, leak); err != nil {
		return nil, err
	}
	if !known && raw.recorded() {
		tokens, err := leak.Find(ctx)
		if err != nil {
			i.w.notice("its id could not be found: %v", err)
		} else {
			i.noteFound(leak, tokens)
		}
	}
	if leak.Own != nil {
		i.namePeople(ctx)
	}
	return refused, nil
}

// leak is the token with the ways to the server. One that is kept here for
// another server does not go to this one.
func (i *inspection) leak(ctx context.Context, raw rawToken, known bool) (*lifecycle.Leak, error) {
	client, err := i.w.client(ctx)
	if err != nil {
		return nil, err
	}
	i.client = client
	address := client.Address()
	if known && !i.isServer(address.String()) {
		return nil, failure.New(failure.Usage, "this token is kept on this machine for %s: it was not sent to %s", i.record.Server, address).
			WithHint("name its own server")
	}
	i.record.Server = address.String()
	if address.Insecure() {
		i.w.tell([]string{"the token goes to " + address.Host() + " unencrypted: anybody on the way can read it"})
	}
	leak, err := i.w.leakOf(raw, client)
	if err == nil {
		leak.Ended = i.record.Status == string(datahub.Expired)
	}
	return leak, err
}

// askWho asks the server whom the token represents. A server that checks no
// tokens accepts any, which says nothing.
func (i *inspection) askWho(ctx context.Context, leak *lifecycle.Leak) (refused, err error) {
	yes, no := true, false
	if leak.Ended {
		i.record.Accepted = &no
		return failure.New(failure.Unauthenticated, "this token ended %s: no server accepts it", endInWords(*i.record.ExpiresAt, i.w.now())), nil
	}
	who, err := leak.Leaked.WhoAmI(ctx)
	switch {
	case failure.KindOf(err) == failure.Unauthenticated:
		i.record.Accepted = &no
		return i.refusal(err), nil
	case err != nil:
		return nil, err
	}
	represents := string(who.Actor)
	i.record.Represents = &represents
	if !who.TokensChecked || who.ClaimedAnother {
		i.w.notice("%s", tokensUnchecked)
		return nil, nil
	}
	i.record.Accepted = &yes
	i.record.ActorName, i.record.ActorState = textOrNull(who.DisplayName), userActive
	return nil, nil
}

// refusal is that the server does not accept the token, in the server's words.
func (i *inspection) refusal(err error) error {
	told := failure.New(failure.Unauthenticated, "%s does not accept this token", i.client.Address()).
		WithHint("it may be revoked, of another DataHub, or its user suspended")
	told.Server = failure.Of(err).Server
	return told
}

// noteFound notes which token it is, or which it may be.
func (i *inspection) noteFound(leak *lifecycle.Leak, tokens []datahub.Token) {
	i.record.OnServer = absent
	if len(tokens) == 0 && (leak.Accepted || leak.Own == nil) {
		i.record.OnServer = presenceUnknown // it, or its record, is not to be seen
	}
	switch len(tokens) {
	case 0:
		return
	case 1:
		i.record.OnServer = present
		i.record.describe(tokens[0], i.w.now())
	default:
		i.record.OnServer = presenceUnknown
		for _, token := range tokens {
			i.record.Candidates = append(i.record.Candidates, token.ID)
		}
	}
	i.record.Certain = &leak.Certain
}
