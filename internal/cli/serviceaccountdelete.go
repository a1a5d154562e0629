package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

type accountDeleteOptions struct {
	yes, simulate bool
	revokeTokens  bool
	decided       bool // --revoke-tokens is given, as true or false
}

func newAccountDelete(w *world) *cobra.Command {
	o := &accountDeleteOptions{}
	cmd := &cobra.Command{
		Use:   "delete ID|NAME",
		Short: "Delete a service account, and its tokens if you like",
		Long: `Delete a service account. DataHub does not delete its tokens: it refuses them
from then on, unless it is told not to look whether users exist, and lists them
until they are revoked. On a terminal you are shown the account and its tokens,
and asked whether those shall be revoked first; elsewhere --yes is needed, and
--revoke-tokens revokes them. If one of them cannot be revoked, the account
stays. Tokens created within the last seconds may not be seen yet.

Use it when what ran as the account does not run any more.`,
		Example: `  pat service-account delete ingest
  pat service-account delete ingest --revoke-tokens --yes
  pat service-account delete ingest --dry-run`,
		Annotations: seeAlso("service-account/list", "revoke").prints("service-account-delete"),
		SuggestFor:  []string{"remove", "rm"},
		Args:        takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.decided = cmd.Flags().Changed("revoke-tokens")
			return runAccountDelete(cmd.Context(), w, o, args[0])
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.revokeTokens, "revoke-tokens", false, "revoke its tokens first")
	f.BoolVar(&o.simulate, "dry-run", false, "show what would be deleted, and how, and do nothing")
	return cmd
}

// accountDeletion is one run of `pat service-account delete`.
type accountDeletion struct {
	options *accountDeleteOptions
	account datahub.ServiceAccount
	tokens  *revocation // of those tokens of the account that are seen
	w       *world
}

func runAccountDelete(ctx context.Context, w *world, o *accountDeleteOptions, word string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	job := &accountDeletion{w: w, options: o}
	if err := job.find(ctx, word); err != nil {
		return err
	}
	if o.simulate {
		return job.simulate()
	}
	err := w.agreed(ctx, consent{
		given: o.yes, verb: "delete", what: "the service account " + shellWord(job.account.Name()),
		show: job.show, ask: job.ask, declined: "nothing was deleted",
	})
	if err != nil {
		return err
	}
	return job.run(ctx)
}

// find settles which account is meant and which tokens it has.
func (job *accountDeletion) find(ctx context.Context, word string) error {
	tokens := &revocation{w: job.w, options: &revokeOptions{yes: job.options.yes}}
	job.tokens = tokens
	var err error
	if tokens.out, err = job.w.output(); err != nil {
		return err
	}
	if tokens.client, err = job.w.client(ctx); err != nil {
		return err
	}
	if tokens.stored, err = job.w.storedHere(tokens.client.Address()); err != nil {
		return err
	}
	if job.account, err = tokens.client.ServiceAccount(ctx, word); err != nil {
		return err
	}
	caller, err := tokens.client.Caller(ctx)
	if err != nil {
		return err
	}
	if caller == job.account.URN {
		return failure.New(failure.Usage, "%s is the service account that pat itself uses here", shellWord(job.account.Name())).
			WithHint("delete it with somebody else's token")
	}
	return job.findTokens(ctx, caller)
}

// findTokens finds the account's tokens, or those of them that the caller
// created where others may not be seen.
func (job *accountDeletion) findTokens(ctx context.Context, caller datahub.URN) error {
	client, scope := job.tokens.client, datahub.Scope{Actors: []datahub.URN{job.account.URN}}
	found, err := client.List(ctx, scope)
	if failure.KindOf(err) == failure.Forbidden {
		job.w.notice("seen are only the tokens of the account that you created: those of others take the privilege Manage All Access Tokens")
		scope.Owners = []datahub.URN{caller}
		found, err = client.List(ctx, scope)
	}
	kept := idsOf(job.tokens.stored)
	for _, token := range found {
		job.tokens.meant = append(job.tokens.meant, lifecycle.Meant{Token: token, Known: true, Stored: kept[token.ID]})
	}
	return err
}
