package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

func newRecover(w *world) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Settle what a kill or a lost reply left open",
		Long: `Settle the operations that a kill or a lost reply left open on the server in
use: a token that was issued and whose secret did not arrive everywhere it should
is revoked, and what was delivered of it is taken back. So is the token of an
` + "`exec --mint`" + ` that was killed. Entries of the keyring whose token is gone are
removed too.

A token that does not show up within five minutes is assumed never issued.

Use it when a command says that something is open.`,
		Example:     "  pat recover\n  pat recover --yes",
		GroupID:     groupTokens,
		Annotations: seeAlso("create", "rotate", "exec").prints("recover"),
		SuggestFor:  []string{"repair", "fix"},
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runRecover(cmd.Context(), w, yes) },
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// settledRecord is how one operation was settled.
type settledRecord struct {
	Mark      string               `json:"mark"`
	Operation string               `json:"operation"`
	Name      string               `json:"name"`
	ID        string               `json:"id"`
	StartedAt time.Time            `json:"startedAt"`
	Result    lifecycle.Settlement `json:"result"`
	Error     *string              `json:"error"`
}

func runRecover(ctx context.Context, w *world, yes bool) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	open, err := w.openOperations()
	if err != nil {
		return err
	}
	here, elsewhere := splitByServer(open, client.Address())
	for _, r := range elsewhere {
		w.notice("%s of %s on %s is open too: pat recover --server %s", r.Operation, shellWord(r.Name), r.Server, r.Server)
	}
	if err := w.agreeToRecover(ctx, here, yes); err != nil {
		return err
	}
	results, err := w.settleAll(ctx, client, here)
	if err != nil {
		return err
	}
	if err := recoverView().Write(w.Stdout(), out, results); err != nil {
		return err
	}
	if err := w.dropGoneEntries(ctx, client); err != nil {
		return err
	}
	return unsettled(results)
}

// openOperations are those that came to no end and that nobody is at work on.
func (w *world) openOperations() ([]journal.Record, error) {
	all, err := w.journalRecords()
	var open []journal.Record
	for _, r := range all {
		if r.State != journal.Delivered {
			open = append(open, r)
		}
	}
	return open, err
}

func (w *world) journalRecords() ([]journal.Record, error) {
	written, err := w.journal()
	if err != nil {
		return nil, err
	}
	return written.Open(w.now())
}

func splitByServer(records []journal.Record, server datahub.Address) (here, elsewhere []journal.Record) {
	for _, r := range records {
		if address, err := datahub.ParseAddress(r.Server); err == nil && address.SameServer(server) {
			here = append(here, r)
		} else {
			elsewhere = append(elsewhere, r)
		}
	}
	return here, elsewhere
}

// agreeToRecover shows what is open and asks.
func (w *world) agreeToRecover(ctx context.Context, open []journal.Record, yes bool) error {
	for _, r := range open {
		w.notice("open: %s of %s, begun %s", r.Operation, shellWord(r.Name), render.Ago(r.StartedAt, w.now()))
	}
	if len(open) == 0 {
		w.notice("nothing is open")
		return nil
	}
	what := counted(len(open), "operation", "operations")
	return w.agreed(ctx, consent{
		given: yes, verb: "settle", what: what, declined: "nothing was settled",
		show: func() error { return nil },
		ask: func(ctx context.Context) (bool, error) {
			return w.Confirm(ctx, fmt.Sprintf("Settle %s, revoking tokens nobody has the secret of?", what))
		},
	})
}

func (w *world) settleAll(ctx context.Context, client *datahub.Client, open []journal.Record) ([]settledRecord, error) {
	written, err := w.journal()
	if err != nil {
		return nil, err
	}
	ring, err := w.keyring()
	if err != nil {
		return nil, err
	}
	recovery := lifecycle.Recovery{Journal: written, Client: client, Keyring: ring, Now: w.now}
	results := []settledRecord{}
	for _, r := range open {
		settlement, err := recovery.Settle(ctx, r.Mark)
		if settlement == lifecycle.Complete && r.Replaces != "" {
			w.forgetPending(r.Replaces)
		}
		if settlement == "" && err == nil {
			continue // somebody else has settled it meanwhile
		}
		result := settledRecord{Mark: r.Mark, Operation: r.Operation, Name: r.Name, ID: r.ID, StartedAt: r.StartedAt, Result: settlement}
		if err != nil {
			text := errorLine(failure.Of(err))
			result.Result, result.Error = revokeFailed, &text
		}
		results = append(results, result)
	}
	return results, nil
}

// longGone is how long ago a secret was stored whose token, if there were one,
// the search index would show.
const longGone = 5 * time.Minute

// dropGoneEntries removes what the keyring keeps of tokens that are gone. One
// that the caller may not see is not gone.
func (w *world) dropGoneEntries(ctx context.Context, client *datahub.Client) error {
	stored, err := w.storedHere(client.Address())
	if err != nil || len(stored) == 0 {
		return err
	}
	census := lifecycle.Inventory{
		Client: client, Now: w.now(), Notice: func(text string) { w.notice("%s", text) },
		Secret: func(context.Context, string) (keyring.Entry, error) { return keyring.Entry{}, nil },
	}
	held, err := census.Take(ctx, stored)
	if err != nil {
		return err
	}
	for at, token := range held {
		if token.State != lifecycle.Gone || w.now().Sub(stored[at].StoredAt) < longGone {
			continue
		}
		if err := w.knownKeyring.Delete(ctx, token.ID); err != nil {
			return err
		}
		w.notice("removed %s from the keyring: its token is gone", shellWord(token.Name))
	}
	return nil
}

func recoverView() render.View[settledRecord] {
	return render.View[settledRecord]{
		ID: func(r settledRecord) string { return r.ID },
		Columns: []render.Column[settledRecord]{
			{Name: "Result", Text: func(r settledRecord) string { return string(r.Result) }},
			{Name: "Operation", Text: func(r settledRecord) string { return r.Operation }},
			{Name: "Name", Text: func(r settledRecord) string { return r.Name }, Shrink: true},
			{Name: "ID", Text: func(r settledRecord) string { return r.ID }, Drop: 1},
		},
	}
}

// unsettled is the failure of what could not be settled, or not yet.
func unsettled(results []settledRecord) error {
	failed, early := 0, 0
	for _, r := range results {
		switch r.Result {
		case revokeFailed:
			failed++
		case lifecycle.NotYetVisible:
			early++
		}
	}
	switch {
	case failed > 0:
		return failure.New(failure.Partial, "%d of %d operations could not be settled: %s", failed, len(results), firstError(results)).
			WithHint("try again")
	case early > 0:
		return failure.New(failure.OutcomeUnknown, "no trace of a token yet for %s", counted(early, "operation", "operations")).
			WithHint("try again in a few minutes: after five without a trace it is assumed never issued")
	}
	return nil
}

func firstError(results []settledRecord) string {
	for _, r := range results {
		if r.Error != nil {
			return *r.Error
		}
	}
	return ""
}

// mentionOpen says that something is left open, after every command that has to
// do with a server.
func (w *world) mentionOpen() {
	if w.knownPair == nil || w.completing {
		return
	}
	open, err := w.openOperations()
	if err != nil || len(open) == 0 {
		return
	}
	w.notice("%s left open on this machine: pat recover", counted(len(open), "operation is", "operations are"))
}
