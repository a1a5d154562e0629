package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/datahub-pat/pat/internal/failure"
)

// withCode is a failure whose exit code is not its kind's. Without a failure it
// is how a program ended that has said all there is to say.
type withCode struct {
	code int
	err  error
}

func (e *withCode) Error() string {
	if e.err == nil {
		return fmt.Sprintf("ended with %d", e.code)
	}
	return e.err.Error()
}

// Unwrap is the failure.
func (e *withCode) Unwrap() error { return e.err }

// exitCode is the exit code for a failure that is told as told.
func exitCode(err error, told *failure.Error) int {
	var own *withCode
	if errors.As(err, &own) {
		return own.code
	}
	return told.Kind.ExitCode()
}

// saysNothing tells whether a failure is only an exit code.
func saysNothing(err error) bool {
	var own *withCode
	return errors.As(err, &own) && own.err == nil
}

// The exit codes by which a program that runs others tells what became of them,
// as shells, env and docker have them.
const (
	codeOwnFailure  = 125 // the one that runs it failed
	codeCannotRun   = 126 // it is there, and cannot be run
	codeNoProgram   = 127 // there is none
	codeSignalBasis = 128 // it was ended by a signal, whose number is added
)

// ownFailure makes a failure one of pat's own, not of the program that it was
// to run. An interruption stays one.
func ownFailure(err error) error {
	var known *withCode
	if err == nil || errors.As(err, &known) || failure.KindOf(err) == failure.Interrupted || errors.Is(err, context.Canceled) {
		return err
	}
	return &withCode{codeOwnFailure, err}
}
