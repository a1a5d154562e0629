package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

type listOptions struct {
	scope     scopeFlags
	selection selectionFlags
	sort      string
	reverse   bool
	limit     int
	stored    bool
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
could not be had complete is a failure (exit code 6), never a short list.

Several --profile, or --all-profiles, list several instances at once, each with
its own credential, and say which profile a token is of. An instance that cannot
be read is named on stderr, those that can are listed, and the exit code is 7.

With --stored it is what the keyring of this machine holds, for all servers, and
what has become of it: kept, expired, gone (the server does not have the token
any more), secret-deleted (somebody removed it from the keyring) or unknown.
Only the server in use is asked, and the keyring does not ask for a password.

Use it to find out what there is, and what ends soon; its ids are what ` + "`pat revoke -`" + `
reads.`,
		Example: `  pat list
  pat list --owner urn:li:corpuser:datahub
  pat list --all --expired -o id
  pat list --all --never-expires --sort name -o csv
  pat list --name 'ci-*' -o json --jq '.[].id'
  pat list --profile staging --profile prod
  pat list --all-profiles --expiring-within 14d -o json
  pat list --stored`,
		GroupID:     groupTokens,
		Annotations: seeAlso("revoke", "rotate", "filters", "formatting").prints("list", "list-stored"),
		SuggestFor:  []string{"get", "tokens", "show"},
		Args:        takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.stored {
				return runListStored(cmd.Context(), w, o)
			}
			return runList(cmd.Context(), w, o)
		},
	}
	cmd.Flags().SortFlags = false
	o.scope.bind(cmd)
	o.selection.bind(cmd, "name")
	w.bindAllProfiles(cmd)
	cmd.Flags().StringVar(&o.sort, "sort", string(datahub.ByCreation), "order: created (newest first), name, expires (soonest first) or none")
	cmd.Flags().BoolVar(&o.reverse, "reverse", false, "the other way round")
	cmd.Flags().BoolVar(&o.stored, "stored", false, "what the keyring of this machine holds, for all servers")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "show only the first so many")
	return cmd
}

func runList(ctx context.Context, w *world, o *listOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	l := &listing{w: w, scope: o.scope, reverse: o.reverse, limit: o.limit, now: w.now()}
	var err error
	if l.out, err = w.output(); err != nil {
		return err
	}
	if l.order, l.selection, err = o.parse(l.now); err != nil {
		return err
	}
	if l.all, err = w.instances(); err != nil {
		return err
	}
	return l.run(ctx)
}

func (o *listOptions) parse(now time.Time) (datahub.Order, datahub.Selection, error) {
	order, err := datahub.ParseOrder(o.sort)
	if err != nil {
		return "", datahub.Selection{}, err
	}
	if o.limit < 0 {
		return "", datahub.Selection{}, failure.New(failure.Usage, "--limit takes 1 or more, not %d", o.limit)
	}
	selection, err := o.selection.selection(now)
	return order, selection, err
}
