package cli

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

type createOptions struct {
	name, description, duration      string
	actor, serviceAccount            string
	to                               []string
	overwrite, ifAbsent, replace     bool
	minLeft                          string
	allowNoExpiry, allowUnknownActor bool
}

func newCreate(w *world) *cobra.Command {
	o := &createOptions{}
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Issue a token and put its secret where you want it",
		Long: `Issue a token and deliver its secret: to the keyring of your operating system,
unless --to says otherwise. The secret is shown nowhere else, and DataHub tells
it only once.

Everything is made ready before the token is issued. If the secret cannot be
delivered, the token is revoked again.

Use it for each job, person or machine that is to talk to DataHub: one token each,
so that one can be revoked without the others.`,
		Example: `  pat create ci
  pat create --duration ONE_MONTH --name ci
  TOKEN=$(pat create ci --to stdout)
  pat create ingest --duration 90d --to file:ingest.token --to keyring
  pat create reports --actor jdoe --to file:jdoe.token
  pat create nightly --service-account ingest --to file:ingest.token`,
		GroupID:     groupTokens,
		Annotations: seeAlso("list", "revoke", "rotate", "secret", "durations").prints("create"),
		SuggestFor:  []string{"new", "add", "issue", "generate"},
		Args:        takes(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.takeName(args); err != nil {
				return err
			}
			if err := o.checkActor(cmd); err != nil {
				return err
			}
			return runCreate(cmd.Context(), w, o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.name, "name", "", "the token's name, 1 to 50 characters; need not be unique")
	f.StringVar(&o.duration, "duration", "", "how long it shall last: ONE_HOUR to ONE_YEAR, 12h, 90d, P30D, NO_EXPIRY (or PAT_DURATION; default one hour)")
	f.StringVar(&o.actor, "actor", "", "whom it shall represent: a user name or URN (default: you)")
	f.StringVar(&o.serviceAccount, "service-account", "", "the service account it shall represent, by id or name (DataHub 1.4)")
	f.StringVar(&o.description, "description", "", "what it is for, at most 470 characters")
	bindTexts(cmd, &o.to, "to", "where the secret goes: keyring, file:PATH[,mode=0640], datahubenv, exec:COMMAND or stdout; repeatable (or PAT_TO; default keyring)")
	f.BoolVar(&o.overwrite, "overwrite", false, "let --to file:PATH replace a file")
	f.BoolVar(&o.ifAbsent, "if-absent", false, "issue nothing if every destination holds a token of that actor that lasts long enough")
	f.StringVar(&o.minLeft, "min-left", "", "beside --if-absent: how long it must still last (default: a tenth of the duration)")
	f.BoolVar(&o.replace, "replace", false, "replace the token that the destinations hold: the old one is revoked when the new one is there")
	f.BoolVar(&o.allowNoExpiry, "allow-no-expiry", false, "allow a token that never ends")
	f.BoolVar(&o.allowUnknownActor, "allow-unknown-actor", false, "issue it even if the user does not exist or is suspended")
	return cmd
}

// takeName takes the name from the argument or from --name, whichever is given.
func (o *createOptions) takeName(args []string) error {
	if len(args) == 1 && o.name != "" && o.name != args[0] {
		return failure.New(failure.Usage, "two names are given: %q and --name %q", args[0], o.name).WithHint("give one")
	}
	if len(args) == 1 {
		o.name = args[0]
	}
	o.name = strings.TrimSpace(o.name)
	switch length := utf8.RuneCountInString(o.name); {
	case length == 0:
		return failure.New(failure.Usage, "the token needs a name").WithHint("pat create NAME")
	case length > datahub.MaxName:
		return failure.New(failure.Usage, "the name has %d characters, and DataHub's page shows %d at most", length, datahub.MaxName).WithHint("give a shorter one")
	}
	if length := utf8.RuneCountInString(o.description); length > datahub.MaxDescription {
		return failure.New(failure.Usage, "the description has %d characters; %d are possible", length, datahub.MaxDescription).WithHint("give a shorter one")
	}
	return nil
}

func runCreate(ctx context.Context, w *world, o *createOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	duration, defaulted, err := o.chosenDuration(ctx, w)
	if err != nil {
		return err
	}
	job, err := prepareCreate(ctx, w, o)
	if err != nil {
		return err
	}
	if o.ifAbsent {
		if absent, err := o.absent(w, job, duration); err != nil || !absent {
			return err
		}
	}
	wanted := datahub.NewToken{
		Type: o.tokenType(), Actor: job.actor, Name: o.name, Description: o.description, Mark: datahub.NewMark(), Duration: duration,
	}
	issued, err := o.issue(ctx, w, job, wanted)
	if err != nil {
		return err
	}
	return job.tell(w, issued, defaulted)
}

// issue issues the token, in the place of the one that is there already where
// that is asked for.
func (o *createOptions) issue(ctx context.Context, w *world, job *creation, wanted datahub.NewToken) (datahub.Issued, error) {
	issuance, err := w.issuance(job.client, job.destinations, "create")
	if err != nil {
		return datahub.Issued{}, err
	}
	if !o.replace {
		if err := o.refuseDouble(w, job); err != nil {
			return datahub.Issued{}, err
		}
		return issuance.Issue(ctx, wanted)
	}
	old, err := o.predecessor(ctx, w, job)
	if err != nil {
		return datahub.Issued{}, err
	}
	if old == nil {
		return issuance.Issue(ctx, wanted)
	}
	rotation := lifecycle.Rotation{Issuance: *issuance, Old: *old, Wanted: &wanted, As: w.clientAs}
	rotated, err := rotation.Rotate(ctx)
	if err == nil {
		w.letGo(ctx, job.client.Address(), *old, rotated)
	}
	return rotated.Issued, err
}

// chosenDuration is --duration, else PAT_DURATION, else the profile's, else an
// hour.
func (o *createOptions) chosenDuration(ctx context.Context, w *world) (d datahub.Duration, defaulted bool, err error) {
	text := o.duration
	if text == "" {
		text, _ = w.Env("PAT_DURATION")
	}
	if text == "" {
		pair, err := w.pair(ctx)
		if err != nil {
			return d, false, err
		}
		text = pair.Duration
	}
	if text == "" {
		text, defaulted = "ONE_HOUR", true
	}
	d, err = datahub.ParseDuration(text)
	if err == nil && d.Never() && !o.allowNoExpiry {
		err = failure.New(failure.Usage, "a token that never ends is asked for").
			WithHint("give it an end, such as --duration ONE_YEAR, or add --allow-no-expiry")
	}
	return d, defaulted, err
}

// creation is what is settled before a token is issued.
type creation struct {
	client        *datahub.Client
	caller, actor datahub.URN
	description   string
	destinations  []delivery.Destination
	out           render.Output
	printed       bool // the result is on stdout already
}

func prepareCreate(ctx context.Context, w *world, o *createOptions) (*creation, error) {
	job := &creation{description: o.description}
	var err error
	if job.out, err = w.output(); err != nil {
		return nil, err
	}
	if job.destinations, err = o.destinations(w, job); err != nil {
		return nil, err
	}
	if job.client, err = w.client(ctx); err != nil {
		return nil, err
	}
	w.noticeHidden()
	if job.caller, err = job.client.Caller(ctx); err != nil {
		return nil, err
	}
	if job.actor, err = o.chosenActor(ctx, job); err != nil {
		return nil, err
	}
	return job, o.checkAgain(job)
}

// destinations are those of --to, else of PAT_TO, else the keyring.
func (o *createOptions) destinations(w *world, job *creation) ([]delivery.Destination, error) {
	to := o.to
	if text, _ := w.Env("PAT_TO"); len(to) == 0 && text != "" {
		to = []string{text}
	}
	if len(to) == 0 {
		to = []string{"keyring"}
	}
	destinations, err := w.destinations(to, o.overwrite || o.replace, func(secret delivery.Token) error { return job.printSecret(w, secret) })
	if err == nil && job.toStdout(destinations) && !job.out.Structured() && job.out.Format != render.Table {
		return nil, failure.New(failure.Usage, "--to stdout prints the secret alone, or with -o json, jsonl or yaml, not with -o %s", job.out.Format).
			WithHint("leave -o away")
	}
	return destinations, err
}

func (job *creation) toStdout(destinations []delivery.Destination) bool {
	for _, destination := range destinations {
		if destination.String() == "stdout" {
			return true
		}
	}
	return false
}

// refuseDouble refuses a second active token of a name in the keyring: `pat
// secret NAME` would not know which is meant.
func (o *createOptions) refuseDouble(w *world, job *creation) error {
	if job.destinations[0].String() != "keyring" {
		return nil
	}
	stored, err := w.storedHere(job.client.Address())
	if err != nil {
		return err
	}
	for _, record := range stored {
		if record.Name == o.name && (record.ExpiresAt.IsZero() || record.ExpiresAt.After(w.now())) {
			return failure.New(failure.Exists, "an active token called %q is kept in the keyring already", o.name).
				WithHint("`pat secret %s` gives its secret; give another name, another --to, or first `pat revoke %s`", shellWord(o.name), shellWord(o.name))
		}
	}
	return nil
}
