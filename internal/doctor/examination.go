package doctor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// examination is one look at everything.
type examination struct {
	Surroundings
	mu    sync.Mutex
	found map[Check]Finding
}

// note keeps what a check came to.
func (e *examination) note(check Check, finding Finding) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.found[check] = finding
}

// noteAll keeps one finding for several checks.
func (e *examination) noteAll(finding Finding, checks ...Check) {
	for _, check := range checks {
		e.note(check, finding)
	}
}

// beyond are the checks that need an answer of the server.
var beyond = []Check{Endpoint, Version, Clock, Authentication, Accepted, Privileges, Durations}

// run makes all checks, those at once that do not depend on each other.
func (e *examination) run(ctx context.Context) {
	pair, err := e.server(ctx)
	var all sync.WaitGroup
	all.Go(func() { e.note(Keyring, e.keyring(ctx)) })
	all.Go(func() { e.here(pair, err) })
	if err != nil {
		e.note(Address, failed(err))
		e.noteAll(skipAfter(Address), append([]Check{Proxy, DNS, TCP, TLS, Credential}, beyond...)...)
	} else {
		e.note(Address, e.address(pair))
		all.Go(func() { e.there(ctx, pair) })
	}
	all.Wait()
}

// server is the pair as far as it says where to go. Where there is none, a
// credential without a server may be why.
func (e *examination) server(ctx context.Context) (session.Pair, error) {
	if e.Sources.Flags.SystemClient {
		return e.credentials(ctx)
	}
	pair, err := session.ResolveServer(ctx, e.Sources)
	if err == nil {
		return pair, nil
	}
	if errors.Is(err, session.ErrNothingConfigured) {
		if _, why := e.credentials(ctx); why != nil {
			err = why
		}
	}
	return pair, err
}

// credentials is the whole pair; limited since it may have to wait for a
// program, a keyring or stdin.
func (e *examination) credentials(ctx context.Context) (session.Pair, error) {
	pair, err := within(ctx, e.Limit, func(ctx context.Context) (session.Pair, error) { return session.Resolve(ctx, e.Sources) })
	if err != nil && failure.KindOf(err) == failure.Other && errors.Is(err, context.DeadlineExceeded) {
		err = failure.New(failure.Unavailable, "no time was left to look for it").WithHint("give a longer --deadline")
	}
	return pair, err
}

// there looks at the server, and meanwhile for the credential.
func (e *examination) there(ctx context.Context, server session.Pair) {
	var pair session.Pair
	var err error
	var v visit
	var both sync.WaitGroup
	both.Go(func() { pair, err = e.credentials(ctx) })
	both.Go(func() { v = e.visit(ctx, server) })
	both.Wait()
	if v.failed == "" {
		e.answers(ctx, v, pair, err)
		return
	}
	e.note(Credential, e.credential(v, pair, err))
	e.noteAll(skipAfter(v.failed), Authentication, Accepted, Privileges, Durations)
}

// within does work that may not heed its context, and leaves it behind when time
// is up.
func within[T any](ctx context.Context, limit time.Duration, work func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	done := make(chan outcome, 1)
	go func() {
		defer cancel()
		value, err := work(ctx)
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done: // it heeded its context, and knows more
		return o.value, o.err
	case <-time.After(heeding):
		var none T
		return none, failure.New(failure.Unavailable, "nothing came within %s: %w", limit, ctx.Err())
	}
}

// heeding is how long what heeds its context may take to say why it ended.
const heeding = 100 * time.Millisecond

// address says which server is meant, and where requests to it go.
func (e *examination) address(pair session.Pair) Finding {
	if pair.Server.IsMock() {
		return fine(pair.Server.String(), "the DataHub embedded in pat, from %s", pair.ServerSource)
	}
	return fine(pair.Server.String(), "%s, from %s; requests go to %s", pair.Server, pair.ServerSource, pair.Server.GraphQL())
}
