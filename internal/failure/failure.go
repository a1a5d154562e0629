// Package failure is what went wrong, in the form the user gets it: a kind that
// fixes the exit code, what failed, the server's own words and what to do next.
//
// It is a leaf: everybody may use it and it knows nobody. It prints nothing.
package failure

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure it is, by its name in `-o json` output.
type Kind string

// The kinds of failure. Each has one exit code, see [Kind.ExitCode].
const (
	Other           Kind = "failed"          // failed for a reason that has no kind of its own
	Declined        Kind = "declined"        // the user answered a prompt with no
	Usage           Kind = "usage"           // flags, address, environment or a duration that is refused
	Unauthenticated Kind = "unauthenticated" // the server does not know who is asking
	Forbidden       Kind = "forbidden"       // the server knows who is asking, and refuses
	NotFound        Kind = "not-found"       // nothing is meant
	Ambiguous       Kind = "ambiguous"       // several could be meant
	Exists          Kind = "exists"          // it is there already
	Unavailable     Kind = "unavailable"     // not reached, too slow, overloaded, not a DataHub, an incomplete list
	Partial         Kind = "partial"         // some of it was done
	Undelivered     Kind = "undelivered"     // the secret could not be stored or delivered
	OutcomeUnknown  Kind = "outcome-unknown" // the request may have taken effect
	Found           Kind = "found"           // a check found what it looks for
	Interrupted     Kind = "interrupted"     // Ctrl-C, or told to stop
)

// ExitCode is the documented exit code of the kind: 1 for a kind it does not
// know.
func (k Kind) ExitCode() int {
	switch k {
	case Usage:
		return 2
	case Unauthenticated:
		return 3
	case Forbidden:
		return 4
	case NotFound, Ambiguous, Exists:
		return 5
	case Unavailable:
		return 6
	case Partial:
		return 7
	case Undelivered:
		return 8
	case OutcomeUnknown:
		return 9
	case Found:
		return 10
	case Interrupted:
		return 130
	}
	return 1
}

// Error is a failure on its way to the user.
//
// The texts may hold foreign words: whoever prints them makes them safe.
type Error struct {
	Kind    Kind
	Message string // what failed, lower case, without a final period
	Server  string // the server's own words, where it said any
	Hint    string // what to do next
	Err     error  // the cause, for errors.Is and errors.As; not printed
}

// Error is the message, with the server's words and the cause where there are
// any. The hint is left to whoever prints.
func (e *Error) Error() string {
	switch {
	case e.Server != "":
		return e.Message + ": " + e.Server
	case e.Err != nil && e.Message == "":
		return e.Err.Error()
	}
	return e.Message
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// WithHint is a copy of the failure that says what to do next.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// New is a failure of a kind. As with fmt.Errorf, %w keeps the cause.
func New(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Message: err.Error(), Err: errors.Unwrap(err)}
}

// Of is the failure in err's chain. An error that carries none is of kind
// [Other], with its own text as message.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Other, Message: err.Error(), Err: err}
}

// KindOf is the kind of err; empty for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return Of(err).Kind
}
