package datahub_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

func connect(t *testing.T, hub *mockhub.Server, secret string) *datahub.Client {
	t.Helper()
	address, err := datahub.ParseAddress(hub.GMSURL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{Now: hub.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func connectAs(t *testing.T, hub *mockhub.Server, user string) *datahub.Client {
	t.Helper()
	secret, _ := hub.Issue(user, "in use", 24*time.Hour)
	return connect(t, hub, secret)
}

func duration(t *testing.T, text string) datahub.Duration {
	t.Helper()
	d, err := datahub.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// operations are the operations that the hub got since the last call.
func operations(hub *mockhub.Server) string {
	var names []string
	for _, request := range hub.Journal() {
		names = append(names, request.Operation)
	}
	hub.ClearJournal()
	return strings.Join(names, " ")
}

func forEachRelease(t *testing.T, test func(t *testing.T, release string)) {
	for _, release := range mockhub.Releases() {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			test(t, release)
		})
	}
}

func TestLifeOfATokenOnEveryRelease(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		client := connectAs(t, hub, "jdoe")
		mark := datahub.NewMark()
		issued, err := client.Create(t.Context(), datahub.NewToken{
			Actor: "urn:li:corpuser:jdoe", Name: "ci", Description: "nightly", Mark: mark, Duration: duration(t, "ONE_DAY"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if issued.Name != "ci" || issued.Owner != "urn:li:corpuser:jdoe" || issued.Description != "nightly" || issued.Mark != mark {
			t.Errorf("issued %+v", issued.Token)
		}
		if left := issued.ExpiresAt.Sub(issued.CreatedAt); left != 24*time.Hour {
			t.Errorf("it lives %s", left)
		}
		if claims, ok := datahub.ReadClaims(issued.Secret); !ok || claims.Actor != issued.Actor {
			t.Errorf("the secret says %+v", claims)
		}
		found, ok, err := client.FindMarked(t.Context(), mark, time.Second)
		if err != nil || !ok || found.ID != issued.ID {
			t.Errorf("by its mark: %+v, %v, %v", found, ok, err)
		}
		if end, err := client.Revoke(t.Context(), issued.ID, true); end != datahub.Revoked || err != nil {
			t.Errorf("revoked: %q, %v", end, err)
		}
		if end, err := client.Revoke(t.Context(), issued.ID, true); release != "0.10.0" && (end != datahub.AlreadyGone || err != nil) {
			t.Errorf("revoked again: %q, %v", end, err)
		}
	})
}

func TestOneRequestEach(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	caller, err := client.Caller(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	issued, err := client.Create(t.Context(), datahub.NewToken{Actor: caller, Name: "ci", Duration: duration(t, "ONE_HOUR")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.List(t.Context(), datahub.Scope{Owners: []datahub.URN{caller}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.WhoAmI(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Revoke(t.Context(), issued.ID, false); err != nil {
		t.Fatal(err)
	}
	if got, want := operations(hub), "createAccessToken listAccessTokens me revokeAccessToken"; got != want {
		t.Errorf("requests: %s", got)
	}
}

func TestCreateIsNeverRepeatedOnceItMayHaveArrived(t *testing.T) {
	for _, spec := range []string{"reset-after", "reset-before", "cut", "status=503", "status=429,retry-after=1", "error=503", "error=500,after=true", "status=502,after=true"} {
		t.Run(spec, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			client := connectAs(t, hub, "datahub")
			inject(t, hub, "createAccessToken:"+spec)
			_, err := client.Create(t.Context(), datahub.NewToken{Actor: "urn:li:corpuser:datahub", Name: "ci", Duration: duration(t, "ONE_HOUR")})
			if err == nil {
				t.Fatal("no failure")
			}
			if want := !strings.HasPrefix(spec, "status=429"); datahub.Unsettled(err) != want {
				t.Errorf("unsettled: %v, want %v (%v)", !want, want, err)
			}
			if got := operations(hub); strings.Count(got, "createAccessToken") > 1 {
				t.Errorf("requests: %s", got)
			}
		})
	}
}

func TestReadsAndRevocationsAreRepeated(t *testing.T) {
	for _, spec := range []string{"reset-after", "reset-before", "refuse", "cut", "status=503", "status=504", "error=503"} {
		t.Run(spec, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			client := connectAs(t, hub, "datahub")
			_, id := hub.Issue("datahub", "ci", time.Hour)
			inject(t, hub, "whoAmI:"+spec, "listAccessTokens:"+spec, "revokeAccessToken:"+spec)
			if _, err := client.WhoAmI(t.Context()); err != nil {
				t.Errorf("whoami: %v", err)
			}
			if tokens, err := client.List(t.Context(), datahub.Scope{}); err != nil || len(tokens) != 2 {
				t.Errorf("list: %d, %v", len(tokens), err)
			}
			if end, err := client.Revoke(t.Context(), id, true); err != nil || (end != datahub.Revoked && end != datahub.AlreadyGone) {
				t.Errorf("revoke: %q, %v", end, err)
			}
		})
	}
}

func TestWhatIsFinalIsNotRepeated(t *testing.T) {
	cases := map[string]failure.Kind{
		"html": failure.Unavailable, "redirect=https://sso.example.test/": failure.Unavailable, "status=401": failure.Unauthenticated,
		"status=404": failure.Unavailable, "error=403": failure.Forbidden, "error=500": failure.Other, "flood=100M": failure.Unavailable,
	}
	for spec, kind := range cases {
		t.Run(spec, func(t *testing.T) {
			hub := mockhub.Start(t, mockhub.Options{})
			client := connectAs(t, hub, "datahub")
			inject(t, hub, "whoAmI:"+spec+",times=always")
			_, err := client.WhoAmI(t.Context())
			if got := failure.KindOf(err); got != kind {
				t.Errorf("kind %s, want %s: %v", got, kind, err)
			}
			if got := operations(hub); strings.Contains(got, " ") {
				t.Errorf("requests: %s", got)
			}
		})
	}
}

func TestDeadlineEndsRetries(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	inject(t, hub, "whoAmI:status=429,retry-after=3600,times=always")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if _, err := client.WhoAmI(ctx); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("%v", err)
	}
	if got := operations(hub); strings.Contains(got, " ") {
		t.Errorf("it waited beyond its deadline: %s", got)
	}
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

func TestPagesAreReadComplete(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{Tokens: 3000, Users: 7})
	client := connectAs(t, hub, "datahub")
	tokens, err := client.List(t.Context(), datahub.Scope{})
	if err != nil || len(tokens) != 3001 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	seen := map[string]bool{}
	for _, token := range tokens {
		seen[token.ID] = true
	}
	if len(seen) != 3001 {
		t.Errorf("%d different ones", len(seen))
	}
}

func TestPageSpoiledByADeletionIsReadAgain(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{Tokens: 50, Users: 2})
	client := connectAs(t, hub, "datahub")
	inject(t, hub, "listAccessTokens:vanish")
	tokens, err := client.List(t.Context(), datahub.Scope{})
	if err != nil || len(tokens) < 50 {
		t.Errorf("%d tokens, %v", len(tokens), err)
	}
}

func TestUsersInScope(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "datahub")
	hub.Issue("jdoe", "own", time.Hour)
	if _, err := client.Create(t.Context(), datahub.NewToken{Actor: "urn:li:corpuser:jdoe", Name: "for jdoe", Duration: duration(t, "ONE_HOUR")}); err != nil {
		t.Fatal(err)
	}
	jdoe := []datahub.URN{"urn:li:corpuser:jdoe"}
	for _, c := range []struct {
		scope datahub.Scope
		want  int
	}{
		{datahub.Scope{}, 3},
		{datahub.Scope{Owners: jdoe}, 1},
		{datahub.Scope{Actors: jdoe}, 2},
		{datahub.Scope{Users: jdoe}, 2},
		{datahub.Scope{Owners: []datahub.URN{"urn:li:corpuser:datahub"}, Actors: jdoe}, 1},
		{datahub.Scope{Owners: append(jdoe, "urn:li:corpuser:datahub")}, 3},
	} {
		if tokens, err := client.List(t.Context(), c.scope); err != nil || len(tokens) != c.want {
			t.Errorf("%+v: %d tokens, %v; want %d", c.scope, len(tokens), err, c.want)
		}
	}
}

func TestLookUpUser(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		client := connectAs(t, hub, "datahub")
		if user, err := client.LookUpUser(t.Context(), "urn:li:corpuser:jdoe"); err != nil || !user.Exists || user.Suspended {
			t.Errorf("jdoe: %+v, %v", user, err)
		}
		if user, err := client.LookUpUser(t.Context(), "urn:li:corpuser:nobody"); err != nil || user.Exists {
			t.Errorf("nobody: %+v, %v", user, err)
		}
		if err := hub.Suspend("jdoe"); err != nil {
			t.Fatal(err)
		}
		if user, err := client.LookUpUser(t.Context(), "urn:li:corpuser:jdoe"); err != nil || !user.Suspended {
			t.Errorf("jdoe suspended: %+v, %v", user, err)
		}
	})
}

func TestMoreThanTheSearchWindow(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{Tokens: 35000, Users: 20})
	client := connectAs(t, hub, "datahub")
	seen := map[string]bool{}
	err := client.Each(t.Context(), datahub.Scope{}, func(token datahub.Token) error {
		if seen[token.ID] {
			t.Errorf("%s comes twice", token.ID)
		}
		seen[token.ID] = true
		return nil
	})
	if err != nil || len(seen) != 35001 {
		t.Errorf("%d tokens, %v", len(seen), err)
	}
	t.Logf("%d requests", strings.Count(operations(hub), " ")+1)
}

func TestMoreThanTheWindowOnServersWithoutRanges(t *testing.T) {
	for _, release := range []string{"0.10", "0.11", "0.12"} {
		hub := mockhub.Start(t, mockhub.Options{Release: release, Tokens: 10001, Users: 20})
		client := connectAs(t, hub, "datahub")
		if tokens, err := client.List(t.Context(), datahub.Scope{}); failure.KindOf(err) != failure.Unavailable || len(tokens) != 0 {
			t.Errorf("%s: %d tokens, %v", release, len(tokens), err)
		}
	}
}
