package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// revocation is one run of `pat revoke`.
type revocation struct {
	w         *world
	options   *revokeOptions
	out       render.Output
	selection datahub.Selection
	ids       []string // read from stdin
	leaked    rawToken // read from stdin

	client *datahub.Client
	stored []keyring.Record
	meant  []lifecycle.Meant
	// mine are the ids of those tokens that may be the credential in use, itself
	// the one that certainly is. unclear: one of them goes that may be.
	mine    []string
	itself  string
	unclear bool

	results     []revokedRecord
	errors      []error // of tokens that were not tried, the last
	untouched   int     // tokens without a result: it was interrupted before their turn
	unforgotten []error // why entries of revoked tokens are still in the keyring
}

// revokedRecord is how revoking one token ended.
type revokedRecord struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Result string  `json:"result"`
	Error  *string `json:"error"`
}

const revokeFailed = "failed"

// ended is how it ended for one thing: with a result or an error.
func ended(id, name, result string, err error) revokedRecord {
	if err == nil {
		return revokedRecord{ID: id, Name: name, Result: result}
	}
	text := errorLine(failure.Of(err))
	return revokedRecord{ID: id, Name: name, Result: revokeFailed, Error: &text}
}

// run asks, revokes what is meant, and says how it ended.
func (job *revocation) run(ctx context.Context) error {
	if len(job.meant) == 0 {
		job.w.notice("no tokens are meant")
		return job.write()
	}
	if job.options.simulate {
		return job.simulate()
	}
	if err := job.checkMax(); err != nil {
		return err
	}
	if err := job.confirm(ctx); err != nil {
		return err
	}
	job.revokeAll(ctx)
	return job.tell()
}

// revokeAll revokes the tokens, several at once, and takes down how it ended.
func (job *revocation) revokeAll(ctx context.Context) {
	bar := job.w.Progress("revoking", "tokens", len(job.meant))
	sweep := lifecycle.Sweep{
		Client: job.client, Last: job.mine, Itself: job.itself, Step: job.w.step,
		Ended: func(at int, end lifecycle.Ending) {
			if end.Err == nil {
				job.forgetSecret(ctx, job.meant[at])
			}
			bar.Step()
		},
	}
	endings := sweep.Revoke(ctx, job.meant)
	bar.End()
	job.note(endings)
}

// note takes down how it ended for each token.
func (job *revocation) note(endings []lifecycle.Ending) {
	var gone []string
	var untried []error
	for at, end := range endings {
		meant := job.meant[at]
		switch {
		case end.Err == nil:
			gone = append(gone, meant.ID)
		case end.Untouched:
			untried = append(untried, end.Err)
		default:
			job.errors = append(job.errors, end.Err)
		}
		if end.Untouched && failure.KindOf(end.Err) == failure.Interrupted {
			job.untouched++
			continue
		}
		job.results = append(job.results, ended(meant.ID, meant.Name, string(end.Revocation), end.Err))
	}
	job.errors = append(job.errors, untried...)
	job.w.forgetPending(gone...)
}

// forgetSecret removes what the keyring keeps of a token that is revoked, one
// after the other: keyrings like no crowd. An interruption ends the wait for it.
func (job *revocation) forgetSecret(ctx context.Context, meant lifecycle.Meant) {
	if !meant.Stored {
		return
	}
	if ctx.Err() != nil {
		const moment = 2 * time.Second
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), moment)
		defer cancel()
	}
	if err := job.w.knownKeyring.Delete(ctx, meant.ID); err != nil {
		job.unforgotten = append(job.unforgotten, err)
	}
}

// tell gives one result for each token, and what follows.
func (job *revocation) tell() error {
	if err := job.write(); err != nil {
		return err
	}
	if len(job.errors) < len(job.results) {
		job.tellEffect()
	}
	return job.failed()
}

func (job *revocation) write() error {
	return resultView.Write(job.w.Stdout(), job.out, job.results)
}

// resultView is how it is listed what became of things that were to go.
var resultView = render.View[revokedRecord]{
	ID: func(r revokedRecord) string { return r.ID },
	Columns: []render.Column[revokedRecord]{
		{Name: "Result", Text: func(r revokedRecord) string { return r.Result }, Style: resultStyle},
		{Name: "ID", Text: func(r revokedRecord) string { return r.ID }},
		{Name: "Name", Text: func(r revokedRecord) string { return r.Name }},
	},
}

// tellEffect says what follows from tokens being revoked.
func (job *revocation) tellEffect() {
	revoked, gone := 0, []string{}
	for _, r := range job.results {
		switch r.Result {
		case string(datahub.Revoked):
			revoked++
		case string(datahub.AlreadyGone):
			gone = append(gone, r.ID)
		}
	}
	if revoked > 1 {
		job.w.notice("%d tokens are revoked", revoked)
	}
	job.tellGone(gone)
	switch left := job.unforgotten; {
	case len(left) == 1:
		job.w.notice("the token is revoked, but its entry is still in the keyring: %v", left[0])
	case len(left) > 1:
		job.w.notice("the tokens are revoked, but the entries of %d are still in the keyring (`pat recover` removes them): %v", len(left), left[0])
	}
	job.w.notice("other replicas of the server may accept a revoked token for up to five minutes")
}

// tellGone says which tokens were gone already, or how many.
func (job *revocation) tellGone(ids []string) {
	const few = 3
	if len(ids) > few {
		job.w.notice("%d tokens were gone already: revoked before, or never there", len(ids))
		return
	}
	for _, id := range ids {
		job.w.notice("%s was gone already: revoked before, or never there", id)
	}
}

// failed is the failure of the run: of one token, its own; of several that
// failed alike, that; else that only some went.
func (job *revocation) failed() error {
	all := len(job.results) + job.untouched
	if len(job.errors) == 0 {
		return nil
	}
	if all == 1 {
		return job.errors[0]
	}
	for _, err := range job.errors {
		if failure.KindOf(err) == failure.Interrupted {
			return job.interrupted(all)
		}
	}
	first := failure.Of(job.errors[0])
	kind := failure.Partial
	if len(job.errors) == all && alike(job.errors) {
		kind = first.Kind
	}
	told := &failure.Error{
		Kind: kind, Server: first.Server, Err: job.errors[0],
		Message: fmt.Sprintf("%d of %d tokens were not revoked; the first: %s", len(job.errors), all, first.Message),
		Hint:    "what failed can be tried again with the same command",
	}
	if first.Kind == failure.Unauthenticated {
		told.Hint += ", and a token that is accepted"
	}
	return told
}

// interrupted says how far it came.
func (job *revocation) interrupted(all int) error {
	message := fmt.Sprintf("interrupted: %d of %d tokens were revoked", all-len(job.errors), all)
	if job.untouched > 0 {
		message += fmt.Sprintf(", %d not touched", job.untouched)
	}
	if unsure := len(job.errors) - job.untouched; unsure > 0 {
		message += fmt.Sprintf(", and of %d it is unknown or failed", unsure)
	}
	return &failure.Error{
		Kind: failure.Interrupted, Err: job.errors[0], Message: message,
		Hint: "the same command goes on with the rest",
	}
}

// alike reports whether all errors are of one kind.
func alike(errs []error) bool {
	for _, err := range errs {
		if failure.KindOf(err) != failure.KindOf(errs[0]) {
			return false
		}
	}
	return true
}

func resultStyle(r revokedRecord) render.Style {
	if r.Result == revokeFailed {
		return render.Red
	}
	return render.Plain
}

func nameOrID(m lifecycle.Meant) string {
	if m.Name != "" {
		return shellWord(m.Name)
	}
	return m.ID
}
