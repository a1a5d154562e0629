package lifecycle_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// clientOf speaks to the hub with a secret, making a number of requests at once.
func clientOf(t *testing.T, hub *mockhub.Server, secret string, concurrency int) *datahub.Client {
	t.Helper()
	address, err := datahub.ParseAddress(hub.GMSURL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{Concurrency: concurrency, Now: hub.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func inject(t *testing.T, hub *mockhub.Server, specs ...string) {
	t.Helper()
	for _, spec := range specs {
		fault, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		hub.Inject(fault)
	}
}

// issueMany issues tokens of a user, as they would be listed.
func issueMany(hub *mockhub.Server, user string, count int) []lifecycle.Meant {
	owner := datahub.URN("urn:li:corpuser:" + user)
	tokens := make([]lifecycle.Meant, count)
	for i := range tokens {
		_, id := hub.Issue(user, fmt.Sprint("x", i), time.Hour)
		tokens[i] = lifecycle.Meant{Known: true, Token: datahub.Token{ID: id, Owner: owner, Actor: owner}}
	}
	return tokens
}

// revocations are the ids that the hub was asked to revoke, in order.
func revocations(hub *mockhub.Server) []string {
	var ids []string
	for _, request := range hub.Journal() {
		if request.Operation == "revokeAccessToken" {
			ids = append(ids, request.Variables["tokenId"].(string))
		}
	}
	return ids
}

func TestOneRequestForEachToken(t *testing.T) {
	for _, concurrency := range []int{1, 3, 8, 64} {
		hub := mockhub.Start(t, mockhub.Options{})
		secret, _ := hub.Issue("datahub", "in use", time.Hour)
		tokens := issueMany(hub, "jdoe", 50)
		told := map[int]datahub.Revocation{}
		sweep := lifecycle.Sweep{Client: clientOf(t, hub, secret, concurrency), Ended: func(at int, end lifecycle.Ending) { told[at] = end.Revocation }}
		hub.ClearJournal()
		endings := sweep.Revoke(t.Context(), tokens)
		for at, end := range endings {
			if end.Revocation != datahub.Revoked || end.Err != nil || told[at] != datahub.Revoked {
				t.Errorf("%d: %+v, told %q", at, end, told[at])
			}
		}
		if len(hub.Journal()) != 50 || len(slices.Compact(slices.Sorted(slices.Values(revocations(hub))))) != 50 {
			t.Errorf("%d at once: %d requests", concurrency, len(hub.Journal()))
		}
	}
}

// way is how requests get to no server at all.
type way func(*http.Request) error

func (w way) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w(r); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"data":{"revokeAccessToken":true}}`)),
	}, nil
}

// sweepOver sweeps so many tokens over a way.
func sweepOver(ctx context.Context, t *testing.T, w way, tokens, concurrency int) []lifecycle.Ending {
	t.Helper()
	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("datahub", "in use", time.Hour)
	address, err := datahub.ParseAddress("http://datahub.test")
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: secret, Base: w}, datahub.Options{Concurrency: concurrency})
	if err != nil {
		t.Fatal(err)
	}
	return (&lifecycle.Sweep{Client: client}).Revoke(ctx, issueMany(hub, "jdoe", tokens))
}

// Each request is held back until as many are under way as may be: no more ever
// are, and were there fewer it would not end.
func TestAsManyAtOnceAsMayBe(t *testing.T) {
	const atOnce = 5
	var mu sync.Mutex
	inside, together := 0, make(chan struct{})
	endings := sweepOver(t.Context(), t, func(r *http.Request) error {
		mu.Lock()
		inside++
		wait := together
		if inside > atOnce {
			t.Errorf("%d at once", inside)
		}
		if inside == atOnce {
			inside, together = 0, make(chan struct{})
			close(wait)
		}
		mu.Unlock()
		select {
		case <-wait:
			return nil
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}, 8*atOnce, atOnce)
	for at, end := range endings {
		if end.Revocation != datahub.Revoked {
			t.Errorf("%d: %+v", at, end)
		}
	}
}

func TestInterruptedSweep(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var sent atomic.Int32
	endings := sweepOver(ctx, t, func(r *http.Request) error {
		if sent.Add(1) <= 5 {
			return nil
		}
		cancel()
		<-r.Context().Done()
		return r.Context().Err()
	}, 30, 3)
	var revoked, unknown, untouched int
	for at, end := range endings {
		switch {
		case end.Revocation == datahub.Revoked && end.Err == nil:
			revoked++
		case failure.KindOf(end.Err) != failure.Interrupted:
			t.Errorf("%d: %+v", at, end)
		case end.Untouched:
			untouched++
		default:
			unknown++
		}
	}
	if revoked != 5 || unknown < 1 || unknown > 3 || revoked+unknown+untouched != 30 {
		t.Errorf("%d revoked, %d unknown, %d untouched", revoked, unknown, untouched)
	}
}

// What would be in vain for all others is not tried; what fails for one is.
func TestSweepGivesUpInTime(t *testing.T) {
	cases := []struct {
		user, fault string
		asked       int
		kind        failure.Kind
	}{
		{"datahub", "revokeAccessToken:status=401,skip=2,times=always", 3, failure.Unauthenticated},
		{"datahub", "revokeAccessToken:status=404,skip=2,times=always", 2 + 8, failure.Unavailable},
		{"datahub", "revokeAccessToken:error=403,skip=2,times=always", 20, failure.Forbidden},
		{"datahub", "revokeAccessToken:status=404,skip=2,times=7", 20, failure.Unavailable},
		{"jdoe", "revokeAccessToken:delay=0s", 20, failure.Forbidden},
	}
	for _, c := range cases {
		t.Run(c.fault, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			tokens := issueMany(hub, "datahub", 20)
			secret, _ := hub.Issue(c.user, "in use", time.Hour)
			inject(t, hub, c.fault)
			endings := (&lifecycle.Sweep{Client: clientOf(t, hub, secret, 1)}).Revoke(t.Context(), tokens)
			if got := len(revocations(hub)); got != c.asked {
				t.Errorf("%d requests", got)
			}
			for at, end := range endings {
				if end.Untouched != (at >= c.asked) || (end.Err != nil && failure.KindOf(end.Err) != c.kind) {
					t.Errorf("%d: %+v", at, end)
				}
			}
		})
	}
}

// The credential in use goes when all others are gone, also after a lost reply.
func TestCredentialGoesLast(t *testing.T) {
	for _, fault := range []string{"revokeAccessToken:delay=0s", "revokeAccessToken:reset-after,skip=20"} {
		hub := mockhub.Start(t, mockhub.Options{})
		secret, id := hub.Issue("datahub", "in use", time.Hour)
		tokens := append([]lifecycle.Meant{{Token: datahub.Token{ID: id}}}, issueMany(hub, "datahub", 20)...)
		inject(t, hub, fault)
		sweep := lifecycle.Sweep{Client: clientOf(t, hub, secret, 8), Last: []string{id}, Itself: id}
		endings := sweep.Revoke(t.Context(), tokens)
		for at, end := range endings {
			if end.Revocation != datahub.Revoked {
				t.Errorf("%s: %d: %+v", fault, at, end)
			}
		}
		if asked := revocations(hub); asked[20] != id {
			t.Errorf("%s: the credential went before others", fault)
		}
	}
}

func TestSweepAfterItsDeadline(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	endings := sweepOver(ctx, t, func(*http.Request) error { return nil }, 5, 2)
	for at, end := range endings {
		if !end.Untouched || failure.KindOf(end.Err) != failure.Unavailable {
			t.Errorf("%d: %+v", at, end)
		}
	}
}

func TestStepsOfASweep(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("datahub", "in use", time.Hour)
	var steps []string
	sweep := lifecycle.Sweep{Client: clientOf(t, hub, secret, 2), Step: func(name string) { steps = append(steps, name) }}
	sweep.Revoke(t.Context(), issueMany(hub, "datahub", 3))
	if got := strings.Join(steps, ", "); got != "revoked 1, revoked 2, revoked 3" {
		t.Error(got)
	}
}
