package datahub_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	godiff "github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// selections are conditions of every kind, alone and together, that select some,
// all or none of what [mixed] issues.
func selections(now time.Time) []datahub.Selection {
	const day = 24 * time.Hour
	return []datahub.Selection{
		{},
		{Name: "ci"}, {Name: "ci*"}, {Name: "nobody's"}, {Name: "nobodys"}, {Name: "CI"}, {Name: "a,b"}, {Name: "urn:li:corpuser:jdoe"},
		{Name: strings.Repeat("x", 300)}, {Name: " ci"}, {Name: "ünï-cödé 1"},
		{Expired: true}, {Expired: true, Name: "ci"}, {Expired: true, Name: "nobodys"},
		{ExpiringWithin: day}, {ExpiringWithin: 400 * day}, {ExpiringWithin: time.Millisecond},
		{NeverExpires: true}, {NeverExpires: true, CreatedBefore: now},
		{EndsBefore: now}, {EndsBefore: now.Add(40 * day), Name: "ci"}, {EndsBefore: now.Add(-10000 * day)}, {EndsBefore: now.Add(40 * day), Expired: true},
		{CreatedBefore: now.Add(-time.Hour)}, {CreatedAfter: now.Add(-time.Hour)}, {CreatedAfter: now.Add(day)},
		{CreatedAfter: now.Add(-10 * day), CreatedBefore: now.Add(-time.Minute), EndsBefore: now.Add(30 * day)},
		{CreatedBefore: time.UnixMilli(-1)},
		{SupersededFor: time.Minute}, {SupersededFor: time.Minute, Name: "ci"}, {SupersededFor: time.Minute, Expired: true},
	}
}

// mixed issues tokens of many kinds, and lets time pass between them.
func mixed(hub *mockhub.Server) {
	for _, user := range []string{"datahub", "jdoe"} {
		for _, name := range []string{"ci", "CI", "ci-2", "a,b", "a", "urn:li:corpuser:jdoe", strings.Repeat("x", 300), " ci", "ünï-cödé 1"} {
			hub.Issue(user, name, time.Hour)
			hub.Issue(user, name, 36*time.Hour)
			hub.Advance(3 * time.Minute)
		}
		hub.Advance(90 * time.Minute)
		hub.Issue(user, "ci", 30*24*time.Hour)
		hub.Issue(user, "ci", 0)
		hub.Issue(user, "ever", 0)
		hub.Advance(3 * time.Minute)
	}
}

// TestServersSelectionIsTheSameOnEveryRelease compares what is found with the
// server's help with what is picked from everything.
func TestServersSelectionIsTheSameOnEveryRelease(t *testing.T) {
	me, both := []datahub.URN{"urn:li:corpuser:jdoe"}, []datahub.URN{"urn:li:corpuser:jdoe", "urn:li:corpuser:datahub"}
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		mixed(hub)
		now := hub.Now()
		for _, user := range []string{"datahub", "jdoe"} {
			client := connectAs(t, hub, user)
			scopes := []datahub.Scope{{Owners: me}}
			if user == "datahub" {
				scopes = append(scopes, datahub.Scope{}, datahub.Scope{Users: me}, datahub.Scope{Owners: both, Actors: me}, datahub.Scope{Owners: []datahub.URN{"urn:li:corpuser:nobody"}})
			}
			for _, scope := range scopes {
				all, err := client.List(t.Context(), scope)
				if err != nil {
					t.Fatal(err)
				}
				for _, selection := range selections(now) {
					got, err := client.Select(t.Context(), scope, selection, now)
					if diff := godiff.Diff(sortedIDs(selection.Select(all, now)), sortedIDs(got)); diff != "" || err != nil {
						t.Errorf("%s selects %+v in %+v: %v %s", user, selection, scope, err, diff)
					}
				}
			}
		}
	})
}

