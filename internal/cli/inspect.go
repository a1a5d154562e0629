package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

type inspectOptions struct {
	scope        scopeFlags
	self, online bool
}

func newInspect(w *world) *cobra.Command {
	o := &inspectOptions{}
	cmd := &cobra.Command{
		Use:   "inspect ID|URN|NAME|PREFIX | --self | -",
		Short: "Show all that is known of one token",
		Long: `Show all that is known of one token: its name and description, whom it
represents and who created it, when it was created and when it ends, where its
secret is kept on this machine, and whether it is the one in use. A name is looked
for among the tokens stored on this machine, then among those you created, or
those that --all, --owner, --actor or --user let it look at. With --self it is the
token that pat uses itself; where it is not among those, as when somebody else made
it for you, it is what it says of itself and whether the server accepts it.

With - a raw token is read from stdin and decoded without any network: what it
says of itself, which nobody has checked, and what this machine knows of it. The
token is not repeated.

--online sends that token to a server, which therefore is named with --server or
--profile, and says whether the server accepts it, whom it represents there and,
where that can be found, its id. That takes a manager of all tokens (DataHub 0.13),
or the token is told by whom it represents and when it ends. If the server does not
accept it, that is shown, and the exit code is 3.

Use it before revoking a token, and to find out what a token that was found
somewhere is.`,
		Example: `  pat inspect ci
  pat inspect reports --all -o json
  pat inspect --self -o json --jq .expiresAt
  pat inspect - <found.token
  pat inspect - --online --server https://datahub.example.com <found.token`,
		GroupID:     groupTokens,
		Annotations: seeAlso("list", "revoke", "whoami").prints("inspect"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(w, cmd, args); err != nil {
				return err
			}
			return runInspect(cmd.Context(), w, o, args)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.self, "self", false, "the token that pat uses itself")
	f.BoolVar(&o.online, "online", false, "with -: send the token to the server named by --server or --profile, and tell what becomes of it")
	o.scope.bind(cmd)
	return cmd
}

// check refuses wrong usage before anything is read or asked for.
func (o *inspectOptions) check(w *world, cmd *cobra.Command, args []string) error {
	usage := "usage: " + cmd.UseLine()
	raw := len(args) == 1 && args[0] == "-"
	switch {
	case len(args) == 0 && !o.self:
		return failure.New(failure.Usage, "which token shall be shown?").WithHint("%s; `pat list` shows them", usage)
	case len(args) > 1:
		return failure.New(failure.Usage, "one token is shown at a time").WithHint("%s; `pat list -o wide` shows many", usage)
	case len(args) == 1 && o.self:
		return failure.New(failure.Usage, "a token and --self exclude each other").WithHint("%s", usage)
	case o.online && !raw:
		return failure.New(failure.Usage, "--online goes with a raw token on stdin").
			WithHint("pat inspect - --online --server URL <FILE; by its name or id a token is looked up at the server anyway")
	case o.online && !w.serverGiven():
		return failure.New(failure.Usage, "--online sends the token to a server, and none is named").
			WithHint("name it with --server URL or --profile NAME: that of the environment or of the current profile may not be the one the token is for")
	case raw && (o.scope.all || o.scope.people()):
		return failure.New(failure.Usage, "--all, --owner, --actor and --user do not go with a raw token")
	}
	return nil
}

func runInspect(ctx context.Context, w *world, o *inspectOptions, args []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	i := &inspection{w: w, options: o, record: inspectRecord{Places: []tokenPlace{}, Candidates: []string{}}}
	var err error
	if i.out, err = w.output(); err != nil {
		return err
	}
	switch {
	case o.self:
		return i.runSelf(ctx)
	case args[0] == "-":
		return i.runRaw(ctx)
	}
	return i.runNamed(ctx, args[0])
}

// inspection is one run of `pat inspect`.
type inspection struct {
	w       *world
	options *inspectOptions
	out     render.Output
	client  *datahub.Client // nil: there is no server to ask
	why     error           // why there is none
	stored  []keyring.Record
	listed  []datahub.Token // in scope, once that was asked for
	pending map[string]bool // ids that the search index does not show yet
	record  inspectRecord
}

func (i *inspection) runNamed(ctx context.Context, word string) error {
	if err := i.prepare(ctx); err != nil {
		return err
	}
	lookout := &lifecycle.Lookout{Stored: i.stored, List: i.list}
	meant, err := lookout.Find(ctx, word)
	if err != nil {
		return err
	}
	return i.show(ctx, lookout, meant)
}

// prepare learns which server there is, if any, and what this machine keeps for
// it. Without a server it is what this machine keeps for all.
func (i *inspection) prepare(ctx context.Context) (err error) {
	i.client, i.why = i.w.client(ctx)
	if i.why == nil {
		i.stored, err = i.w.storedHere(i.client.Address())
		return err
	}
	if i.w.serverGiven() || i.w.global.tokenFile != "" || failure.KindOf(i.why) == failure.Interrupted {
		return i.why
	}
	everything, err := i.w.everywhere()
	i.stored = everything.stored
	return err
}

// list lists the tokens in scope, and those that are yet to appear there.
func (i *inspection) list(ctx context.Context) ([]datahub.Token, error) {
	switch {
	case i.client == nil:
		return nil, i.why
	case i.listed != nil:
		return i.listed, nil
	}
	scope, err := i.options.scope.scope(ctx, i.client)
	if err != nil {
		return nil, err
	}
	tokens, err := i.client.List(ctx, scope)
	if err != nil {
		return nil, err
	}
	i.listed, i.pending, err = i.w.withPending(i.client.Address(), scope, tokens)
	return i.listed, err
}
