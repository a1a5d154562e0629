package lifecycle

import (
	"context"
	"errors"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
)

// longEnough is how old an operation is whose token, if there were one, would
// have shown up by now: the search index lags behind by a minute at the worst.
const longEnough = 5 * time.Minute

// Settlement is how an operation that was left open was settled.
type Settlement string

// The settlements.
const (
	Withdrawn     Settlement = "revoked"      // the token is revoked, and gone from where it was put
	Complete      Settlement = "delivered"    // everything had been done but noting it down
	NeverIssued   Settlement = "never-issued" // no trace of a token after five minutes
	NotYetVisible Settlement = "open"         // no trace of a token, and too early to tell
)

// Recovery settles operations of one server that were left open.
type Recovery struct {
	Journal *journal.Journal
	Client  *datahub.Client
	Keyring *keyring.Keyring
	Now     func() time.Time
}

// Settle settles the operation with the mark: it is empty if somebody else did,
// or holds it. A token whose secret is in all of its places stays; any other is
// revoked, for nobody may have its secret.
func (r *Recovery) Settle(ctx context.Context, mark string) (Settlement, error) {
	operation, err := r.Journal.Take(mark)
	if err != nil || operation == nil {
		return "", err
	}
	settlement, err := r.settle(ctx, operation.Record())
	if err != nil || settlement == NotYetVisible {
		return settlement, errors.Join(err, operation.Leave())
	}
	return settlement, operation.Forget()
}

func (r *Recovery) settle(ctx context.Context, record journal.Record) (Settlement, error) {
	switch record.State {
	case journal.Handed, journal.Delivered:
		return r.complete(ctx, record)
	case journal.Issued:
		held, err := r.heldEverywhere(ctx, record)
		if err != nil {
			return "", err
		}
		if held {
			return r.complete(ctx, record)
		}
		return r.withdraw(ctx, record)
	}
	return r.seek(ctx, record)
}

// seek looks for the token that a request may have issued.
func (r *Recovery) seek(ctx context.Context, record journal.Record) (Settlement, error) {
	owner := datahub.URN(record.Owner)
	token, found, err := r.Client.SeekMark(ctx, record.Mark, owner)
	switch {
	case err != nil:
		return "", err
	case found:
		record.ID = token.ID
		return r.withdraw(ctx, record)
	case r.Now().Sub(record.StartedAt) < longEnough:
		return NotYetVisible, nil
	}
	return NeverIssued, r.cleanUp(ctx, record)
}

// complete does what is left of an operation whose token is where it was to go:
// the one that it replaces is revoked.
func (r *Recovery) complete(ctx context.Context, record journal.Record) (Settlement, error) {
	if record.Replaces != "" {
		if err := r.revoke(ctx, record, record.Replaces); err != nil {
			return "", err
		}
	}
	return Complete, r.keep(record)
}

func (r *Recovery) revoke(ctx context.Context, record journal.Record, id string) error {
	caller, err := r.Client.Caller(ctx)
	if err != nil {
		return err
	}
	_, err = r.Client.Revoke(ctx, id, record.Owner == string(caller))
	return err
}

// withdraw revokes the token before its secret is taken back: where that stops,
// what is left opens nothing.
func (r *Recovery) withdraw(ctx context.Context, record journal.Record) (Settlement, error) {
	if err := r.revoke(ctx, record, record.ID); err != nil {
		return "", err
	}
	return Withdrawn, r.cleanUp(ctx, record)
}

func (r *Recovery) cleanUp(ctx context.Context, record journal.Record) error {
	var errs []error
	for _, leftover := range leftovers(record) {
		errs = append(errs, leftover.Withdraw(ctx, r.Keyring))
	}
	return errors.Join(errs...)
}

func (r *Recovery) keep(record journal.Record) error {
	var errs []error
	for _, leftover := range leftovers(record) {
		errs = append(errs, leftover.Keep())
	}
	return errors.Join(errs...)
}

// heldEverywhere reports whether the secret is where it was to go. One that was
// to go nowhere went with the process that had it.
func (r *Recovery) heldEverywhere(ctx context.Context, record journal.Record) (bool, error) {
	if len(record.Places) == 0 {
		return false, nil
	}
	for _, leftover := range leftovers(record) {
		if held, err := leftover.Holds(ctx, r.Keyring); err != nil || !held {
			return false, err
		}
	}
	return true, nil
}

func leftovers(record journal.Record) []delivery.Leftover {
	all := make([]delivery.Leftover, len(record.Places))
	for i, place := range record.Places {
		all[i] = delivery.Leftover{Place: place.Name, Draft: place.Draft, ID: record.ID, SecretSHA256: record.SecretSHA256}
	}
	return all
}
