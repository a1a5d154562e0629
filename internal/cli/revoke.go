package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

type revokeOptions struct {
	scope                              scopeFlags
	self, yes, includingMine, simulate bool
}

func newRevoke(w *world) *cobra.Command {
	o := &revokeOptions{}
	cmd := &cobra.Command{
		Use:   "revoke ID|URN|NAME|PREFIX...",
		Short: "Revoke tokens",
		Long: `Revoke tokens, named by their id, their URN, their name, or the first characters
of their id, 6 at least. A name is looked for among the tokens stored on this
machine, then among those you created, or those that --all, --owner, --actor or
--user let it look at.

All of them are found before the first is revoked. On a terminal you are shown
what will go, and asked; elsewhere --yes is needed. A token that is gone already
counts as revoked.`,
		Example: `  pat revoke ci
  pat revoke HnMJyl
  pat revoke 'HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A=' --yes
  pat revoke --all reports --dry-run
  pat revoke --self --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd, args); err != nil {
				return err
			}
			return runRevoke(cmd.Context(), w, o, args)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.self, "self", false, "revoke the token that pat uses itself")
	f.BoolVar(&o.includingMine, "including-mine", false, "revoke the token that pat uses itself, if it is named")
	f.BoolVar(&o.simulate, "dry-run", false, "show what would be revoked, and how, and do nothing")
	o.scope.bind(cmd)
	return cmd
}

func (o *revokeOptions) check(cmd *cobra.Command, args []string) error {
	switch {
	case o.self && len(args) > 0:
		return failure.New(failure.Usage, "--self is the token in use: it takes no name beside it").WithHint("usage: %s", cmd.UseLine())
	case !o.self && len(args) == 0:
		return failure.New(failure.Usage, "which token shall be revoked?").WithHint("usage: %s; `pat list` shows them", cmd.UseLine())
	}
	return nil
}

func runRevoke(ctx context.Context, w *world, o *revokeOptions, words []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	job := &revocation{w: w, options: o}
	var err error
	if job.out, err = w.output(); err != nil {
		return err
	}
	if job.client, err = w.client(ctx); err != nil {
		return err
	}
	w.noticeHidden()
	if job.stored, err = w.storedHere(job.client.Address()); err != nil {
		return err
	}
	if err := job.find(ctx, words); err != nil {
		return err
	}
	if o.simulate {
		return job.simulate()
	}
	if err := job.confirm(ctx); err != nil {
		return err
	}
	job.revokeAll(ctx)
	return job.tell()
}

// find settles which tokens are meant before anything goes.
func (job *revocation) find(ctx context.Context, words []string) error {
	lookout := &lifecycle.Lookout{Stored: job.stored, List: func(ctx context.Context) ([]datahub.Token, error) {
		scope, err := job.options.scope.scope(ctx, job.client)
		if err != nil {
			return nil, err
		}
		return job.client.List(ctx, scope)
	}}
	if job.options.self {
		return job.findSelf(ctx, lookout)
	}
	for _, word := range words {
		meant, err := lookout.Find(ctx, word)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(job.meant, func(m lifecycle.Meant) bool { return m.ID == meant.ID }) {
			job.meant = append(job.meant, meant)
		}
	}
	if err := job.learnFacts(ctx); err != nil {
		return err
	}
	return job.guardMine()
}

// findSelf finds the token in use: by the keyring's index, else as the only
// one with the credential's actor and end.
func (job *revocation) findSelf(ctx context.Context, lookout *lifecycle.Lookout) error {
	recognised, err := job.w.recognised(job.stored)
	if err != nil {
		return err
	}
	if recognised != "" {
		meant, err := lookout.Find(ctx, recognised)
		job.meant = []lifecycle.Meant{meant}
		return err
	}
	claims, known := job.client.Claims()
	if !known || claims.Type == "SESSION" {
		return failure.New(failure.NotFound, "what pat uses here is not an access token that could be revoked").
			WithHint("`pat whoami` says where it comes from")
	}
	tokens, err := lookout.List(ctx)
	if err != nil {
		return err
	}
	found := lifecycle.InUse(tokens, "", claims, known)
	if len(found) != 1 {
		return selfUnclear(found)
	}
	at := slices.IndexFunc(tokens, func(t datahub.Token) bool { return t.ID == found[0] })
	job.meant = []lifecycle.Meant{{Token: tokens[at], Known: true}}
	return nil
}

func selfUnclear(found []string) error {
	if len(found) == 0 {
		return failure.New(failure.NotFound, "the token in use is not among those you created: somebody else may have made it for you").
			WithHint("whoever created it can revoke it, or a manager of all tokens with `pat revoke --all --self`")
	}
	return failure.New(failure.Ambiguous, "%d of your tokens could be the one in use: they end alike", len(found)).
		WithHint("name it by its id with --including-mine")
}

// learnFacts asks for what is known of tokens named by id only, where somebody
// is going to decide about them.
func (job *revocation) learnFacts(ctx context.Context) error {
	if !job.asks() && !job.options.simulate {
		return nil
	}
	for i, meant := range job.meant {
		if meant.Known {
			continue
		}
		token, presence, err := job.client.Find(ctx, meant.ID)
		if err != nil {
			return err
		}
		if presence == datahub.Present {
			job.meant[i].Token, job.meant[i].Known = token, true
		}
	}
	return nil
}

// guardMine refuses to revoke the credential in use by accident.
func (job *revocation) guardMine() error {
	recognised, err := job.w.recognised(job.stored)
	if err != nil {
		return err
	}
	claims, known := job.client.Claims()
	for _, meant := range job.meant {
		ids := lifecycle.InUse([]datahub.Token{meant.Token}, recognised, claims, known)
		switch {
		case len(ids) == 0 || job.options.includingMine:
		case recognised == "" && (!meant.Known || meant.NeverExpires()):
			job.unclear = true
		default:
			return failure.New(failure.Usage, "%s is the token that pat uses itself", nameOrID(meant)).
				WithHint("add --including-mine to revoke it all the same")
		}
	}
	return nil
}

// recognised is the id of the credential in use, where the keyring's index
// knows it by its secret.
func (w *world) recognised(stored []keyring.Record) (string, error) {
	if len(stored) == 0 || w.knownPair == nil || w.knownPair.Secret == "" {
		return "", nil
	}
	record, found, err := w.knownKeyring.RecordOf(w.knownPair.Secret)
	if err != nil || !found {
		return "", err
	}
	if _, isID := datahub.ParseTokenID(record.ID); !isID {
		return "", nil
	}
	return record.ID, nil
}
