package datahub_test

import (
	"slices"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
)

func TestTokenOfASecretOnEveryRelease(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		manager, other := connectAs(t, hub, "datahub"), connectAs(t, hub, "jdoe")
		secret, id := hub.Issue("jdoe", "leaked", time.Hour)
		old := release < "0.13"
		want := datahub.Present
		if old {
			want = datahub.Uncertain
		}
		token, presence, err := manager.TokenOfSecret(t.Context(), secret)
		if err != nil || presence != want || (!old && (token.ID != id || token.Name != "leaked")) {
			t.Errorf("as a manager: %+v, %v, %v", token, presence, err)
		}
		if _, presence, err := other.TokenOfSecret(t.Context(), secret); err != nil || presence != datahub.Uncertain {
			t.Errorf("as somebody else: %v, %v", presence, err)
		}
		if _, err := manager.Revoke(t.Context(), id, false); err != nil {
			t.Fatal(err)
		}
		hub.ClearJournal()
		if _, presence, err := manager.TokenOfSecret(t.Context(), secret); err != nil || presence == datahub.Present || (!old && presence != datahub.Absent) {
			t.Errorf("once revoked: %v, %v", presence, err)
		}
		if got := operations(hub); !old && got != "getAccessTokenMetadata" {
			t.Errorf("asked %s", got)
		}
	})
}

func TestTokenOfASecretThatCannotBeAsked(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	secret, _ := hub.Issue("jdoe", "leaked", time.Hour)
	hub.Inject(fault(t, "getAccessTokenMetadata:error=500"))
	if _, presence, err := client.TokenOfSecret(t.Context(), secret); err != nil || presence != datahub.Uncertain {
		t.Errorf("the server failed: %v, %v", presence, err)
	}
	hub.Inject(fault(t, "getAccessTokenMetadata:status=401"))
	if _, _, err := client.TokenOfSecret(t.Context(), secret); failure.KindOf(err) != failure.Unauthenticated {
		t.Errorf("not accepted: %v", err)
	}
}

func fault(t *testing.T, spec string) mockhub.Fault {
	t.Helper()
	f, err := mockhub.ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFindAllOnEveryRelease(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		manager, jdoe := connectAs(t, hub, "datahub"), connectAs(t, hub, "jdoe")
		const none = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
		var mine []string
		for range 201 {
			_, id := hub.Issue("jdoe", "x", time.Hour)
			mine = append(mine, id)
		}
		_, others := hub.Issue("datahub", "y", time.Hour)
		ids := append(slices.Clone(mine), others, none)
		hub.ClearJournal()
		for _, c := range []struct {
			client   *datahub.Client
			found    int
			requests string
		}{
			{manager, 202, "listAccessTokens listAccessTokens"},
			{jdoe, 201, "listAccessTokens listAccessTokens listAccessTokens"}, // the first is refused
		} {
			found, err := c.client.FindAll(t.Context(), ids)
			if release == "0.10.0" {
				c.found = 0
			}
			if err != nil || len(found) != c.found {
				t.Errorf("%d found, %v; want %d", len(found), err, c.found)
			}
			if got := operations(hub); got != c.requests {
				t.Errorf("requests: %s", got)
			}
		}
	})
}
