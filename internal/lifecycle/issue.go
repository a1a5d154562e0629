// Package lifecycle does what takes several steps and must not half-happen:
// issuing a token and delivering its secret, and telling which token a word on
// the command line means.
//
// It knows the server, the keyring's index and the places a secret goes to. It
// prints nothing and asks nobody.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

// Issuance issues one token and puts its secret where it was asked to be. In the
// end the secret is in all of its destinations, or the token does not exist any
// more, or the error says what to look for and the journal knows of it.
type Issuance struct {
	Client       *datahub.Client
	Destinations []delivery.Destination
	// Journal is where the operation is written down, under the name Operation.
	Journal   *journal.Journal
	Operation string
	// Server is the address that the secret is kept for. Empty: the client's.
	Server string
	// Prove makes sure of the new token before it is delivered; where that fails
	// it is revoked again. Nil: nothing is proven.
	Prove func(context.Context, datahub.Issued) error
	// Replaces is the id of the token that goes when the new one is there, which
	// Finish sees to; the journal knows of it until then.
	Replaces string
	Finish   func(context.Context, datahub.Issued)
	// Patience is how long to look for a token whose reply was lost.
	Patience time.Duration
	// Notice is told, in one line, what a long wait is for.
	Notice func(string)
	// Step, where it is set, is called with the name of each step that was just
	// taken: for tests that end the process there.
	Step func(string)
}

// Issue reserves the destinations, issues the token and delivers the secret.
func (i *Issuance) Issue(ctx context.Context, n datahub.NewToken) (datahub.Issued, error) {
	issued, entry, err := i.issue(ctx, n)
	if err != nil {
		return datahub.Issued{}, err
	}
	entry.handed()
	i.step("handed")
	i.settle(ctx)
	i.step("settled")
	if i.Finish != nil {
		i.Finish(ctx, issued)
	}
	entry.delivered()
	i.step("delivered")
	return issued, nil
}

// issue is Issue but for its end: the destinations can still be undone, and the
// journal's entry is held.
func (i *Issuance) issue(ctx context.Context, n datahub.NewToken) (datahub.Issued, entry, error) {
	if err := i.reserve(ctx); err != nil {
		return datahub.Issued{}, entry{}, err
	}
	i.step("reserved")
	e, err := i.writeDown(ctx, n)
	if err != nil {
		i.undo(ctx, len(i.Destinations))
		return datahub.Issued{}, e, nothingIssued(err)
	}
	i.step("intended")
	issued, err := i.create(ctx, n)
	if err != nil {
		i.undo(ctx, len(i.Destinations))
		e.end(err)
		return datahub.Issued{}, e, err
	}
	i.step("created")
	e.issued(issued)
	i.step("issued")
	if err := i.handOver(ctx, issued); err != nil {
		e.end(err)
		return datahub.Issued{}, e, err
	}
	return issued, e, nil
}

// handOver proves the token and delivers its secret, or takes everything back.
func (i *Issuance) handOver(ctx context.Context, issued datahub.Issued) error {
	if i.Prove != nil {
		if err := i.Prove(ctx, issued); err != nil {
			i.undo(ctx, len(i.Destinations))
			return i.revokeAgain(ctx, issued.ID, err)
		}
	}
	i.step("proven")
	return i.deliver(ctx, issued)
}

func (i *Issuance) step(name string) {
	if i.Step != nil {
		i.Step(name)
	}
}

// server is the address that the secret is kept for.
func (i *Issuance) server() string {
	if i.Server != "" {
		return i.Server
	}
	return i.Client.Address().String()
}

// reserve makes as sure as can be that the secret will have a place.
func (i *Issuance) reserve(ctx context.Context) error {
	for at, destination := range i.Destinations {
		if err := destination.Reserve(ctx); err != nil {
			i.undo(ctx, at+1)
			return nothingIssued(err)
		}
	}
	if err := ctx.Err(); err != nil {
		i.undo(ctx, len(i.Destinations))
		return nothingIssued(stopped(ctx))
	}
	return nil
}

// stopped is why work on ctx ends: somebody interrupted it, or its time is up.
func stopped(ctx context.Context) error {
	return failure.Ended(ctx.Err(), "before it was done")
}

func nothingIssued(err error) error {
	told := *failure.Of(err)
	told.Message += "; no token was issued"
	return &told
}

// create issues the token, or settles what a lost reply left behind.
func (i *Issuance) create(ctx context.Context, n datahub.NewToken) (datahub.Issued, error) {
	issued, err := i.Client.Create(ctx, n)
	switch {
	case err != nil && datahub.Unsettled(err):
		return issued, i.settleLostReply(ctx, n.Mark, err)
	case err != nil:
		return issued, err
	case issued.ID == "":
		return i.findFacts(ctx, n.Mark, issued)
	case ctx.Err() != nil:
		return issued, i.revokeAgain(ctx, issued.ID, stopped(ctx))
	}
	return issued, nil
}

