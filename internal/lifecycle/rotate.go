package lifecycle

import (
	"context"
	"fmt"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// Rotation replaces a token by a new one like it. The old one is revoked only
// when the new one has answered for the same actor and has been delivered.
type Rotation struct {
	Issuance
	Old      datahub.Token
	Duration datahub.Duration // none given: as long as the old one's life
	KeepOld  bool
	// Wanted is what to ask for in place of a token like the old one.
	Wanted *datahub.NewToken
	// AllowNoExpiry lets a token that never ends be replaced by another.
	AllowNoExpiry bool
	// TakeOwnership lets the new token belong to the caller though the old one
	// belongs to somebody else.
	TakeOwnership bool
	// As is a client with the secret of the new token.
	As func(secret string) (*datahub.Client, error)
}

// Rotated is how a rotation ended.
type Rotated struct {
	Issued  datahub.Issued
	Old     datahub.Revocation // empty: it still works
	OldLeft error              // why the old token still works, where it should not
}

// Rotate issues the new token, proves and delivers it, and revokes the old.
// An error means that the old token works as before.
func (r *Rotation) Rotate(ctx context.Context) (Rotated, error) {
	wanted, err := r.newToken(ctx)
	if err != nil {
		return Rotated{}, err
	}
	var rotated Rotated
	r.Prove = r.answersForItsActor
	if !r.KeepOld {
		r.Replaces = r.Old.ID
		r.Finish = func(ctx context.Context, issued datahub.Issued) {
			rotated.Old, rotated.OldLeft = r.revokeOld(ctx, issued)
			r.step("old revoked")
		}
	}
	if rotated.Issued, err = r.Issue(ctx, wanted); err != nil {
		return Rotated{}, stillWorks(r.Old, err)
	}
	return rotated, nil
}

// revokeOld revokes the old token. Where that is the credential in use, the new
// one does it: should the reply be lost, the old one could not ask any more
// whether it is gone.
func (r *Rotation) revokeOld(ctx context.Context, issued datahub.Issued) (datahub.Revocation, error) {
	claims, known := r.Client.Claims()
	if len(InUse([]datahub.Token{r.Old}, "", claims, known)) == 0 {
		return r.Client.Revoke(ctx, r.Old.ID, true)
	}
	client, err := r.As(issued.Secret)
	if err != nil {
		return "", err
	}
	defer client.Close()
	return client.Revoke(ctx, r.Old.ID, true)
}

// newToken is what to ask for, if it may be asked for at all.
func (r *Rotation) newToken(ctx context.Context) (datahub.NewToken, error) {
	if r.Wanted != nil {
		return *r.Wanted, nil
	}
	wanted := datahub.NewToken{
		Actor: r.Old.Actor, Name: r.Old.Name, Description: r.Old.Description, Mark: datahub.NewMark(), Duration: r.Duration,
	}
	if r.Old.Actor.IsServiceAccount() {
		wanted.Type = datahub.ServiceAccountToken
	}
	caller, err := r.Client.Caller(ctx)
	if err != nil {
		return wanted, err
	}
	if r.Old.Owner != caller && !r.TakeOwnership {
		return wanted, failure.New(failure.Forbidden, "%s belongs to %s, and its successor would belong to you", r.Old.Name, r.Old.Owner.Username()).
			WithHint("let them rotate it, or add --take-ownership")
	}
	if wanted.Duration.IsZero() {
		wanted.Duration, err = r.sameLength()
	}
	return wanted, err
}

// sameLength is the length of the old token's life.
func (r *Rotation) sameLength() (datahub.Duration, error) {
	if !r.Old.NeverExpires() {
		// The server reads its clock twice, some milliseconds apart.
		return datahub.NewDuration(r.Old.ExpiresAt.Sub(r.Old.CreatedAt).Round(time.Second))
	}
	if r.AllowNoExpiry {
		return datahub.NoExpiry(), nil
	}
	return datahub.Duration{}, failure.New(failure.Usage, "%s never ends, and neither would its successor", r.Old.Name).
		WithHint("give it an end with --duration, or add --allow-no-expiry")
}

// answersForItsActor makes a request with the new token.
func (r *Rotation) answersForItsActor(ctx context.Context, issued datahub.Issued) error {
	client, err := r.As(issued.Secret)
	if err != nil {
		return err
	}
	defer client.Close()
	who, err := client.WhoAmI(ctx)
	switch {
	case err != nil:
		return &failure.Error{Kind: failure.KindOf(err), Err: err,
			Message: "the new token does not work: " + failure.Of(err).Message, Server: failure.Of(err).Server}
	case !who.TokensChecked || who.ClaimedAnother:
		return failure.New(failure.Other, "the server does not check tokens, so rotating one changes nothing").
			WithHint("token based authentication must be enabled there first")
	case who.Actor != issued.Actor:
		return failure.New(failure.Other, "the new token represents %s, not %s", who.Actor, issued.Actor)
	}
	return nil
}

func stillWorks(old datahub.Token, err error) error {
	told := *failure.Of(err)
	told.Message += fmt.Sprintf("; the old token %s works as before", old.ID)
	if told.Err == nil {
		told.Err = err
	}
	return &told
}
