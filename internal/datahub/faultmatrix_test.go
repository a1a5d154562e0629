package datahub_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// faults are what networks and servers do, with how a read ends that meets one
// for good.
var faults = map[string]failure.Kind{
	"refuse": failure.Unavailable, "reset-before": failure.Unavailable, "reset-after": failure.Unavailable,
	"cut": failure.Unavailable, "hang": failure.Unavailable, "trickle=100ms": failure.Unavailable,
	"status=429": failure.Unavailable, "status=429,retry-after=3600": failure.Unavailable,
	"status=500": failure.Unavailable, "status=502": failure.Unavailable, "status=503": failure.Unavailable, "status=504": failure.Unavailable,
	"status=401": failure.Unauthenticated, "status=403": failure.Unauthenticated, "status=404": failure.Unavailable,
	"error=400": failure.Usage, "error=403": failure.Forbidden, "error=404": failure.NotFound, "error=500": failure.Other,
	"error=503": failure.Unavailable, "error=504": failure.Unavailable,
	"html": failure.Unavailable, "redirect=https://sso.example.test/": failure.Unavailable, "flood=64M": failure.Unavailable, "vanish": failure.Unavailable,
}

// TestFaultMatrix meets each fault once and for good at each of some positions
// of lists of 1 to 20 pages: the answer is complete, or the failure is the right
// one, and nothing outlasts its deadline by more than a request's time limit.
func TestFaultMatrix(t *testing.T) {
	var cases atomic.Int64
	var all sync.WaitGroup
	for spec, kind := range faults {
		m := faultMatrix{t: t, hub: mockhub.Start(t, mockhub.Options{}), spec: spec, kind: kind, cases: &cases}
		all.Go(m.run)
	}
	all.Wait()
	t.Logf("%d cases", cases.Load())
}

// faultMatrix is the cases of one fault. They mostly wait, so that those of all
// faults run at once.
type faultMatrix struct {
	t     *testing.T
	hub   *mockhub.Server
	spec  string
	kind  failure.Kind
	cases *atomic.Int64
}

func (m faultMatrix) run() {
	for range 99 {
		m.hub.Issue("jdoe", "x", time.Hour)
	}
	secret, _ := m.hub.Issue("datahub", "in use", time.Hour)
	address, err := datahub.ParseAddress(m.hub.GMSURL)
	if err != nil {
		m.t.Error(err)
		return
	}
	limit := 10 * time.Second
	if m.spec == "hang" || strings.HasPrefix(m.spec, "trickle") {
		limit = 200 * time.Millisecond // what is waited for in vain
	}
	for _, pages := range []int{1, 2, 20} {
		client, err := datahub.Connect(address, transport.Options{Secret: secret, Timeout: limit, MaxBody: 1 << 20},
			datahub.Options{PageSize: max(6, 100/pages+2), Now: m.hub.Now})
		if err != nil {
			m.t.Error(err)
			return
		}
		for _, position := range []int{0, pages / 2, pages - 1} {
			m.try(client, pages, position, "1")
			m.try(client, pages, position, "always")
		}
		client.Close()
	}
}

// try lists once, with the fault at one position.
func (m faultMatrix) try(client *datahub.Client, pages, position int, times string) {
	const deadline = 3 * time.Second
	m.cases.Add(1)
	what := fmt.Sprintf("%s, times=%s, at request %d of %d pages", m.spec, times, position, pages)
	m.hub.ClearFaults()
	inject(m.t, m.hub, fmt.Sprintf("listAccessTokens:%s,skip=%d,times=%s", m.spec, position, times))
	ctx, cancel := context.WithTimeout(m.t.Context(), deadline)
	defer cancel()
	tokens, err := client.List(ctx, datahub.Scope{})
	if err == nil && len(tokens) != 100 {
		m.t.Errorf("%s: %d tokens and no failure", what, len(tokens))
	}
	if err != nil && (len(tokens) > 0 || failure.KindOf(err) != m.kind) {
		m.t.Errorf("%s: %d tokens, kind %s, want %s: %v", what, len(tokens), failure.KindOf(err), m.kind, err)
	}
}