// findFacts finds the id of a token whose answer had nothing but the secret:
// without it nobody could revoke the token.
func (i *Issuance) findFacts(ctx context.Context, mark string, issued datahub.Issued) (datahub.Issued, error) {
	i.notice("the server did not tell the new token's id; looking for it")
	token, found, err := i.Client.FindMarked(context.WithoutCancel(ctx), mark, i.Patience)
	if !found {
		return datahub.Issued{}, outcomeUnknown(mark, &failure.Error{
			Kind: failure.Unavailable, Message: "the server issued a token without telling its id", Err: err,
		})
	}
	issued.Token = token
	return issued, nil
}

// settleLostReply revokes the token that the request may have issued: nobody
// has its secret. It goes on after an interruption, which a second one ends.
func (i *Issuance) settleLostReply(ctx context.Context, mark string, cause error) error {
	i.notice("the reply was lost; looking whether the token was issued")
	settling := context.WithoutCancel(ctx)
	token, found, err := i.Client.FindMarked(settling, mark, i.Patience)
	if !found {
		if err != nil {
			cause = fmt.Errorf("%w (and looking for it failed: %w)", cause, err)
		}
		return outcomeUnknown(mark, cause)
	}
	return i.revokeAgain(ctx, token.ID, cause)
}

// errLeftOpen is in the chain of failures after which a token may exist that
// nobody holds: the journal keeps the operation.
var errLeftOpen = errors.New("left open")

// outcomeUnknown says what to look for where nothing was found.
func outcomeUnknown(mark string, cause error) error {
	told := *failure.Of(cause)
	if told.Kind != failure.Interrupted {
		told.Kind = failure.OutcomeUnknown
	}
	told.Message += "; whether a token was issued is unknown: none shows up yet"
	told.Hint = fmt.Sprintf("if there is one, its secret is lost; in a few minutes `pat recover` settles it, or: pat revoke '%s'", datahub.ShowMark(mark))
	told.Err = errors.Join(errLeftOpen, cause)
	return &told
}

// revokeAgain revokes what was issued but cannot be used, and says so beside
// the cause.
func (i *Issuance) revokeAgain(ctx context.Context, id string, cause error) error {
	told := *failure.Of(cause)
	told.Err = cause
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.Patience)
	defer cancel()
	if _, err := i.Client.Revoke(settling, id, true); err != nil {
		told.Message += fmt.Sprintf("; the token %s exists and could not be revoked: %v", id, err)
		told.Hint = fmt.Sprintf("revoke it: pat revoke '%s'", id)
		told.Err = errors.Join(errLeftOpen, cause)
		return &told
	}
	told.Message += "; the token it had issued is revoked again"
	return &told
}

// deliver fills the destinations one after the other, and takes everything back
// if one fails.
func (i *Issuance) deliver(ctx context.Context, issued datahub.Issued) error {
	secret := parcel(i.server(), issued)
	for at, destination := range i.Destinations {
		err := ctx.Err()
		if err == nil {
			err = destination.Deliver(ctx, secret)
		}
		if err == nil {
			i.step("filled " + strconv.Itoa(at+1))
			continue
		}
		if ctx.Err() != nil {
			err = stopped(ctx)
		}
		i.undo(ctx, len(i.Destinations))
		return i.revokeAgain(ctx, issued.ID, fmt.Errorf("destination %d: %w", at+1, err))
	}
	return nil
}

// settle lets the destinations forget what was there before.
func (i *Issuance) settle(ctx context.Context) {
	for _, destination := range i.Destinations {
		if err := destination.Settle(context.WithoutCancel(ctx)); err != nil {
			i.notice("the secret is delivered, but cleaning up after it failed: " + err.Error())
		}
	}
}

func parcel(server string, issued datahub.Issued) delivery.Token {
	return delivery.Token{
		Server: server, ID: issued.ID, Name: issued.Name,
		Actor: string(issued.Actor), Owner: string(issued.Owner),
		CreatedAt: issued.CreatedAt, ExpiresAt: issued.ExpiresAt, Secret: issued.Secret,
	}
}

// undo puts back the first count destinations, the last one first.
func (i *Issuance) undo(ctx context.Context, count int) {
	for _, destination := range slices.Backward(i.Destinations[:count]) {
		if err := destination.Undo(context.WithoutCancel(ctx)); err != nil {
			i.notice(fmt.Sprintf("%s could not be put back: %v", destination, err))
		}
	}
}

func (i *Issuance) notice(text string) {
	if i.Notice != nil {
		i.Notice(text)
	}
}
