package transport_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/transport"
)

// TestEchoes has servers that repeat what they were sent.
func TestEchoes(t *testing.T) {
	const gate = "Basic aWQ6c2VjcmV0"
	escaped := strings.ReplaceAll(secret, "s", `\u0073`)
	cases := map[string]struct {
		serve http.HandlerFunc
		words string
	}{
		"in plain text":    {says(400, "text/plain", "bad token "+secret+"!"), "bad token [secret removed]!"},
		"in JSON":          {says(400, "", `{"message":"`+secret+`"}`), "[secret removed]"},
		"escaped":          {says(400, "", `{"message":"`+escaped+`"}`), "[secret removed]"},
		"in a title":       {says(200, "text/html", "<title>"+secret+"</title>"), "[secret removed]"},
		"in a long text":   {says(500, "", strings.Repeat("-", 490)+secret), strings.Repeat("-", 490) + "[secret re…"},
		"extra header":     {says(500, "", gate+" of X-Gate"), "[secret removed] of X-Gate"},
		"credential of it": {says(500, "", "got aWQ6c2VjcmV0"), "got [secret removed]"},
		"not UTF-8":        {says(500, "text/plain", "caf\xe9"), `caf\xe9`},
		"control":          {says(500, "text/plain", "a\x1b]0;b\x07"), "a^[]0;b^G"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, c.serve)
			tr := open(t, server.URL, func(o *transport.Options) { o.Headers = map[string]string{"X-Gate": gate} })
			_, err := post(t.Context(), tr, server.URL)
			var f *transport.Fault
			if !errors.As(err, &f) || f.Words != c.words {
				t.Fatalf("words of %#v, want %q", f, c.words)
			}
			if !strings.HasSuffix(f.Error(), ": "+c.words) {
				t.Errorf("error %q", f)
			}
		})
	}
}

// TestSessionEchoes has a server repeat the session.
func TestSessionEchoes(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { says(500, "text/plain", r.Header.Get("Cookie"))(w, r) })
	tr := open(t, server.URL, func(o *transport.Options) {
		o.Secret, o.Cookies = "", []*http.Cookie{{Name: "PLAY_SESSION", Value: secret}}
	})
	_, err := post(t.Context(), tr, server.URL)
	check(t, err, want{reason: transport.Status, sent: true, status: 500, words: "PLAY_SESSION=[secret removed]"})
}

func TestRetryAfter(t *testing.T) {
	const now = "Sun, 22 Nov 2026 10:00:00 GMT"
	for value, want := range map[string]time.Duration{
		"60": time.Minute, "0": 0, "": 0, "-5": 0, "soon": 0, "1.5": 0, "99999999": 24 * time.Hour,
		"Sun, 22 Nov 2026 10:00:30 GMT": 30 * time.Second, "Sun, 22 Nov 2026 09:00:00 GMT": 0,
		"Sunday, 22-Nov-26 10:01:00 GMT": time.Minute, "Sun, 22 Nov 2099 10:00:00 GMT": 24 * time.Hour,
	} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", now)
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := post(t.Context(), open(t, server.URL), server.URL)
		var f *transport.Fault
		if !errors.As(err, &f) || f.RetryAfter != want || f.Status != 429 {
			t.Errorf("%q: %v of %v, want %v", value, f.RetryAfter, f, want)
		}
	}
	in := transport.RetryAfter(http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}})
	if in < 50*time.Minute || in > time.Hour {
		t.Errorf("without the server's clock: %v", in)
	}
}

// TestResolverSays words what resolvers answer, which no test can make them do.
func TestResolverSays(t *testing.T) {
	for want, c := range map[string]struct {
		dns     net.DNSError
		passing bool
	}{
		"there is no host named x.test":                           {net.DNSError{Name: "x.test", IsNotFound: true}, false},
		"looking up the name x.test took too long":                {net.DNSError{Name: "x.test", IsTimeout: true}, true},
		"the name x.test cannot be looked up: server misbehaving": {net.DNSError{Name: "x.test", Err: "server misbehaving"}, true},
	} {
		f, ok := transport.Unresolved(&net.OpError{Op: "dial", Err: &c.dns})
		if !ok || f.Detail != want || f.Passing != c.passing || f.Stage != transport.Lookup {
			t.Errorf("%v gives %#v", c.dns, f)
		}
	}
	if _, ok := transport.Unresolved(errors.New("lookup failed")); ok {
		t.Error("any error is one of the resolver")
	}
}

// FuzzJudge holds what passes for an answer against what a GraphQL client can
// decode, and words to their promise.
func FuzzJudge(f *testing.F) {
	for _, seed := range []string{answer, `{"errors":[{"message":"a"}]}`, `{"data":1}`, "<title>x", "<html><title>a</title>", `{"message":["b"]}`, "{", "\xff", `{"DATA":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if transport.GraphQL(body) == nil {
			var object map[string]json.RawMessage
			if err := json.Unmarshal(body, &object); err != nil || len(object) == 0 {
				t.Errorf("passes, and is no object: %q", body)
			}
		}
		base := roundTrip(func(r *http.Request) (*http.Response, error) {
			return fixed(500, body), nil
		})
		tr, err := transport.New(transport.Options{Endpoint: "http://datahub.test", Secret: secret, Base: base})
		if err != nil {
			t.Fatal(err)
		}
		_, err = post(t.Context(), tr, "http://datahub.test")
		var fault *transport.Fault
		if !errors.As(err, &fault) || !utf8.ValidString(fault.Words) || strings.ContainsAny(fault.Words, "\n\r\x1b") || strings.Contains(fault.Words, secret) {
			t.Errorf("%q gives %#v", body, fault)
		}
		if title := transport.Title(body); len(title) > 0 && strings.ContainsAny(title, "\n\t") {
			t.Errorf("title %q", title)
		}
	})
}
