package datahub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/datahub-pat/pat/internal/transport"
)

// How often and how long pat waits for a server that is in trouble.
const (
	maxRetries = 3
	firstPause = 250 * time.Millisecond // doubles with each attempt, of which a random part is waited
)

// retrying repeats a request where that cannot do harm. It decides by the
// operation and by what was answered, never by the HTTP method: a repeated
// createAccessToken would leave a token whose secret nobody has.
type retrying struct {
	next   graphql.Client
	redact func(string) string // takes what must not be repeated out of a text
	notice func(string)
	brake  brake
}

// MakeRequest makes the request, again where that is safe.
func (r *retrying) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	ctx = transport.WithOperation(ctx, req.OpName)
	for attempt := 1; ; attempt++ {
		if err := r.brake.hold(ctx); err != nil {
			return err
		}
		err := r.next.MakeRequest(transport.WithAttempt(ctx, attempt), req, resp)
		r.clean(err)
		if lost, noted := ctx.Value(lossKey{}).(*bool); noted && err != nil && Unsettled(err) {
			*lost = true
		}
		if err == nil || attempt > maxRetries || !mayRepeat(req.OpName, err) {
			return err
		}
		if !r.wait(ctx, pause(attempt, err), err) {
			return whileWaiting(ctx, err)
		}
	}
}

// whileWaiting is the failure of a request that failed with err and is not made
// again. An interruption is what it is, and changes nothing of what came before.
func whileWaiting(ctx context.Context, err error) error {
	if !errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return &transport.Fault{Reason: transport.Canceled, Detail: "interrupted", Sent: Unsettled(err)}
}

// clean takes out of the server's words what it got from pat: a token that is
// no JWT nobody recognises later.
func (r *retrying) clean(err error) {
	var said gqlerror.List
	if errors.As(err, &said) {
		for _, one := range said {
			one.Message = r.redact(one.Message)
		}
	}
}

// creates reports whether each execution of the operation makes one thing more.
func creates(operation string) bool {
	return operation == "CreateAccessToken" || operation == "CreateServiceAccount"
}

type lossKey struct{}

// noteLoss has lost set where a request made with the context may have taken
// effect without its reply telling, be it repeated later or not.
func noteLoss(ctx context.Context, lost *bool) context.Context {
	return context.WithValue(ctx, lossKey{}, lost)
}

// mayRepeat reports whether the operation that failed with err may be sent
// again. Revoking is repeatable: who is gone already stays gone.
func mayRepeat(operation string, err error) bool {
	if creates(operation) {
		fault := faultOf(err)
		return fault != nil && !fault.Sent && passing(fault)
	}
	if fault := faultOf(err); fault != nil {
		return passing(fault)
	}
	r := refusalOf(err)
	if r == nil {
		return false
	}
	spoiled := r.spoiledPage() && operation != tokenOfSecret // which says so that there is none
	return spoiled || r.code == http.StatusServiceUnavailable || r.code == http.StatusGatewayTimeout
}

// passing reports whether a fault may be over when one tries again.
func passing(fault *transport.Fault) bool {
	switch fault.Reason {
	case transport.NotSent:
		return fault.Passing
	case transport.Timeout, transport.Reset, transport.CutOff:
		return true
	case transport.Status:
		switch fault.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
	}
	return false
}

// pause is how long to wait after the attempt failed with err: what the server
// asks for, else a random part of a span that doubles.
func pause(attempt int, err error) time.Duration {
	if fault := faultOf(err); fault != nil && fault.RetryAfter > 0 {
		return fault.RetryAfter
	}
	return rand.N(firstPause << (attempt - 1))
}

// wait waits, unless the deadline would pass meanwhile: then the failure at
// hand is the better answer. Where the server asks for quiet, requests made in
// parallel wait too.
func (r *retrying) wait(ctx context.Context, pause time.Duration, err error) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
		return false
	}
	news := true
	if wantsQuiet(err) {
		news = r.brake.pull(pause)
	}
	if pause > time.Second && news && r.notice != nil {
		r.notice(fmt.Sprintf("the server is in trouble (%v); trying again in %s", err, pause.Round(time.Second)))
	}
	return sleep(ctx, pause) == nil
}

func wantsQuiet(err error) bool {
	fault := faultOf(err)
	return fault != nil && fault.Reason == transport.Status &&
		(fault.Status == http.StatusTooManyRequests || fault.Status == http.StatusServiceUnavailable)
}

// brake holds requests back for a while, all that share it.
type brake struct {
	mu    sync.Mutex
	until time.Time
	pause time.Duration // that it was pulled for
}

// pull holds back what has not been sent yet. It reports whether that is news: it
// is not for the other requests that were under way and are refused alike.
func (b *brake) pull(pause time.Duration) (news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	news = now.After(b.until) || pause > b.pause
	if until := now.Add(pause); until.After(b.until) {
		b.until, b.pause = until, pause
	}
	return news
}

// hold waits while the brake is pulled, and on when it is pulled again.
func (b *brake) hold(ctx context.Context) error {
	for {
		b.mu.Lock()
		left := time.Until(b.until)
		b.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
