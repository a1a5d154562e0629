package transport

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Exchange is one request and what came of it, for whoever wants to watch. It
// holds no body and no header's value.
type Exchange struct {
	Method              string
	URL                 string // without user, query and fragment
	Operation           string // see [WithOperation]
	Attempt             int    // see [WithAttempt]; 1 where nobody said
	Status              int    // 0 without an answer
	RequestHeaderNames  []string
	ResponseHeaderNames []string
	RequestBytes        int64 // of the body
	ResponseBytes       int64 // of the body as far as it was read, unpacked
	Took                time.Duration
	Err                 string // the reason and detail of the fault; empty where there was none
}

type operationKey struct{}

type attemptKey struct{}

// WithOperation names what the requests of a context are for, in an [Exchange].
func WithOperation(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, operationKey{}, name)
}

// WithAttempt counts the requests for the same thing, from 1, in an [Exchange].
func WithAttempt(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, attemptKey{}, n)
}

// tell tells whoever watches of a call that is over.
func (t *Transport) tell(c *call, answer *got, fault *Fault) {
	if t.trace == nil {
		return
	}
	ctx := c.request.Context()
	e := Exchange{
		Method: c.out.Method, URL: plain(c.out.URL), Attempt: 1, RequestBytes: int64(c.length),
		RequestHeaderNames: names(c.out.Header), Took: time.Since(c.began),
	}
	e.Operation, _ = ctx.Value(operationKey{}).(string)
	if n, ok := ctx.Value(attemptKey{}).(int); ok {
		e.Attempt = n
	}
	if answer != nil {
		e.Status, e.ResponseBytes = answer.status, int64(len(answer.body))
		e.ResponseHeaderNames = names(answer.header)
	}
	if fault != nil {
		e.Err = string(fault.Reason) + ": " + fault.Detail
	}
	t.trace(e)
}

func names(header http.Header) []string { return slices.Sorted(maps.Keys(header)) }
