package failure

import (
	"context"
	"errors"
)

// Ended is the failure of work that stopped because its context ended with cause:
// somebody interrupted it, or its time is up. where says how far it was, as the
// end of a sentence.
func Ended(cause error, where string) *Error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return &Error{Kind: Unavailable, Message: "out of time " + where, Hint: "give it longer with --deadline", Err: cause}
	}
	return &Error{Kind: Interrupted, Message: "interrupted " + where, Err: cause}
}
