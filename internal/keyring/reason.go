package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// Why the keyring did not do what was asked. Errors of this package carry one
// of them, for errors.Is.
var (
	ErrNoBus        = errors.New("there is no system keyring here: no D-Bus session bus")
	ErrNoService    = errors.New("there is no system keyring here: nothing on the D-Bus session bus keeps secrets")
	ErrNoCollection = errors.New("the system keyring has no default collection to keep secrets in")
	ErrLocked       = errors.New("the system keyring is locked")
	ErrDismissed    = errors.New("the system keyring is locked and its prompt was dismissed")
	ErrSilent       = errors.New("the system keyring does not answer")
	ErrRefused      = errors.New("the system keyring refused")
	ErrNotKept      = errors.New("the system keyring did not keep what it was given")
	ErrTooBig       = errors.New("too big for the system keyring")
	ErrForeign      = errors.New("the system keyring's entry was not written by pat")
	ErrIndex        = errors.New("the index of the system keyring cannot be used")
	ErrAbsent       = errors.New("not in the system keyring") // of kind failure.NotFound
)

const elsewhere = "keep the secret elsewhere: --to file:PATH"

// because is a failure for a reason, in the reason's words.
func because(reason error, hint string) *failure.Error {
	return &failure.Error{Kind: failure.Undelivered, Message: reason.Error(), Hint: hint, Err: reason}
}

// unanswered is a locked keyring whose prompt nobody answered in time.
func unanswered(limit time.Duration) *failure.Error {
	f := because(ErrLocked, "try again and answer the prompt, or "+elsewhere)
	f.Message += fmt.Sprintf(" and nobody answered its prompt within %s", limit)
	return f
}

func silent(limit time.Duration) *failure.Error {
	f := because(ErrSilent, "restart the keyring, give it longer (--keyring-timeout), or "+elsewhere)
	f.Message += fmt.Sprintf(" within %s", limit)
	return f
}

// refused is an operation that the keyring turned down, in its own words.
func refused(operation string, cause error) error {
	f := because(ErrRefused, "look at your desktop's password application, or "+elsewhere)
	f.Message += " " + operation
	f.Server, f.Err = cause.Error(), errors.Join(ErrRefused, cause)
	return f
}

// notKept is a write or a deletion that was acknowledged and not done.
func notKept(what string) error {
	f := because(ErrNotKept, "restart the keyring, or "+elsewhere)
	f.Message += ": " + what
	return f
}

// interrupted is the end of the caller's context.
func interrupted(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return failure.New(failure.Undelivered, "out of time while waiting for the system keyring: %w", ctx.Err())
	}
	return failure.New(failure.Interrupted, "interrupted while waiting for the system keyring: %w", ctx.Err())
}
