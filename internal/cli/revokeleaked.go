package cli

import (
	"context"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// refuseUnrevocable refuses what the server keeps no record of.
func (s rawToken) refuseUnrevocable(now time.Time) error {
	const key = "changing the server's signing key (DATAHUB_TOKEN_SERVICE_SIGNING_KEY), after which no earlier token works"
	switch {
	case s.claims.Type == "SESSION":
		return failure.New(failure.Other, "this is a session of the web interface, not an access token: it cannot be revoked").
			WithHint("%s; what helps before is suspending the user, or %s", s.end(now), key)
	case s.claims.Version == "1":
		return failure.New(failure.Other, "this token is stateless (version 1): DataHub keeps no record of it, so it cannot be revoked").
			WithHint("%s; what helps before is only %s", s.end(now), key)
	}
	return nil
}

// runLeaked finds the token of the leaked secret and revokes it.
func (job *revocation) runLeaked(ctx context.Context) error {
	if err := job.leaked.refuseUnrevocable(job.w.now()); err != nil {
		return err
	}
	leak, err := job.leak(ctx)
	if err != nil {
		return err
	}
	defer leak.Leaked.Close()
	if err := job.findLeaked(ctx, leak); err != nil {
		return err
	}
	if job.options.simulate {
		return job.simulate()
	}
	if err := job.confirm(ctx); err != nil {
		return err
	}
	end, err := leak.Revoke(ctx, job.meant[0].Token)
	if err == nil {
		job.forgetSecret(ctx, job.meant[0])
	}
	job.note([]lifecycle.Ending{{Revocation: end, Err: err}})
	if err := job.tell(); err != nil || leak.Certain || !leak.StillAccepted(ctx) {
		return err
	}
	return failure.New(failure.OutcomeUnknown, "%s is revoked, but %s still accepts the secret", job.meant[0].ID, job.client.Address()).
		WithHint("another replica may for up to five minutes; if it does after that, the secret is another token's: try again with the token of a manager of all tokens")
}

// leak is the secret with the ways to the server, and says so where there is only
// the secret itself.
func (job *revocation) leak(ctx context.Context) (*lifecycle.Leak, error) {
	if err := job.prepare(ctx); err != nil {
		return nil, err
	}
	leak, err := job.w.leakOf(job.leaked, job.client)
	if err != nil {
		return nil, err
	}
	if pair := job.w.knownPair; leak.Own == nil && pair.Secret != leak.Secret {
		job.w.notice("no token is configured for %s: the leaked one is used", pair.Server)
	}
	return leak, nil
}

// findLeaked finds the one token of the secret: by the keyring's index, else by
// asking the server.
func (job *revocation) findLeaked(ctx context.Context, leak *lifecycle.Leak) error {
	record, kept, err := job.w.knownKeyring.RecordOf(leak.Secret)
	if err != nil {
		return err
	}
	if kept && len(lifecycle.OfServer([]keyring.Record{record}, job.client.Address())) == 0 {
		return failure.New(failure.NotFound, "this secret is kept on this machine for %s: nothing was revoked", record.Server).
			WithHint("pat revoke --secret-stdin --server %s", shellWord(record.Server))
	}
	tokens := []datahub.Token{lifecycle.TokenOf(record)}
	if leak.Certain = kept; !kept {
		tokens, err = job.askForLeaked(ctx, leak)
	}
	if err != nil {
		return err
	}
	stored := idsOf(job.stored)
	for _, token := range tokens {
		job.meant = append(job.meant, lifecycle.Meant{Token: token, Known: true, Stored: stored[token.ID]})
	}
	if len(tokens) != 1 {
		return job.leakUnclear(leak)
	}
	return job.guardLeaked(leak, tokens[0])
}

// askForLeaked asks the server. What was only concluded is not the token in use
// where that is known to be another.
func (job *revocation) askForLeaked(ctx context.Context, leak *lifecycle.Leak) ([]datahub.Token, error) {
	hadOwn := leak.Own != nil
	tokens, err := leak.Find(ctx)
	if hadOwn && leak.Own == nil {
		job.w.notice("%s does not accept your own token: the leaked one is used", job.client.Address())
	}
	if err == nil && !leak.Certain && leak.Own != nil {
		err = job.findMine(tokens)
	}
	if recognised, _ := job.w.recognised(job.stored); recognised != "" {
		tokens = slices.DeleteFunc(tokens, func(t datahub.Token) bool { return t.ID == recognised })
	}
	return tokens, err
}

// guardLeaked refuses to revoke the credential in use by accident.
func (job *revocation) guardLeaked(leak *lifecycle.Leak, token datahub.Token) error {
	own := job.w.knownPair.Secret == leak.Secret
	switch {
	case job.options.includingMine:
		return nil
	case own:
		return failure.New(failure.Usage, "this is the secret of %s, the token that pat uses itself", token.ID).
			WithHint("add --including-mine to revoke it; pat needs another token then")
	case slices.Contains(job.mine, token.ID):
		return failure.New(failure.Ambiguous, "%s may be the token of this secret, or the one that pat uses itself: both end alike; nothing was revoked", token.ID).
			WithHint("try again with another token, best that of a manager of all tokens; or add --including-mine")
	}
	return nil
}

// leakUnclear shows the tokens that the secret may belong to.
func (job *revocation) leakUnclear(leak *lifecycle.Leak) error {
	who, where := leak.Claims.Actor.Username(), job.client.Address()
	switch {
	case len(job.meant) > 0:
		if err := job.w.showMeant(job.meant); err != nil {
			return err
		}
		return failure.New(failure.Ambiguous, "%d tokens may be the one of this secret: they represent %s and end alike; nothing was revoked", len(job.meant), who).
			WithHint("revoke the right one by its id, or all of them: only a manager of all tokens can tell which it is (DataHub 0.13 and newer)")
	case leak.Accepted:
		return failure.New(failure.NotFound, "the secret opens %s as %s, but its token is not to be seen: nothing was revoked", where, who).
			WithHint("somebody else may have made it for %s: they can revoke it, or a manager of all tokens; one made just now takes seconds to appear", who)
	}
	return failure.New(failure.NotFound, "no token with this secret is known to %s: nothing was revoked", where).
		WithHint("it may be revoked already, or of another DataHub (--server); %s", job.leaked.end(job.w.now()))
}
