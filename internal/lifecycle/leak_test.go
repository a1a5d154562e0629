package lifecycle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
)

const hour = time.Hour

// leakOf is a leaked secret, sought by somebody; own is empty for nobody.
func leakOf(t *testing.T, hub *mockhub.Server, secret, own string) *lifecycle.Leak {
	t.Helper()
	claims, ok := datahub.ReadClaims(secret)
	if !ok {
		t.Fatal("the secret is no token")
	}
	leak := &lifecycle.Leak{Secret: secret, Claims: claims, Leaked: clientOf(t, hub, secret, 1)}
	if own != "" {
		leak.Own = clientOf(t, hub, own, 1)
	}
	return leak
}

// issueFor issues a token that a manager makes for somebody.
func issueFor(t *testing.T, hub *mockhub.Server, manager, actor, length string) datahub.Issued {
	t.Helper()
	duration, err := datahub.ParseDuration(length)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := clientOf(t, hub, manager, 1).Create(t.Context(), datahub.NewToken{
		Actor: datahub.URN("urn:li:corpuser:" + actor), Name: "made", Duration: duration,
	})
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func onReleases(t *testing.T, test func(t *testing.T, release string)) {
	for _, release := range []string{"0.10", "0.12", "1.1", "newest"} {
		t.Run(release, func(t *testing.T) { test(t, release) })
	}
}

// Whoever seeks it: the token of a secret is found, revoked, and the secret is
// of no use then.
func TestLeakedTokenIsFoundAndRevoked(t *testing.T) {
	onReleases(t, func(t *testing.T, release string) {
		for _, seeker := range []string{"", "datahub", "jdoe", "nopriv", "revoked"} {
			hub := mockhub.Start(t, mockhub.Options{Release: release})
			secret, id := hub.Issue("jdoe", "leaked", 2*hour)
			hub.Issue("jdoe", "later", 3*hour)
			hub.Issue("datahub", "another's", 2*hour)
			own := ""
			switch seeker {
			case "":
			case "revoked":
				var ownID string
				own, ownID = hub.Issue("jdoe", "gone", 5*hour)
				if _, err := clientOf(t, hub, own, 1).RevokeItself(t.Context(), ownID); err != nil {
					t.Fatal(err)
				}
			default:
				own, _ = hub.Issue(seeker, "own", 5*hour)
			}
			leak := leakOf(t, hub, secret, own)
			found, err := leak.Find(t.Context())
			if err != nil || len(found) != 1 || found[0].ID != id {
				t.Fatalf("by %q: %+v, %v", seeker, found, err)
			}
			if certain := seeker == "datahub" && release >= "0.13"; leak.Certain != certain {
				t.Errorf("by %q: certain: %v", seeker, leak.Certain)
			}
			if dropped := leak.Own == nil; dropped != (seeker == "" || seeker == "revoked") {
				t.Errorf("by %q: the own credential is used: %v", seeker, !dropped)
			}
			if !leak.StillAccepted(t.Context()) {
				t.Errorf("by %q: the secret does not work before", seeker)
			}
			if end, err := leak.Revoke(t.Context(), found[0]); err != nil || end != datahub.Revoked {
				t.Errorf("by %q: %q, %v", seeker, end, err)
			}
			if leak.StillAccepted(t.Context()) {
				t.Errorf("by %q: the secret still works", seeker)
			}
			again := leakOf(t, hub, secret, own)
			if found, err := again.Find(t.Context()); err != nil || len(found) != 0 || again.Accepted {
				t.Errorf("by %q, again: %+v, %v", seeker, found, err)
			}
		}
	})
}

// A token that somebody made for somebody else is seen by whoever made it and by
// managers.
func TestLeakedTokenMadeForSomebody(t *testing.T) {
	onReleases(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		maker, _ := hub.Issue("datahub", "own", 5*hour)
		other, _ := hub.Issue("jdoe", "own", 5*hour)
		made := issueFor(t, hub, maker, "jdoe", "ONE_DAY")
		leak := leakOf(t, hub, made.Secret, other)
		if found, err := leak.Find(t.Context()); err != nil || len(found) != 0 || !leak.Accepted {
			t.Errorf("by its actor: %+v, %v, accepted %v", found, err, leak.Accepted)
		}
		leak = leakOf(t, hub, made.Secret, maker)
		found, err := leak.Find(t.Context())
		if err != nil || len(found) != 1 || found[0].ID != made.ID {
			t.Fatalf("by its maker: %+v, %v", found, err)
		}
		if end, err := leak.Revoke(t.Context(), found[0]); err != nil || end != datahub.Revoked {
			t.Errorf("%q, %v", end, err)
		}
	})
}

// Tokens that end alike: a manager can tell them apart from 0.13 on, others get
// them all.
func TestLeakedTokenAmongSeveral(t *testing.T) {
	onReleases(t, func(t *testing.T, release string) {
		now := time.Now()
		hub := mockhub.Start(t, mockhub.Options{Release: release, AllowNoExpiry: true, Clock: func() time.Time { return now }})
		for _, length := range []time.Duration{2 * hour, 0} {
			secret, id := hub.Issue("jdoe", "leaked", length)
			_, twin := hub.Issue("jdoe", "twin", length)
			both := slices.Sorted(slices.Values([]string{id, twin}))
			for _, seeker := range []string{"", "datahub"} {
				own, want := "", both
				if seeker != "" {
					own, _ = hub.Issue(seeker, "own", 5*hour)
					if release >= "0.13" {
						want = []string{id}
					}
				}
				found, err := leakOf(t, hub, secret, own).Find(t.Context())
				var ids []string
				for _, token := range found {
					ids = append(ids, token.ID)
				}
				slices.Sort(ids)
				if err != nil || !slices.Equal(ids, want) {
					t.Errorf("%s by %q: %v, %v", length, seeker, ids, err)
				}
			}
		}
	})
}

// A server in trouble is no server that knows of no token.
func TestLeakedTokenThatCannotBeSought(t *testing.T) {
	for _, fault := range []string{
		"getAccessTokenMetadata:status=404", "listAccessTokens:status=404",
		"listAccessTokens:error=500,times=always",
	} {
		hub := mockhub.Start(t, mockhub.Options{})
		secret, _ := hub.Issue("jdoe", "leaked", 2*hour)
		own, _ := hub.Issue("jdoe", "own", 5*hour)
		inject(t, hub, fault)
		if found, err := leakOf(t, hub, secret, own).Find(t.Context()); err == nil {
			t.Errorf("%s: %+v", fault, found)
		}
	}
	hub := mockhub.Start(t, mockhub.Options{})
	secret, id := hub.Issue("jdoe", "leaked", 2*hour)
	own, _ := hub.Issue("datahub", "own", 5*hour)
	leak := leakOf(t, hub, secret, own)
	inject(t, hub, "revokeAccessToken:error=500")
	if _, err := leak.Revoke(t.Context(), datahub.Token{ID: id, Owner: "urn:li:corpuser:jdoe"}); failure.KindOf(err) != failure.Other {
		t.Errorf("%v", err)
	}
}
