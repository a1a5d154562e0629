package mockhub_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// faulted is what a request came to: an answer, or the error of asking.
type faulted struct {
	reply reply
	err   error
	left  int // tokens there are afterwards, in a list without faults
}

// createUnder creates a token under a fault.
func createUnder(t *testing.T, spec string) faulted {
	t.Helper()
	s := mockhub.Start(t, mockhub.Options{})
	f, err := mockhub.ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	c := as(t, s, "jdoe")
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.Inject(f)
	body, err := json.Marshal(map[string]any{"query": createDoc, "variables": createInput("jdoe", "t", "ONE_HOUR")})
	if err != nil {
		t.Fatal(err)
	}
	var got faulted
	got.reply, got.err = c.try("POST", "/api/graphql", string(body))
	s.ClearFaults()
	left, _ := as(t, s, "datahub").ask(listDoc, page(0, 9)).at("listAccessTokens", "total").(float64)
	got.left = int(left)
	return got
}

func TestFaults(t *testing.T) {
	answered := func(status int, parts ...string) func(faulted) bool {
		return func(f faulted) bool {
			for _, part := range parts {
				if !strings.Contains(f.reply.body, part) {
					return false
				}
			}
			return f.err == nil && f.reply.status == status
		}
	}
	broken := func(f faulted) bool { return f.err != nil }
	cases := []struct {
		spec string
		left int
		is   func(faulted) bool
	}{
		{"refuse", 0, broken},
		{"createAccessToken:refuse", 0, broken},
		{"createAccessToken:reset-before", 0, broken},
		{"createAccessToken:reset-after", 1, broken},
		{"Create:reset-after", 1, broken}, // the document's own name for it
		{"CREATEACCESSTOKEN:cut", 1, broken},
		{"createAccessToken:status=503", 0, answered(503, "Service Unavailable")},
		{"createAccessToken:status=502,after=true", 1, answered(502, "Bad Gateway")},
		{"createAccessToken:status=429", 0, answered(429, `{"error":"Rate limit exceeded"}`)},
		{"createAccessToken:status=500,message=No luck", 0, answered(500, `{"error":"No luck"}`)},
		{"createAccessToken:error=500", 0, answered(200, `{"errors":[{"message":"An unknown error occurred."`, `"code":500,"type":"SERVER_ERROR"`, `"data":null`)},
		{"createAccessToken:error=503,after=true", 1, answered(200, `"code":503,"type":"SERVICE_UNAVAILABLE"`)},
		{"createAccessToken:html", 0, answered(200, "<title>Sign in</title>")},
		{"createAccessToken:redirect=https://sso.example.test/x", 0, answered(302)},
		{"createAccessToken:content-type=text/plain", 1, answered(200, "accessToken")},
		{"createAccessToken:bad-utf8", 1, func(f faulted) bool { return f.err == nil && !utf8.ValidString(f.reply.body) }},
		{"createAccessToken:trickle=1ns", 1, answered(200, `"extensions":{}}`)},
		{"createAccessToken:delay=1ns", 1, answered(200, `"extensions":{}}`)},
		{"createAccessToken:flood=200K", 0, func(f faulted) bool { return f.err == nil && len(f.reply.body) > 200<<10 }},
		{"revokeAccessToken:reset-after", 1, answered(200, `"extensions":{}}`)},
		{"createAccessToken:html,skip=1", 1, answered(200, `"extensions":{}}`)},
	}
	for _, c := range cases {
		t.Run(c.spec, func(t *testing.T) {
			got := createUnder(t, c.spec)
			if !c.is(got) || got.left != c.left {
				t.Errorf("%d tokens, error %v, answer %d %.300s", got.left, got.err, got.reply.status, got.reply.body)
			}
		})
	}
}

func TestFaultHeaders(t *testing.T) {
	if got := createUnder(t, "createAccessToken:status=503,retry-after=7").reply.header.Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After %q", got)
	}
	if got := createUnder(t, "createAccessToken:redirect=https://sso.example.test/x").reply.header.Get("Location"); got != "https://sso.example.test/x" {
		t.Errorf("Location %q", got)
	}
	if got := createUnder(t, "createAccessToken:content-type=image/png").reply.header.Get("Content-Type"); got != "image/png" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestHangLastsUntilTheClientGoes(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	s.Inject(mockhub.Fault{Kind: "hang"})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "POST", s.GMSURL+"/api/graphql", strings.NewReader(`{"query":"{__typename}"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = as(t, s, "jdoe").header
	answered := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Fatalf("answered: %v", err)
	case <-time.After(20 * time.Millisecond): // a pass needs no luck: nothing may come however long one waits
	}
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestFaultsHappenAsOftenAsSaid(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	f, err := mockhub.ParseFault("status=503,times=2")
	if err != nil {
		t.Fatal(err)
	}
	s.Inject(f)
	c := as(t, s, "jdoe")
	var got []int
	for range 4 {
		got = append(got, c.ask(meDoc, nil).status)
	}
	if got[0] != 503 || got[1] != 503 || got[2] != 200 || got[3] != 200 {
		t.Errorf("statuses %v", got)
	}
	f, err = mockhub.ParseFault("me:status=504,times=always")
	if err != nil {
		t.Fatal(err)
	}
	s.Inject(f)
	for range 20 {
		if status := c.ask(meDoc, nil).status; status != 504 {
			t.Fatalf("status %d", status)
		}
	}
}

func TestFaultsOfOtherPaths(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	for _, spec := range []string{"logIn:status=503", "config:html", "health:status=500"} {
		f, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		s.Inject(f)
	}
	front := with(t, s, "")
	front.url = s.FrontendURL
	if r := front.send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`); r.status != 503 {
		t.Errorf("logIn: %d", r.status)
	}
	if r := with(t, s, "").send("GET", "/config", ""); !strings.Contains(r.body, "Sign in") {
		t.Errorf("config: %s", r.body)
	}
	if r := front.send("GET", "/health", ""); r.status != 500 {
		t.Errorf("health: %d", r.status)
	}
}

func TestFaultsThroughTheFrontend(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{})
	c := as(t, s, "jdoe")
	c.url = s.FrontendURL
	for _, spec := range []string{"reset-before", "cut"} {
		f, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		s.Inject(f)
		if r, err := c.try("POST", "/api/v2/graphql", `{"query":"{__typename}"}`); err == nil {
			t.Errorf("%s: %d %s", spec, r.status, r.body)
		}
	}
	if r := c.ask(meDoc, nil); r.status != 200 {
		t.Errorf("afterwards: %d", r.status)
	}
}

func TestLatency(t *testing.T) {
	s := mockhub.Start(t, mockhub.Options{Latency: 30 * time.Millisecond})
	as(t, s, "jdoe").ask(meDoc, nil)
	if took := s.Journal()[0].Took; took < 30*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}
