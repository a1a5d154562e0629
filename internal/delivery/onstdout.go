package delivery

import (
	"context"
	"errors"

	"github.com/datahub-pat/pat/internal/failure"
)

// onStdout prints the secret. What is printed cannot be taken back, so it
// comes last.
type onStdout struct {
	print func(Token) error
	open  func() error
}

// Reserve finds a standard output that is closed.
func (d *onStdout) Reserve(context.Context) error {
	if d.open == nil {
		return nil
	}
	return unprinted(d.open())
}

// Deliver prints the secret.
func (d *onStdout) Deliver(ctx context.Context, t Token) error {
	if ctx.Err() != nil {
		return failure.Ended(ctx.Err(), "before the secret was printed")
	}
	return unprinted(d.print(t))
}

// unprinted is the failure of a standard output; nil for nil.
func unprinted(err error) error {
	if err == nil {
		return nil
	}
	var known *failure.Error
	if errors.As(err, &known) {
		return err
	}
	return failure.New(failure.Undelivered, "cannot write to standard output: %w", err)
}

// Undo does nothing: whoever read the secret has it.
func (d *onStdout) Undo(context.Context) error { return nil }

// Settle does nothing.
func (d *onStdout) Settle(context.Context) error { return nil }

// String is stdout.
func (d *onStdout) String() string { return kindStdout }
