package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

type rotateOptions struct {
	scope                        scopeFlags
	selection                    selectionFlags
	self, stored, yes, keepOld   bool
	takeOwnership, allowNoExpiry bool
	max                          int
	duration                     string
	to                           []string
	simulate                     bool
	cmd                          *cobra.Command
}

func newRotate(w *world) *cobra.Command {
	o := &rotateOptions{}
	o.cmd = &cobra.Command{
		Use:   "rotate ID|URN|NAME|PREFIX...",
		Short: "Replace tokens by new ones like them",
		Long: `Replace tokens: for each a new one is issued with the same name, description,
actor and length of life, proven by a request made with it, and delivered to where
the old one is kept. Only then is the old one revoked. Whatever fails leaves the
old one working.

Where the old one is kept is known for the keyring, and for the file that the
credential in use was read from; else --to says where the new one goes. A file is
replaced only if it still holds the old token.

Use it before tokens end, and where they are to be replaced on schedule.`,
		Example: `  pat rotate ci
  pat rotate ci --duration ONE_MONTH --keep-old
  pat rotate --stored --expiring-within 7d --dry-run
  pat rotate --stored --expiring-within 7d --yes --max 20
  pat rotate --self --token-file mine.token --server https://datahub.example.com --yes
  pat rotate reports --to 'exec:gh secret set DATAHUB_GMS_TOKEN'`,
		GroupID:     groupTokens,
		Annotations: seeAlso("create", "revoke", "filters", "durations").prints("rotate"),
		SuggestFor:  []string{"renew", "refresh", "replace"},
		RunE:        func(cmd *cobra.Command, args []string) error { return runRotate(cmd.Context(), w, o, args) },
	}
	o.bind()
	return o.cmd
}

func (o *rotateOptions) bind() {
	f := o.cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.simulate, "dry-run", false, "show what would be rotated, and how, and do nothing")
	f.BoolVar(&o.self, "self", false, "rotate the token that pat uses itself")
	f.BoolVar(&o.stored, "stored", false, "rotate what this machine keeps in its keyring for the server")
	f.IntVar(&o.max, "max", 0, "rotate nothing if more tokens are selected; needed beside --yes")
	f.StringVar(&o.duration, "duration", "", "how long the new token shall last (default: as long as the old one's whole life)")
	bindTexts(o.cmd, &o.to, "to", "where the new secret goes: keyring, file:PATH, exec:COMMAND or stdout; repeatable (default: where the old one is kept)")
	f.BoolVar(&o.keepOld, "keep-old", false, "do not revoke the old token")
	f.BoolVar(&o.allowNoExpiry, "allow-no-expiry", false, "let a token that never ends be replaced by another")
	f.BoolVar(&o.takeOwnership, "take-ownership", false, "rotate tokens of other owners too: the new ones are yours")
	o.scope.bind(o.cmd)
	o.selection.bind(o.cmd, "name")
}

func runRotate(ctx context.Context, w *world, o *rotateOptions, words []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	job := &rotation{w: w, options: o}
	if err := job.prepare(ctx, words); err != nil {
		return err
	}
	if len(job.meant) == 0 {
		w.notice("no tokens are selected")
		return job.tell()
	}
	if o.simulate {
		return job.simulate()
	}
	if err := job.agree(ctx); err != nil {
		return err
	}
	for _, meant := range job.meant {
		job.rotate(ctx, meant)
	}
	return job.tell()
}

// rotation is one run of `pat rotate`.
type rotation struct {
	w        *world
	options  *rotateOptions
	out      render.Output
	duration datahub.Duration
	client   *datahub.Client
	stored   []keyring.Record
	meant    []lifecycle.Meant
	mine     string // the id of the token in use, if it is among them
	byFilter bool
	results  []rotatedRecord
	errors   []error
}

func (job *rotation) prepare(ctx context.Context, words []string) (err error) {
	if job.out, err = job.w.output(); err != nil {
		return err
	}
	if job.options.duration != "" {
		if job.duration, err = datahub.ParseDuration(job.options.duration); err != nil {
			return err
		}
	}
	if job.duration.Never() && !job.options.allowNoExpiry {
		return failure.New(failure.Usage, "tokens that never end are asked for").WithHint("add --allow-no-expiry")
	}
	if job.client, err = job.w.client(ctx); err != nil {
		return err
	}
	if job.stored, err = job.w.storedHere(job.client.Address()); err != nil {
		return err
	}
	if err := job.pick(ctx, words); err != nil {
		return err
	}
	if err := job.findMine(); err != nil {
		return err
	}
	return job.checkPlaces()
}

