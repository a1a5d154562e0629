package mockhub_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

func TestLifeOfAToken(t *testing.T) {
	for _, r := range mockhub.Releases() {
		t.Run(r, func(t *testing.T) {
			s := mockhub.Start(t, mockhub.Options{Release: r})
			jdoe := as(t, s, "jdoe")

			made := jdoe.ask(createDoc, createInput("jdoe", "ci", "ONE_HOUR"))
			secret, _ := made.at("createAccessToken", "accessToken").(string)
			id, _ := made.at("createAccessToken", "metadata", "id").(string)
			if len(id) != 44 || strings.Count(secret, ".") != 2 {
				t.Fatalf("created %s", made.body)
			}
			if owner := made.at("createAccessToken", "metadata", "ownerUrn"); owner != "urn:li:corpuser:jdoe" {
				t.Errorf("owner %v", owner)
			}

			own := with(t, s, secret)
			listed := own.ask(listDoc, page(0, 10, only("ownerUrn", "urn:li:corpuser:jdoe")))
			if got := listed.at("listAccessTokens", "tokens", 0, "id"); got != id {
				t.Fatalf("listed %s", listed.body)
			}
			if revoked := own.ask(revokeDoc, vars{"id": id}); revoked.at("revokeAccessToken") != true {
				t.Fatalf("revoked %s", revoked.body)
			}
			if after := own.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`); after.status != http.StatusUnauthorized {
				t.Errorf("a revoked token got %d %s", after.status, after.body)
			}
			if left := jdoe.ask(listDoc, page(0, 10, only("ownerUrn", "urn:li:corpuser:jdoe"))); left.at("listAccessTokens", "total") != 0.0 {
				t.Errorf("left %s", left.body)
			}
		})
	}
}

func TestFieldUndefined(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{Release: "0.10"})
	r := as(t, s, "jdoe").send("POST", "/api/graphql", `{"query":"{ createAccessToken }"}`)
	want := `{"errors":[{"message":"Validation error (FieldUndefined@[createAccessToken]) : Field 'createAccessToken' in type 'Query' is undefined","locations":[{"line":1,"column":3}],"extensions":{"classification":"ValidationError"}}],"data":null,"extensions":{}}`
	if r.body != want || r.status != http.StatusOK {
		t.Errorf("got  %d %s\nwant %s", r.status, r.body, want)
	}
}

func TestClock(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{IndexLag: 5 * time.Second, Clock: fixed()})
	secret, id := s.Issue("jdoe", "late", time.Hour)
	c := with(t, s, secret)
	mine := page(0, 10, only("ownerUrn", "urn:li:corpuser:jdoe"))
	if r := c.ask(listDoc, mine); r.at("listAccessTokens", "total") != 0.0 {
		t.Errorf("the index did not lag: %s", r.body)
	}
	s.Advance(5 * time.Second)
	if r := c.ask(listDoc, mine); r.at("listAccessTokens", "tokens", 0, "id") != id {
		t.Errorf("the index did not catch up: %s", r.body)
	}
	s.Advance(time.Hour)
	if r := c.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`); r.status != http.StatusUnauthorized {
		t.Errorf("an expired token got %d", r.status)
	}
}

// fixed is a clock that stands still.
func fixed() func() time.Time {
	at := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	return func() time.Time { return at }
}

func TestFrontendSignIn(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	c := &client{t: t, url: s.FrontendURL, header: http.Header{}, http: &http.Client{}}
	if r := c.send("POST", "/logIn", `{"username":"jdoe","password":"wrong"}`); r.status != 400 || r.body != `{"message":"Invalid Credentials"}` {
		t.Errorf("got %d %s", r.status, r.body)
	}
	r := c.send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`)
	if r.status != 200 || r.body != "" {
		t.Fatalf("got %d %s", r.status, r.body)
	}
	for _, cookie := range (&http.Response{Header: r.header}).Cookies() {
		c.header.Add("Cookie", cookie.Name+"="+cookie.Value)
	}
	if r := c.send("POST", "/api/v2/graphql", `{"query":"{me{corpUser{urn}}}"}`); !strings.Contains(r.body, `"urn:li:corpuser:jdoe"`) {
		t.Errorf("got %d %s", r.status, r.body)
	}
	if r := c.send("GET", "/settings/tokens", ""); r.status != 200 || !strings.Contains(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("got %d %s", r.status, r.body)
	}
}

func TestBaseURL(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	c := &client{t: t, url: s.GMSURL, header: http.Header{}, http: &http.Client{}}
	if r := c.send("GET", "/config", ""); strings.Contains(r.body, "baseUrl") {
		t.Errorf("got %s", r.body)
	}
	s.SetBaseURL("https://dh.example.com")
	if r := c.send("GET", "/config", ""); !strings.Contains(r.body, `"baseUrl":"https://dh.example.com"`) {
		t.Errorf("got %s", r.body)
	}
}

func TestDataFileIsShared(t *testing.T) {
	file := t.TempDir() + "/state.jsonl"
	one := mockhub.Start(t, mockhub.Options{DataFile: file})
	two := mockhub.Start(t, mockhub.Options{DataFile: file})
	secret, id := one.Issue("jdoe", "shared", time.Hour)
	r := with(t, two, secret).ask(listDoc, page(0, 10, only("ownerUrn", "urn:li:corpuser:jdoe")))
	if r.at("listAccessTokens", "tokens", 0, "id") != id {
		t.Errorf("got %s", r.body)
	}
}

// foreign is a file of somebody else's.
func foreign(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "foreign.json")
	if err := os.WriteFile(path, []byte("{\"hello\":\"world\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
