package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/datahub-pat/pat/internal/failure"
)

// meaning is what an exit code says.
type meaning struct {
	code    int
	meaning string
}

// exitCodes are pat's exit codes. Which failure has which is for
// [failure.Kind.ExitCode] to say.
var exitCodes = []meaning{
	{0, "done; a token that is gone already counts as revoked"},
	{1, "failed for another reason, or a prompt was declined"},
	{2, "wrong usage: flags, address, half-set environment, a duration that is refused, nobody there to be asked"},
	{3, "not authenticated; inspect --online: the server does not accept that token"},
	{4, "not allowed"},
	{5, "not found, ambiguous, or there already"},
	{6, "the server was not reached, too slow, overloaded, is no DataHub, or a list could not be had complete"},
	{7, "done in part; where all failed alike, that code instead"},
	{8, "the secret could not be stored or delivered"},
	{9, "outcome unknown: the request may have taken effect"},
	{10, "found: audit, whoami --min-left or doctor found what it looks for"},
	{130, "interrupted"},
}

// runCodes are the exit codes of what runs other programs, where it is not
// theirs.
var runCodes = []meaning{
	{codeOwnFailure, "pat itself failed"},
	{codeCannotRun, "the command cannot be run"},
	{codeNoProgram, "there is no such command"},
	{codeSignalBasis, "it was ended by a signal, whose number is added"},
}

// word is the code as help has it.
func (m meaning) word() string {
	if m.code == codeSignalBasis {
		return fmt.Sprintf("%d+", m.code)
	}
	return fmt.Sprint(m.code)
}

// withCode is a failure whose exit code is not its kind's. Without a failure it
// is how a program ended that has said all there is to say.
type withCode struct {
	code int
	err  error
}

// Error is the failure's own text.
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