func sortedIDs(tokens []datahub.Token) []string {
	ids := []string{}
	for _, token := range tokens {
		ids = append(ids, token.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestServersSelectionSavesRequests counts them on a server with 2500 tokens.
func TestServersSelectionSavesRequests(t *testing.T) {
	cases := []struct {
		selection datahub.Selection
		want      map[string]int // requests, by release
	}{
		{datahub.Selection{}, map[string]int{"0.10": 3, "0.12": 3, "1.6": 3}},
		{datahub.Selection{Name: "ci"}, map[string]int{"0.10": 1, "0.12": 1, "1.6": 1}},
		{datahub.Selection{Name: "c*"}, map[string]int{"0.10": 3, "0.12": 3, "1.6": 3}},
		{datahub.Selection{Name: "nobodys"}, map[string]int{"0.10": 3, "0.12": 3, "1.6": 3}},
		{datahub.Selection{ExpiringWithin: 2 * time.Hour}, map[string]int{"0.10": 4, "0.12": 5, "0.13": 1, "1.6": 1}},
		{datahub.Selection{CreatedAfter: time.Now().AddDate(1, 0, 0)}, map[string]int{"0.10": 4, "0.12": 5, "0.13": 2, "1.6": 2}},
		{datahub.Selection{Name: "ci", ExpiringWithin: 2 * time.Hour}, map[string]int{"0.10": 2, "0.12": 3, "0.13": 1, "1.6": 1}},
		{datahub.Selection{Name: "ci", SupersededFor: time.Hour}, map[string]int{"0.10": 1, "1.6": 1}},
	}
	for _, release := range []string{"0.10", "0.12", "0.13", "1.6"} {
		hub := mockhub.Start(t, mockhub.Options{Release: release, Tokens: 2497, Users: 5})
		hub.Issue("datahub", "ci", time.Hour)
		client := connectAs(t, hub, "datahub")
		for _, c := range cases {
			want, counted := c.want[release]
			if !counted {
				continue
			}
			hub.ClearJournal()
			if _, err := client.Select(t.Context(), datahub.Scope{}, c.selection, hub.Now()); err != nil {
				t.Errorf("%s: %+v: %v", release, c.selection, err)
			}
			if got := len(hub.Journal()); got != want {
				t.Errorf("%s: %+v takes %d requests, want %d", release, c.selection, got, want)
			}
		}
	}
}

// TestSelectionBeyondTheWindow selects among more tokens than can be paged
// through.
func TestSelectionBeyondTheWindow(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{Tokens: 15000, Users: 20})
	hub.Issue("jdoe", "ci", time.Hour)
	client := connectAs(t, hub, "datahub")
	all, err := client.List(t.Context(), datahub.Scope{})
	if err != nil || len(all) != 15002 {
		t.Fatalf("%d tokens, %v", len(all), err)
	}
	middle := all[len(all)/2].CreatedAt
	for _, selection := range []datahub.Selection{{Name: "ci"}, {CreatedBefore: middle}, {CreatedAfter: middle, EndsBefore: hub.Now().AddDate(0, 1, 0)}, {CreatedAfter: time.UnixMilli(1)}} {
		want := selection.Select(all, hub.Now())
		got, err := client.Select(t.Context(), datahub.Scope{}, selection, hub.Now())
		if err != nil || len(want) == 0 || !slices.Equal(sortedIDs(got), sortedIDs(want)) {
			t.Errorf("%+v: %d tokens, want %d; %v", selection, len(got), len(want), err)
		}
	}
}

// TestFiltersThatDoNotWork meets a server that finds nothing by some field: what
// is selected is found all the same.
func TestFiltersThatDoNotWork(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	for i := range 5 {
		hub.Issue("jdoe", cmp.Or(map[int]string{3: "a,b"}[i], "ci"), time.Hour)
	}
	secret, _ := hub.Issue("datahub", "in use", 24*time.Hour)
	for _, field := range []string{"name", "createdAt", "expiresAt"} {
		blind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if bytes.Contains(body, fmt.Appendf(nil, `"field":"%s"`, field)) {
				io.WriteString(w, `{"data":{"listAccessTokens":{"start":0,"count":1000,"total":0,"tokens":[]}}}`)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			hub.GMS().ServeHTTP(w, r)
		}))
		t.Cleanup(blind.Close)
		address, err := datahub.ParseAddress(blind.URL)
		if err != nil {
			t.Fatal(err)
		}
		client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{Now: hub.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		for _, selection := range []datahub.Selection{
			{Name: "ci"}, {CreatedBefore: hub.Now().Add(time.Hour), Name: "ci"}, {ExpiringWithin: 2 * time.Hour, Name: "ci"},
		} {
			if tokens, err := client.Select(t.Context(), datahub.Scope{}, selection, hub.Now()); err != nil || len(tokens) != 4 {
				t.Errorf("blind for %s: %+v: %d tokens, %v", field, selection, len(tokens), err)
			}
		}
	}
}
