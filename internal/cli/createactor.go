package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// checkActor refuses what leaves open whom the token shall represent, and a
// token for somebody else without a place to go.
func (o *createOptions) checkActor(cmd *cobra.Command) error {
	for _, name := range []string{"actor", "service-account"} {
		if flag := cmd.Flags().Lookup(name); flag.Changed && flag.Value.String() == "" {
			return failure.New(failure.Usage, "--%s is empty", name).WithHint("say whom the token shall represent, or leave the flag away")
		}
	}
	if o.serviceAccount == "" {
		return nil
	}
	if o.actor != "" {
		return failure.New(failure.Usage, "--actor and --service-account exclude each other").WithHint("a token represents one of them")
	}
	return o.needPlace(o.serviceAccount)
}

// needPlace refuses to put a token for somebody else into one's own keyring
// unasked.
func (o *createOptions) needPlace(whose string) error {
	if len(o.to) > 0 {
		return nil
	}
	return failure.New(failure.Usage, "a token for %s does not go to your keyring by default", whose).
		WithHint("say where it shall go, such as --to %s", shellWord("file:"+whose+".token"))
}

// tokenType is the type that a token for the chosen actor has.
func (o *createOptions) tokenType() datahub.TokenType {
	if o.serviceAccount != "" {
		return datahub.ServiceAccountToken
	}
	return datahub.Personal
}

// chosenActor is whom --service-account or --actor means: somebody who can use a
// token. Without either it is the caller, who may be a service account: for
// itself it may create personal tokens, as all users may.
func (o *createOptions) chosenActor(ctx context.Context, job *creation) (datahub.URN, error) {
	switch o.actor {
	case "", "me":
		if o.serviceAccount != "" {
			return job.client.ServiceAccountURN(ctx, o.serviceAccount)
		}
		return job.caller, nil
	}
	actor, err := datahub.ParseUser(o.actor)
	if err != nil {
		return "", err
	}
	if actor.IsServiceAccount() {
		if err := refusePersonal(ctx, job.client, actor); err != nil {
			return "", err
		}
	}
	if actor == job.caller {
		return actor, nil
	}
	if err := o.needPlace(actor.Username()); err != nil || o.allowUnknownActor {
		return actor, err
	}
	return actor, refuseUseless(ctx, job.client, actor)
}

// refuseUseless refuses an actor for whom DataHub would issue a token only to
// refuse it later.
func refuseUseless(ctx context.Context, client *datahub.Client, actor datahub.URN) error {
	user, err := client.LookUpUser(ctx, actor)
	switch {
	case err != nil:
		return err
	case !user.Exists:
		return failure.New(failure.NotFound, "there is no user %s: DataHub would issue the token, and refuse it wherever it is used", actor.Username()).
			WithHint("check the name, or insist with --allow-unknown-actor")
	case user.Suspended:
		return failure.New(failure.NotFound, "%s is suspended: DataHub would issue the token, and refuse it wherever it is used", actor.Username()).
			WithHint("insist with --allow-unknown-actor")
	}
	return nil
}

// refusePersonal refuses a personal token for what looks like a service account,
// where the server has them: it would issue one, of the wrong type. On an older
// server it is a user's name like any other.
func refusePersonal(ctx context.Context, client *datahub.Client, actor datahub.URN) error {
	_, err := client.ServiceAccount(ctx, string(actor))
	switch failure.KindOf(err) {
	case failure.Usage, failure.NotFound:
		return nil
	case "", failure.Forbidden:
	default:
		return err
	}
	return failure.New(failure.Usage, "%s is a service account, whose tokens are of a type of their own", actor.Username()).
		WithHint("pat create NAME --service-account %s --to file:PATH", actor.Username())
}
