package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// place is a destination that notes what happens to it, and fails where it is
// told to.
type place struct {
	name   string
	log    *[]string
	fail   string
	during func()
	secret string
	server string
}

func (p *place) step(what string) error {
	*p.log = append(*p.log, what+" "+p.name)
	if p.during != nil && what == "deliver" {
		p.during()
	}
	if p.fail == what {
		return failure.New(failure.Undelivered, "%s cannot %s", p.name, what)
	}
	return nil
}

func (p *place) Reserve(context.Context) error { return p.step("reserve") }
func (p *place) Undo(context.Context) error    { p.secret = ""; return p.step("undo") }
func (p *place) Settle(context.Context) error  { return p.step("settle") }
func (p *place) String() string                { return p.name }
func (p *place) Deliver(_ context.Context, t delivery.Token) error {
	p.secret, p.server = t.Secret, t.Server
	return p.step("deliver")
}

type bench struct {
	hub      *mockhub.Server
	issuance *lifecycle.Issuance
	places   []*place
	log      []string
	notices  []string
}

func newBench(t *testing.T, faults ...string) *bench {
	t.Helper()
	b := &bench{hub: mockhub.Start(t, mockhub.Options{})}
	secret, err := b.hub.SignIn("datahub")
	if err != nil {
		t.Fatal(err)
	}
	address, err := datahub.ParseAddress(b.hub.GMSURL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	b.places = []*place{{name: "a", log: &b.log}, {name: "b", log: &b.log}}
	b.issuance = &lifecycle.Issuance{
		Client: client, Destinations: []delivery.Destination{b.places[0], b.places[1]}, Patience: 100 * time.Millisecond,
		Notice: func(text string) { b.notices = append(b.notices, text) },
	}
	for _, spec := range faults {
		fault, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		b.hub.Inject(fault)
	}
	return b
}

func (b *bench) issue(ctx context.Context, t *testing.T) (datahub.Issued, error) {
	t.Helper()
	hour, err := datahub.ParseDuration("ONE_HOUR")
	if err != nil {
		t.Fatal(err)
	}
	return b.issuance.Issue(ctx, datahub.NewToken{
		Actor: "urn:li:corpuser:datahub", Name: "ci", Mark: datahub.NewMark(), Duration: hour,
	})
}

// left is how many tokens there are at the server.
func (b *bench) left(t *testing.T) int {
	t.Helper()
	b.hub.ClearFaults()
	tokens, err := b.issuance.Client.List(t.Context(), datahub.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	return len(tokens)
}

func TestDeliveredInOrderAndSettled(t *testing.T) {
	b := newBench(t)
	issued, err := b.issue(t.Context(), t)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(b.log, ", "), "reserve a, reserve b, deliver a, deliver b, settle a, settle b"; got != want {
		t.Errorf("%s", got)
	}
	if b.places[0].secret != issued.Secret || b.places[1].secret != issued.Secret || b.left(t) != 1 {
		t.Error("the secret is not where it should be")
	}
}

func TestNothingIsIssuedWithoutAPlace(t *testing.T) {
	b := newBench(t)
	b.places[1].fail = "reserve"
	_, err := b.issue(t.Context(), t)
	if failure.KindOf(err) != failure.Undelivered || !strings.Contains(err.Error(), "no token was issued") {
		t.Errorf("%v", err)
	}
	if got := strings.Join(b.log, ", "); got != "reserve a, reserve b, undo b, undo a" {
		t.Errorf("%s", got)
	}
	if len(b.hub.Journal()) != 0 {
		t.Error("the server was asked")
	}
}

func TestEverythingIsTakenBackIfOneDeliveryFails(t *testing.T) {
	for _, failing := range []int{0, 1} {
		b := newBench(t)
		b.places[failing].fail = "deliver"
		_, err := b.issue(t.Context(), t)
		if failure.KindOf(err) != failure.Undelivered || !strings.Contains(err.Error(), "revoked again") {
			t.Errorf("%v", err)
		}
		if !strings.HasSuffix(strings.Join(b.log, ", "), "undo b, undo a") || b.places[0].secret+b.places[1].secret != "" {
			t.Errorf("%v", b.log)
		}
		if left := b.left(t); left != 0 {
			t.Errorf("%d tokens are left", left)
		}
	}
}

func TestTokenThatCannotBeRevokedAgainIsNamed(t *testing.T) {
	b := newBench(t, "revokeAccessToken:error=403,times=always")
	b.places[0].fail = "deliver"
	_, err := b.issue(t.Context(), t)
	told := failure.Of(err)
	if told.Kind != failure.Undelivered || !strings.Contains(told.Message, "could not be revoked") || !strings.Contains(told.Hint, "pat revoke '") {
		t.Errorf("%+v", told)
	}
	if left := b.left(t); left != 1 {
		t.Errorf("%d tokens are left", left)
	}
}

func TestLostRepliesAreSettled(t *testing.T) {
	cases := []struct {
		fault string
		kind  failure.Kind
	}{
		{"reset-after", failure.Unavailable},
		{"cut", failure.Unavailable},
		{"status=502,after=true", failure.Unavailable},
		{"error=500,after=true", failure.Other},
		{"reset-before", failure.OutcomeUnknown}, // nothing was issued, which nobody can know
		{"error=500", failure.OutcomeUnknown},
		{"error=403", failure.Forbidden},
		{"error=400", failure.Usage},
		{"status=401", failure.Unauthenticated},
		{"html", failure.Unavailable},
	}
	for _, c := range cases {
		t.Run(c.fault, func(t *testing.T) {
			b := newBench(t, "createAccessToken:"+c.fault)
			_, err := b.issue(t.Context(), t)
			if got := failure.KindOf(err); got != c.kind {
				t.Errorf("kind %s, want %s: %v", got, c.kind, err)
			}
			if left := b.left(t); left != 0 {
				t.Errorf("%d tokens are left", left)
			}
			if strings.Contains(strings.Join(b.log, " "), "deliver") || !strings.Contains(strings.Join(b.log, " "), "undo") {
				t.Errorf("%v", b.log)
			}
			if c.kind == failure.OutcomeUnknown && !strings.Contains(failure.Of(err).Hint, "[pat:") {
				t.Errorf("the mark is not told: %v", failure.Of(err).Hint)
			}
		})
	}
}

func TestInterruptionBetweenStepsLeavesNothing(t *testing.T) {
	for _, at := range []int{0, 1} {
		t.Run(fmt.Sprint("while delivering to place ", at), func(t *testing.T) {
			b := newBench(t)
			ctx, cancel := context.WithCancel(t.Context())
			b.places[at].during = cancel
			if at == 1 { // the last one: fail it, as an interrupted write does
				b.places[at].fail = "deliver"
			}
			_, err := b.issue(ctx, t)
			if failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
			if left := b.left(t); left != 0 || b.places[0].secret+b.places[1].secret != "" {
				t.Errorf("%d tokens are left", left)
			}
		})
	}
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.issue(ctx, t); failure.KindOf(err) != failure.Interrupted || len(b.hub.Journal()) != 0 {
		t.Errorf("%v, %d requests", err, len(b.hub.Journal()))
	}
}