// pick finds the tokens that are meant: by word, as the one in use, or by
// selection.
func (job *rotation) pick(ctx context.Context, words []string) error {
	selection, err := job.options.selection.selection(job.w.now())
	if err != nil {
		return err
	}
	o := job.options
	job.byFilter = o.stored || !selection.Empty()
	switch ways := countTrue(len(words) > 0, o.self, job.byFilter); {
	case ways == 0:
		return failure.New(failure.Usage, "which token shall be rotated?").WithHint("name it, or give --self, --stored or a selection such as --expiring-within 7d")
	case ways > 1:
		return failure.New(failure.Usage, "names, --self and selections exclude each other").WithHint("give one of them")
	}
	if job.byFilter {
		return job.pickSelected(ctx, selection)
	}
	return job.pickNamed(ctx, words)
}

func countTrue(conditions ...bool) int {
	count := 0
	for _, is := range conditions {
		if is {
			count++
		}
	}
	return count
}

// pickSelected picks by selection among the tokens in scope, or those stored.
func (job *rotation) pickSelected(ctx context.Context, selection datahub.Selection) error {
	scope, err := job.options.scope.scope(ctx, job.client)
	if err != nil {
		return err
	}
	selected, err := job.client.Select(ctx, scope, selection, job.w.now())
	if err != nil {
		return err
	}
	kept := idsOf(job.stored)
	for _, token := range selected {
		if !job.options.stored || kept[token.ID] {
			job.meant = append(job.meant, lifecycle.Meant{Token: token, Known: true, Stored: kept[token.ID]})
		}
	}
	if limit := job.options.max; limit > 0 && len(job.meant) > limit {
		return failure.New(failure.Usage, "%d tokens are selected, more than --max %d: nothing was rotated", len(job.meant), limit)
	}
	return nil
}

func (job *rotation) list(ctx context.Context) ([]datahub.Token, error) {
	scope, err := job.options.scope.scope(ctx, job.client)
	if err != nil {
		return nil, err
	}
	return job.client.List(ctx, scope)
}

// pickNamed picks the tokens that words mean, or the one in use. The keyring's
// index does not know their descriptions: the server is asked.
func (job *rotation) pickNamed(ctx context.Context, words []string) error {
	lookout := &lifecycle.Lookout{Stored: job.stored, List: job.list}
	if job.options.self {
		meant, err := job.w.findSelf(ctx, lookout, job.client)
		job.meant = []lifecycle.Meant{meant}
		return err
	}
	for _, word := range words {
		meant, err := lookout.Find(ctx, word)
		if err != nil {
			return err
		}
		token, presence, err := job.client.Find(ctx, meant.ID)
		if err != nil {
			return err
		}
		if presence != datahub.Present && !meant.Known {
			return failure.New(failure.NotFound, "%s is not found", meant.ID).WithHint("a new token may take seconds to appear")
		}
		if presence == datahub.Present {
			meant.Token = token
		}
		job.meant = append(job.meant, meant)
	}
	return nil
}

// findMine tells which of the tokens is the one in use: its profile or file
// follows.
func (job *rotation) findMine() error {
	recognised, err := job.w.recognised(job.stored)
	if err != nil {
		return err
	}
	tokens := make([]datahub.Token, len(job.meant))
	for i, meant := range job.meant {
		tokens[i] = meant.Token
	}
	claims, known := job.client.Claims()
	if ids := lifecycle.InUse(tokens, recognised, claims, known); len(ids) == 1 {
		job.mine = ids[0]
	}
	return nil
}

// agree shows what will be replaced and asks.
func (job *rotation) agree(ctx context.Context) error {
	o := job.options
	if o.keepOld {
		return nil
	}
	if job.byFilter && o.yes && o.max == 0 {
		return failure.New(failure.Usage, "%s selected", counted(len(job.meant), "token is", "tokens are")).
			WithHint("beside --yes say how many it may be at the most: --max %d", len(job.meant))
	}
	what := counted(len(job.meant), "token", "tokens")
	return job.w.agreed(ctx, consent{
		given: o.yes, verb: "rotate", what: what, declined: "nothing was rotated",
		show: func() error { return job.w.showMeant(job.meant) },
		ask: func(ctx context.Context) (bool, error) {
			where := job.client.Address().String()
			if len(job.meant) == 1 {
				return job.w.Confirm(ctx, fmt.Sprintf("Replace this token on %s, and revoke it?", where))
			}
			number := strconv.Itoa(len(job.meant))
			answer, err := job.w.Ask(ctx, fmt.Sprintf("To replace these %s tokens on %s, type %s:", number, where, number))
			return answer == number, err
		},
	})
}
