package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// revocation is one run of `pat revoke`.
type revocation struct {
	w       *world
	options *revokeOptions
	out     render.Output
	client  *datahub.Client
	stored  []keyring.Record
	meant   []lifecycle.Meant
	unclear bool // one of them may be the credential in use
	results []revokedRecord
	errors  []error
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

// asks reports whether somebody is going to be asked.
func (job *revocation) asks() bool { return !job.options.yes && job.w.Interactive() }

// confirm shows what will go and asks.
func (job *revocation) confirm(ctx context.Context) error {
	if job.unclear {
		job.w.notice("one of them may be the token that pat uses itself")
	}
	return job.w.agreed(ctx, consent{
		given: job.options.yes, verb: "revoke", what: counted(len(job.meant), "token", "tokens"),
		show: func() error { return job.w.showMeant(job.meant) }, ask: job.ask, declined: "nothing was revoked",
	})
}

func (job *revocation) ask(ctx context.Context) (bool, error) {
	where := job.client.Address().String()
	if len(job.meant) == 1 {
		return job.w.Confirm(ctx, fmt.Sprintf("Revoke this token on %s?", where))
	}
	number := strconv.Itoa(len(job.meant))
	answer, err := job.w.Ask(ctx, fmt.Sprintf("To revoke these %s tokens on %s, type %s:", number, where, number))
	return strings.TrimSpace(answer) == number, err
}

// simulate shows what would go and the command that would do it.
func (job *revocation) simulate() error {
	if err := job.w.showMeant(job.meant); err != nil {
		return err
	}
	words := []string{"pat revoke --yes"}
	if protected := job.w.protectedProfile(); protected != "" {
		words = append(words, "--profile", protected)
	}
	for _, meant := range job.meant {
		words = append(words, shellWord(meant.ID))
	}
	job.w.notice("nothing was revoked; this would: %s", strings.Join(words, " "))
	return nil
}

// revokeAll revokes one token after the other.
func (job *revocation) revokeAll(ctx context.Context) {
	for _, meant := range job.meant {
		end, err := job.revokeOne(ctx, meant)
		result := ended(meant.ID, meant.Name, string(end), err)
		if err != nil {
			job.errors = append(job.errors, err)
		}
		job.results = append(job.results, result)
	}
}

func (job *revocation) revokeOne(ctx context.Context, meant lifecycle.Meant) (datahub.Revocation, error) {
	caller, err := job.client.Caller(ctx)
	if err != nil {
		return "", err
	}
	end, err := job.w.revoke(ctx, job.client, meant.ID, meant.Known && meant.Owner == caller)
	if err != nil {
		return end, err
	}
	if !meant.Stored {
		return end, nil
	}
	if err := job.w.knownKeyring.Delete(context.WithoutCancel(ctx), meant.ID); err != nil {
		job.w.notice("the token is revoked, but its entry is still in the keyring: %v", err)
	}
	return end, nil
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

func (job *revocation) tellEffect() {
	for _, r := range job.results {
		if r.Result == string(datahub.AlreadyGone) {
			job.w.notice("%s was gone already: revoked before, or never there", r.ID)
		}
	}
	job.w.notice("other replicas of the server may accept a revoked token for up to five minutes")
}

// failed is the failure of the run: of one token, its own; of several that
// failed alike, that; else that only some went.
func (job *revocation) failed() error {
	if len(job.errors) == 0 {
		return nil
	}
	if len(job.results) == 1 {
		return job.errors[0]
	}
	first := failure.Of(job.errors[0])
	kind := failure.Partial
	if len(job.errors) == len(job.results) && alike(job.errors) {
		kind = first.Kind
	}
	return &failure.Error{
		Kind: kind, Server: first.Server, Err: job.errors[0],
		Message: fmt.Sprintf("%d of %d tokens were not revoked; the first: %s", len(job.errors), len(job.results), first.Message),
		Hint:    "what failed can be tried again with the same command",
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
