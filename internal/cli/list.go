package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

type listOptions struct {
	scope     scopeFlags
	selection selectionFlags
	sort      string
	reverse   bool
	limit     int
}

func newList(w *world) *cobra.Command {
	o := &listOptions{}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List tokens: those you created, by default",
		Long: `List tokens: those you created, unless --all, --owner, --actor or --user say
otherwise. The owner created a token, the actor is whom it represents.

What is listed comes from DataHub's search index, which lags seconds behind: a
token created or revoked just now may be missing or still there. A list that
could not be had complete is a failure (exit code 6), never a short list.`,
		Example: `  pat list
  pat list --owner urn:li:corpuser:datahub
  pat list --all --expired -o id
  pat list --all --never-expires --sort name -o csv
  pat list --name 'ci-*' -o json --jq '.[].id'`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), w, o) },
	}
	cmd.Flags().SortFlags = false
	o.scope.bind(cmd)
	o.selection.bind(cmd, "name")
	cmd.Flags().StringVar(&o.sort, "sort", string(datahub.ByCreation), "order: created (newest first), name, expires (soonest first) or none")
	cmd.Flags().BoolVar(&o.reverse, "reverse", false, "the other way round")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "show only the first so many")
	return cmd
}

func runList(ctx context.Context, w *world, o *listOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	now := w.now()
	order, selection, err := o.parse(w)
	if err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	scope, err := o.scope.scope(ctx, client)
	if err != nil {
		return err
	}
	tokens, err := client.List(ctx, scope)
	if err != nil {
		return err
	}
	tokens = selection.Select(tokens, now)
	order.Sort(tokens, o.reverse)
	records, err := w.records(client, tokens)
	if err != nil {
		return err
	}
	shown := records[:o.cut(len(records))]
	caller, err := client.Caller(ctx)
	if err != nil {
		return err
	}
	if err := tokenView(shown, caller, out, now).Write(w.Stdout(), out, shown); err != nil {
		return err
	}
	w.notice("%s", summary(records, len(shown)))
	return nil
}

func (o *listOptions) parse(w *world) (datahub.Order, datahub.Selection, error) {
	order, err := datahub.ParseOrder(o.sort)
	if err != nil {
		return "", datahub.Selection{}, err
	}
	if o.limit < 0 {
		return "", datahub.Selection{}, failure.New(failure.Usage, "--limit takes 1 or more, not %d", o.limit)
	}
	selection, err := o.selection.selection(w.now())
	return order, selection, err
}

// cut is how many of count are shown.
func (o *listOptions) cut(count int) int {
	if o.limit > 0 {
		return min(o.limit, count)
	}
	return count
}

// records are the tokens with what this machine knows of them.
func (w *world) records(client *datahub.Client, tokens []datahub.Token) ([]tokenRecord, error) {
	stored, err := w.storedHere(client.Address())
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, record := range stored {
		kept[record.ID] = true
	}
	records := make([]tokenRecord, len(tokens))
	for i, token := range tokens {
		records[i] = recordOf(token, kept[token.ID], w.now())
	}
	shortenIDs(records)
	return records, w.markInUse(client, stored, tokens, records)
}

// markInUse marks the credential in use, where it is clear which token it is.
func (w *world) markInUse(client *datahub.Client, stored []keyring.Record, tokens []datahub.Token, records []tokenRecord) error {
	recognised, err := w.recognised(stored)
	if err != nil {
		return err
	}
	claims, known := client.Claims()
	ids := lifecycle.InUse(tokens, recognised, claims, known)
	for i := range records {
		records[i].inUse = len(ids) == 1 && records[i].ID == ids[0]
	}
	return nil
}

// summary says how many tokens there are, and how many need a thought.
func summary(records []tokenRecord, shown int) string {
	var expired, never int
	for _, r := range records {
		switch r.Status {
		case datahub.Expired:
			expired++
		case datahub.NeverExpires:
			never++
		}
	}
	if len(records) == 0 {
		return "no tokens"
	}
	parts := []string{counted(len(records), "token", "tokens")}
	if shown < len(records) {
		parts[0] += fmt.Sprintf(" (%d shown)", shown)
	}
	if expired > 0 {
		parts = append(parts, fmt.Sprintf("%d expired", expired))
	}
	if never > 0 {
		parts = append(parts, counted(never, "never ends", "never end"))
	}
	return strings.Join(parts, ", ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
