package lifecycle_test

import (
	"context"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

func TestKeep(t *testing.T) {
	cases := []struct {
		fail   [2]string // at which step the two places fail
		kind   failure.Kind
		log    string
		stored bool
	}{
		{[2]string{}, "", "reserve a, reserve b, deliver a, deliver b, settle a, settle b", true},
		{[2]string{"reserve", ""}, failure.Undelivered, "reserve a, undo a", false},
		{[2]string{"", "reserve"}, failure.Undelivered, "reserve a, reserve b, undo b, undo a", false},
		{[2]string{"", "deliver"}, failure.Undelivered, "reserve a, reserve b, deliver a, deliver b, undo b, undo a", false},
		{[2]string{"settle", ""}, "", "reserve a, reserve b, deliver a, deliver b, settle a, settle b", true},
	}
	for _, c := range cases {
		var log, notices []string
		a, b := &place{name: "a", log: &log, fail: c.fail[0]}, &place{name: "b", log: &log, fail: c.fail[1]}
		err := lifecycle.Keep(t.Context(), []delivery.Destination{a, b}, delivery.Token{Secret: "x"}, func(text string) { notices = append(notices, text) })
		if failure.KindOf(err) != c.kind || strings.Join(log, ", ") != c.log {
			t.Errorf("%v: %v after %s", c.fail, err, strings.Join(log, ", "))
		}
		if stored := a.secret == "x" && b.secret == "x"; stored != c.stored || !stored && a.secret+b.secret != "" {
			t.Errorf("%v: %q and %q are kept", c.fail, a.secret, b.secret)
		}
		if (c.fail[0] == "settle") != (len(notices) == 1) {
			t.Errorf("%v: noticed %q", c.fail, notices)
		}
	}
}

func TestKeepInterrupted(t *testing.T) {
	var log []string
	ctx, cancel := context.WithCancel(t.Context())
	a := &place{name: "a", log: &log, during: cancel, fail: "deliver"}
	if err := lifecycle.Keep(ctx, []delivery.Destination{a}, delivery.Token{Secret: "x"}, nil); failure.KindOf(err) != failure.Interrupted || a.secret != "" {
		t.Errorf("%v", err)
	}
}

// Who gives it too little time has not interrupted it.
func TestKeepOutOfTime(t *testing.T) {
	var log []string
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	a := &place{name: "a", log: &log, fail: "deliver"}
	if err := lifecycle.Keep(ctx, []delivery.Destination{a}, delivery.Token{Secret: "x"}, nil); failure.KindOf(err) != failure.Unavailable || a.secret != "" {
		t.Errorf("%v", err)
	}
}

// A token that does not prove itself is delivered nowhere and does not stay.
func TestUnprovenTokenIsRevokedAgain(t *testing.T) {
	b := newBench(t)
	var shown string
	b.issuance.Prove = func(_ context.Context, issued datahub.Issued) error {
		shown = issued.Secret
		return failure.New(failure.Unauthenticated, "not taken")
	}
	_, err := b.issue(t.Context(), t)
	if failure.KindOf(err) != failure.Unauthenticated || !strings.Contains(err.Error(), "not taken; the token it had issued is revoked again") {
		t.Errorf("%v", err)
	}
	if left := b.left(t); left != 0 || shown == "" {
		t.Errorf("%d tokens are left", left)
	}
	if got := strings.Join(b.log, ", "); got != "reserve a, reserve b, undo b, undo a" {
		t.Errorf("%s", got)
	}
}

// The secret can be kept for another address of the server than the one that it
// was issued by.
func TestServerThatTheSecretIsKeptFor(t *testing.T) {
	for _, server := range []string{"", "https://dh.example.com/gms"} {
		b := newBench(t)
		b.issuance.Server = server
		if _, err := b.issue(t.Context(), t); err != nil {
			t.Fatal(err)
		}
		if server == "" {
			server = b.hub.GMSURL
		}
		if got := b.places[0].server; got != server {
			t.Errorf("kept for %q, want %q", got, server)
		}
	}
}
