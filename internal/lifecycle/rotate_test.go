package lifecycle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// turn is a rotation of a token of datahub's that is called old.
type turn struct {
	*bench
	lifecycle.Rotation
	secret string
}

func newTurn(t *testing.T, faults ...string) *turn {
	t.Helper()
	b := newBench(t)
	secret, id := b.hub.Issue("datahub", "old", 24*time.Hour)
	old, presence, err := b.issuance.Client.Find(t.Context(), id)
	if err != nil || presence != datahub.Present {
		t.Fatal(presence, err)
	}
	for _, spec := range faults {
		fault, err := mockhub.ParseFault(spec)
		check(t, err)
		b.hub.Inject(fault)
	}
	return &turn{b, lifecycle.Rotation{
		Issuance: *b.issuance, Old: old, As: func(secret string) (*datahub.Client, error) { return clientOf(t, b.hub, secret, 1), nil },
	}, secret}
}

// works reports whether the hub takes a secret.
func works(t *testing.T, hub *mockhub.Server, secret string) bool {
	t.Helper()
	_, err := clientOf(t, hub, secret, 1).WhoAmI(t.Context())
	return err == nil
}

func TestRotate(t *testing.T) {
	r := newTurn(t)
	r.Old.Description = "for the night"
	rotated, err := r.Rotate(t.Context())
	if err != nil || rotated.Old != datahub.Revoked || rotated.OldLeft != nil {
		t.Fatalf("%+v, %v", rotated, err)
	}
	n := rotated.Issued
	if n.Name != "old" || n.Description != "for the night" || n.Actor != r.Old.Actor || n.ExpiresAt.Sub(n.CreatedAt).Round(time.Second) != 24*time.Hour {
		t.Errorf("%+v", n.Token)
	}
	if works(t, r.hub, r.secret) || !works(t, r.hub, n.Secret) || r.places[0].secret != n.Secret {
		t.Error("not the new token is where it should be, or the old one works")
	}
}

func TestRotateKeepsTheOldOne(t *testing.T) {
	r := newTurn(t)
	r.KeepOld = true
	rotated, err := r.Rotate(t.Context())
	if err != nil || rotated.Old != "" || !works(t, r.hub, r.secret) || !works(t, r.hub, rotated.Issued.Secret) {
		t.Errorf("%+v, %v", rotated, err)
	}
}

func TestRotateRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*turn)
		kind   failure.Kind
		say    string
	}{
		{"of somebody else", func(r *turn) { r.Old.Owner = "urn:li:corpuser:jdoe" }, failure.Forbidden, "belongs to jdoe"},
		{"without an end", func(r *turn) { r.Old.ExpiresAt = time.Time{} }, failure.Usage, "never ends"},
	} {
		r := newTurn(t)
		c.change(r)
		_, err := r.Rotate(t.Context())
		if failure.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.say) || len(r.log) > 0 || r.left(t) != 1 {
			t.Errorf("%s: %v after %v", c.name, err, r.log)
		}
	}
	for name, change := range map[string]func(*turn){
		"taken over":           func(r *turn) { r.Old.Owner, r.TakeOwnership = "urn:li:corpuser:jdoe", true },
		"given an end":         func(r *turn) { r.Old.ExpiresAt = time.Time{}; r.Duration, _ = datahub.ParseDuration("ONE_DAY") },
		"the server's own lag": func(r *turn) { r.Old.ExpiresAt = r.Old.ExpiresAt.Add(3 * time.Millisecond) },
	} {
		r := newTurn(t)
		change(r)
		if rotated, err := r.Rotate(t.Context()); err != nil || rotated.OldLeft != nil {
			t.Errorf("%s: %v, %v", name, err, rotated.OldLeft)
		}
	}
}

// Whatever fails before the new token is delivered leaves the old one working,
// and no other.
func TestRotationThatFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []string
		change func(*turn)
		kind   failure.Kind
	}{
		{"refused", []string{"createAccessToken:error=403"}, nil, failure.Forbidden},
		{"lost reply", []string{"createAccessToken:reset-after"}, nil, failure.Unavailable},
		{"unproven", []string{"me:status=401,times=always"}, nil, failure.Unauthenticated},
		{"for another actor", nil, func(r *turn) {
			secret, _ := r.hub.Issue("jdoe", "theirs", time.Hour)
			as := r.As
			r.As = func(string) (*datahub.Client, error) { return as(secret) }
		}, failure.Other},
		{"undelivered", nil, func(r *turn) { r.places[1].fail = "deliver" }, failure.Undelivered},
		{"no place", nil, func(r *turn) { r.places[0].fail = "reserve" }, failure.Undelivered},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newTurn(t, c.faults...)
			if c.change != nil {
				c.change(r)
			}
			_, err := r.Rotate(t.Context())
			if failure.KindOf(err) != c.kind || !strings.Contains(err.Error(), "the old token "+r.Old.ID+" works as before") {
				t.Errorf("%s: %v", failure.KindOf(err), err)
			}
			r.hub.ClearFaults()
			tokens, err := r.issuance.Client.List(t.Context(), datahub.Scope{Owners: []datahub.URN{"urn:li:corpuser:datahub"}})
			if err != nil || len(tokens) != 1 || !works(t, r.hub, r.secret) || r.places[0].secret+r.places[1].secret != "" {
				t.Errorf("%d tokens, %v", len(tokens), err)
			}
		})
	}
}

func TestOldTokenThatStays(t *testing.T) {
	r := newTurn(t, "revokeAccessToken:error=403,times=always")
	rotated, err := r.Rotate(t.Context())
	if err != nil || rotated.Old != "" || rotated.OldLeft == nil || !works(t, r.hub, rotated.Issued.Secret) || !works(t, r.hub, r.secret) {
		t.Errorf("%+v, %v", rotated, err)
	}
}

// The token that asks is gone when the reply to its own revocation is lost.
func TestRotateTheCredentialInUse(t *testing.T) {
	for _, spec := range []string{"", "revokeAccessToken:reset-after", "revokeAccessToken:status=502,after=true", "revokeAccessToken:cut"} {
		var faults []string
		if spec != "" {
			faults = []string{spec}
		}
		r := newTurn(t, faults...)
		r.Client = clientOf(t, r.hub, r.secret, 1)
		rotated, err := r.Rotate(t.Context())
		if err != nil || rotated.OldLeft != nil || works(t, r.hub, r.secret) || !works(t, r.hub, rotated.Issued.Secret) {
			t.Errorf("%q: %+v, %v", spec, rotated, err)
		}
	}
}

// A deadline that passes is not an interruption.
func TestDeadlineWhileDelivering(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	b.places[0].during = func() { <-ctx.Done() }
	_, err := b.issue(ctx, t)
	if failure.KindOf(err) != failure.Unavailable || !strings.Contains(failure.Of(err).Hint, "--deadline") || b.left(t) != 0 {
		t.Errorf("%v", err)
	}
}
