package cli

import (
	"context"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
)

// mintOptions are those of `pat exec --mint`.
type mintOptions struct {
	wanted   bool
	duration datahub.Duration
	token    createOptions
}

func (o *mintOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.wanted, "mint", false, "issue a token for this run alone, and revoke it at the end")
	f.StringVar(&o.token.duration, "duration", "ONE_HOUR", "with --mint: how long the token shall last at the most")
	f.StringVar(&o.token.actor, "actor", "", "with --mint: whom it shall represent: a user name or URN (default: you)")
	f.StringVar(&o.token.serviceAccount, "service-account", "", "with --mint: the service account it shall represent, by id or name (DataHub 1.4)")
}

// check reads the options, before anything is asked of anybody.
func (o *mintOptions) check(cmd *cobra.Command) (err error) {
	if !o.wanted {
		for _, name := range []string{"duration", "actor", "service-account"} {
			if cmd.Flags().Changed(name) {
				return failure.New(failure.Usage, "--%s goes with --mint: a token that exists is as it is", name)
			}
		}
		return nil
	}
	if cmd.ArgsLenAtDash() == 1 {
		return failure.New(failure.Usage, "--mint makes a token for this run, so it takes no name of another").WithHint("leave one of them away")
	}
	if o.duration, err = datahub.ParseDuration(o.token.duration); err != nil {
		return err
	}
	if o.duration.Never() {
		return failure.New(failure.Usage, "a token for one run has an end").WithHint("give it one, such as --duration ONE_DAY")
	}
	o.token.to = []string{"exec"} // nobody else's token goes to one's own keyring: it goes nowhere
	return o.token.checkActor(cmd)
}

// minting is one run of `pat exec --mint`.
type minting struct {
	w             *world
	options       *mintOptions
	program       string
	command       []string
	hand          handover.Handover // its token is the new one, once that exists
	client        *datahub.Client
	caller, actor datahub.URN
	relay         *relay
}

func runMint(ctx context.Context, w *world, o *mintOptions, command []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	job := &minting{w: w, options: o, command: command}
	if err := job.prepare(ctx); err != nil {
		return err
	}
	issuance, err := w.issuance(job.client, nil, "mint")
	if err != nil {
		return err
	}
	job.relay = w.newRelay(cancel)
	defer job.relay.close()
	var end error
	err = issuance.Lend(ctx, job.token(), func(issued datahub.Issued) { end = job.run(ctx, issued) })
	if err != nil {
		return err
	}
	return end
}

// prepare settles all that can be wrong before there is a token.
func (job *minting) prepare(ctx context.Context) (err error) {
	if job.program, err = findProgram(job.command[0]); err != nil {
		return err
	}
	if job.hand, err = job.w.handOver(ctx, "", ""); err != nil {
		return err
	}
	if job.client, err = job.w.client(ctx); err != nil {
		return err
	}
	if job.caller, err = job.client.Caller(ctx); err != nil {
		return err
	}
	job.actor, err = job.representing(ctx)
	return err
}

// representing is whom the token shall represent.
func (job *minting) representing(ctx context.Context) (datahub.URN, error) {
	o := job.options.token
	actor, err := o.chosenActor(ctx, &creation{client: job.client, caller: job.caller})
	if o.actor != "" && (failure.KindOf(err) == failure.NotFound || failure.KindOf(err) == failure.Usage) {
		return actor, failure.Of(err).WithHint("--actor takes a user, --service-account a service account")
	}
	return actor, err
}

// token is what to ask for.
func (job *minting) token() datahub.NewToken {
	occasion := job.w.occasionOf(job.command[0])
	return datahub.NewToken{
		Type: job.options.token.tokenType(), Actor: job.actor, Name: occasion.name(), Description: occasion.description(),
		Mark: datahub.NewMark(), Duration: job.options.duration,
	}
}

// run runs the command with the token, and ends as it does.
func (job *minting) run(ctx context.Context, issued datahub.Issued) error {
	if issued.Owner != job.caller || job.w.global.as != "" {
		job.w.notice("%s", tokensUnchecked)
	}
	job.hand.Secret = issued.Secret
	env, err := job.hand.Environment(job.w.Environ())
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	child := &exec.Cmd{Path: job.program, Args: job.command, Env: env, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := job.relay.start(child); err != nil {
		return err
	}
	defer job.relay.ended()
	defer job.warnOfEnd(issued.Token).Stop()
	job.w.took("running")
	return asItEnded(child.Wait())
}

// warnOfEnd says shortly before the token ends that it does. Until then it takes
// as long as by the server's clock, which need not be right.
func (job *minting) warnOfEnd(token datahub.Token) *time.Timer {
	life := token.ExpiresAt.Sub(token.CreatedAt)
	return time.AfterFunc(life-early(life), func() {
		job.w.notice("the token of this run ends in %s, and %s goes on; for longer: --duration",
			early(life).Round(time.Millisecond), shellWord(job.command[0]))
	})
}

// early is how long before the end of such a life there is a warning.
func early(life time.Duration) time.Duration { return min(life/10, 5*time.Minute) }
