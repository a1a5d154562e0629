package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

type revokeOptions struct {
	scope                              scopeFlags
	selection                          selectionFlags
	self, yes, includingMine, simulate bool
	secretStdin                        bool
	max                                int

	from source
	cmd  *cobra.Command // as it was given
}

// source is what says which tokens are revoked.
type source string

// The sources, as they are called in messages.
const (
	fromWords     source = "names"
	fromStdin     source = "ids on stdin"
	fromSelection source = "a selection"
	fromSelf      source = "--self"
	fromSecret    source = "--secret-stdin"
)

func newRevoke(w *world) *cobra.Command {
	o := &revokeOptions{}
	o.cmd = &cobra.Command{
		Use:   "revoke ID|URN|NAME|PREFIX... | -",
		Short: "Revoke tokens: one, several, all that match, or a leaked secret",
		Long: `Revoke tokens, named by their id, their URN, their name, or the first characters
of their id, 6 at least. A name is looked for among the tokens stored on this
machine, then among those you created, or those that --all, --owner, --actor or
--user let it look at. With - full ids and URNs are read from stdin, one a line.

A selection revokes all tokens in scope that fit: --name, --expired and the like,
as ` + "`pat list`" + ` takes them. --owner, --actor and --user select too; --all alone
does not. Tokens that appear meanwhile are not touched.

All of them are found before the first is revoked. On a terminal you are shown
what will go, and asked, for several by their number; elsewhere --yes is needed,
and for a selection and for ids on stdin also --max. The token that pat uses
itself is left out of a selection, and needs --including-mine where it is named;
then it goes last. A token that is gone already counts as revoked. What fails can
be tried again with the same command. After an interruption the result has the
tokens that were asked to be revoked by then; all others were not touched.

--secret-stdin finds the token of a secret that got into the wrong hands, which is
read from stdin, and revokes it. Where you may not look it up, the secret itself
is used to find it, so that no other token is needed beside --server.

Use it when a job ends, when somebody leaves, and at once when a secret got into the
wrong hands.`,
		Example: `  pat revoke ci
  pat revoke 'HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A=' --yes
  pat revoke --name 'ci-*' --expired
  pat revoke --user jdoe --dry-run
  pat list --all --expired -o id | pat revoke - --yes --max 50
  pat revoke --secret-stdin <leaked.txt
  pat revoke --self --yes`,
		GroupID:     groupTokens,
		Annotations: seeAlso("list", "rotate", "logout", "filters").prints("revoke"),
		SuggestFor:  []string{"delete", "remove", "rm", "kill"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(w, args); err != nil {
				return err
			}
			return runRevoke(cmd.Context(), w, o, args)
		},
	}
	o.bind()
	return o.cmd
}

func (o *revokeOptions) bind() {
	f := o.cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.IntVar(&o.max, "max", 0, "revoke nothing if more tokens are meant; needed beside --yes for a selection and for ids on stdin")
	f.BoolVar(&o.simulate, "dry-run", false, "show what would be revoked, and how, and do nothing")
	f.BoolVar(&o.self, "self", false, "revoke the token that pat uses itself")
	f.BoolVar(&o.includingMine, "including-mine", false, "revoke the token that pat uses itself too, the last of all")
	f.BoolVar(&o.secretStdin, "secret-stdin", false, "revoke the token of the secret on stdin")
	o.scope.bind(o.cmd)
	o.selection.bind(o.cmd, "name")
}

// check refuses wrong usage before anything is read or asked for.
func (o *revokeOptions) check(w *world, args []string) error {
	if o.cmd.Flags().Changed("max") && o.max < 1 {
		return failure.New(failure.Usage, "--max takes 1 or more, not %d", o.max)
	}
	switch given := o.sources(args); len(given) {
	case 0:
		return o.nothingMeant()
	case 1:
		o.from = given[0]
	default:
		return failure.New(failure.Usage, "%s and %s exclude each other", given[0], given[1]).WithHint("usage: %s", o.cmd.UseLine())
	}
	return o.checkConsent(w)
}

// sources are the ways in which it is said which tokens are meant. Who owns them
// or whom they represent says that only where nothing else does: beside names it
// says where to look.
func (o *revokeOptions) sources(args []string) []source {
	var given []source
	note := func(is bool, from source) {
		if is {
			given = append(given, from)
		}
	}
	note(slices.Contains(args, "-"), fromStdin)
	note(slices.ContainsFunc(args, func(word string) bool { return word != "-" }), fromWords)
	note(o.self, fromSelf)
	note(o.secretStdin, fromSecret)
	note(o.selection.given(), fromSelection)
	note(len(given) == 0 && o.scope.people(), fromSelection)
	return given
}

func (o *revokeOptions) nothingMeant() error {
	if o.scope.all {
		return failure.New(failure.Usage, "--all says whose tokens to look at, not which to revoke").
			WithHint("name tokens, or select some, for example with --expired or --name GLOB; `pat list --all` shows them")
	}
	return failure.New(failure.Usage, "which token shall be revoked?").WithHint("usage: %s; `pat list` shows them", o.cmd.UseLine())
}

// checkConsent refuses to revoke an unknown number of tokens where nobody can be
// asked, unless it is limited.
func (o *revokeOptions) checkConsent(w *world) error {
	switch {
	case o.from != fromSelection && o.from != fromStdin, o.simulate, o.yes && o.max > 0, w.Interactive():
		return nil
	}
	return failure.New(failure.Usage, "nobody can be asked here whether to revoke %s", o.from).
		WithHint("add --yes to revoke without asking, and with --max how many tokens it may be at the most; --dry-run shows them")
}

func runRevoke(ctx context.Context, w *world, o *revokeOptions, words []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	job := &revocation{w: w, options: o, results: []revokedRecord{}}
	if err := job.read(ctx); err != nil {
		return err
	}
	if o.from == fromSecret {
		return job.runLeaked(ctx)
	}
	if err := job.prepare(ctx); err != nil {
		return err
	}
	if err := job.find(ctx, words); err != nil {
		return err
	}
	return job.run(ctx)
}
