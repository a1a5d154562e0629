package transport_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// fixed is an answer without a network.
func fixed(status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
}

func TestRefusedOptions(t *testing.T) {
	made, other := make509(t, identity{loopback: true}), make509(t, identity{})
	missing, folder := filepath.Join(t.TempDir(), "nothing.pem"), t.TempDir()
	session := []*http.Cookie{{Name: "PLAY_SESSION", Value: secret}}
	junk := file(t, "junk.pem", []byte("-----BEGIN CERTIFICATE-----\nxxx"))
	cases := map[string]struct {
		change func(*transport.Options)
		says   string // must be in the message
	}{
		"no address":             {func(o *transport.Options) { o.Endpoint = "" }, "not one of a web server"},
		"another scheme":         {func(o *transport.Options) { o.Endpoint = "ftp://x" }, "not one of a web server"},
		"a password":             {func(o *transport.Options) { o.Endpoint = "http://me:" + secret + "@x" }, "user name or password"},
		"an unreadable password": {func(o *transport.Options) { o.Endpoint = "http://me:" + secret + "%zz@x" }, "not one of a web server"},
		"token with line break":  {func(o *transport.Options) { o.Secret = secret + "\r\nX-Evil: 1" }, "no token has"},
		"token with a blank":     {func(o *transport.Options) { o.Secret = secret + " x" }, "no token has"},
		"actor with line break":  {func(o *transport.Options) { o.As = "a\nb" }, "control character"},
		"header name":            {func(o *transport.Options) { o.Headers = map[string]string{"a b": secret} }, `"a b"`},
		"header value":           {func(o *transport.Options) { o.Headers = map[string]string{"x-a": secret + "\n"} }, "X-A"},
		"host":                   {func(o *transport.Options) { o.Headers = map[string]string{"host": secret} }, "Host"},
		"length":                 {func(o *transport.Options) { o.Headers = map[string]string{"CONTENT-LENGTH": "1"} }, "Content-Length"},
		"replay":                 {func(o *transport.Options) { o.Headers = map[string]string{"Idempotency-Key": "1"} }, "Idempotency-Key"},
		"another replay":         {func(o *transport.Options) { o.Headers = map[string]string{"x-idempotency-key": "1"} }, "X-Idempotency-Key"},
		"an actor by hand":       {func(o *transport.Options) { o.Headers = map[string]string{"X-DataHub-Actor": "x"} }, "X-Datahub-Actor"},
		"two credentials":        {func(o *transport.Options) { o.Headers = map[string]string{"authorization": "x"} }, "two credentials"},
		"actor and credential":   {func(o *transport.Options) { o.As, o.Headers = "x", map[string]string{"Authorization": "x"} }, "two credentials"},
		"session and token":      {func(o *transport.Options) { o.Cookies = session }, "two credentials"},
		"session and actor":      {func(o *transport.Options) { o.Secret, o.As, o.Cookies = "", "x", session }, "two credentials"},
		"two sessions": {func(o *transport.Options) {
			o.Secret, o.Cookies, o.Headers = "", session, map[string]string{"cookie": secret}
		}, "hold Cookie"},
		"session and authorization": {func(o *transport.Options) {
			o.Secret, o.Cookies, o.Headers = "", session, map[string]string{"authorization": secret}
		}, "hold Authorization"},
		"no CA file":       {func(o *transport.Options) { o.CACert = missing }, missing},
		"junk for CA":      {func(o *transport.Options) { o.CACert = junk }, junk},
		"empty CA folder":  {func(o *transport.Options) { o.CACert = folder }, folder},
		"no client cert":   {func(o *transport.Options) { o.ClientCert = missing }, missing},
		"no client key":    {func(o *transport.Options) { o.ClientCert, o.ClientKey = made.certFile, missing }, missing},
		"key alone":        {func(o *transport.Options) { o.ClientKey = made.keyFile }, made.keyFile},
		"cert without key": {func(o *transport.Options) { o.ClientCert = made.certFile }, made.certFile},
		"another's key":    {func(o *transport.Options) { o.ClientCert, o.ClientKey = made.certFile, other.keyFile }, other.keyFile},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := transport.Options{Endpoint: "http://datahub.test", Secret: secret}
			c.change(&o)
			_, err := transport.New(o)
			if failure.KindOf(err) != failure.Usage {
				t.Fatalf("kind %q: %v", failure.KindOf(err), err)
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), secret) {
				t.Errorf("message %q", err)
			}
		})
	}
}

// TestTrust covers whom the client trusts and as whom it shows itself.
func TestTrust(t *testing.T) {
	there, here := make509(t, identity{loopback: true}), make509(t, identity{})
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{there.pair(t)}, ClientAuth: tls.RequestClientCert},
		func(w http.ResponseWriter, r *http.Request) {
			if len(r.TLS.PeerCertificates) > 0 {
				w.WriteHeader(http.StatusTeapot)
			}
			io.WriteString(w, answer)
		})
	bundle := func(o *transport.Options) { o.CACert = there.certFile }
	cases := map[string]struct {
		change    func(*transport.Options)
		works     bool
		presented bool
	}{
		"file":             {bundle, true, false},
		"folder":           {func(o *transport.Options) { o.CACert = filepath.Dir(there.certFile) }, true, false},
		"another's":        {func(o *transport.Options) { o.CACert = here.certFile }, false, false},
		"anybody":          {func(o *transport.Options) { o.SkipVerify = true }, true, false},
		"certificate, key": {func(o *transport.Options) { bundle(o); o.ClientCert, o.ClientKey = here.certFile, here.keyFile }, true, true},
		"both in one":      {func(o *transport.Options) { bundle(o); o.ClientCert = here.bothFile }, true, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := post(t.Context(), open(t, server.URL, c.change), server.URL)
			var f *transport.Fault
			presented := errors.As(err, &f) && f.Status == http.StatusTeapot
			if works := err == nil || presented; works != c.works || presented != c.presented {
				t.Errorf("works %v, certificate shown %v; %v", works, presented, err)
			}
		})
	}
}

func TestGet(t *testing.T) {
	home := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Authorization") == "" || r.Header.Get("Content-Type") != "" {
			t.Errorf("%s with %v", r.Method, r.Header)
		}
		says(map[string]int{"/config": 200, "/gone": 404}[r.URL.Path], "text/x-test", "hello")(w, r)
	})
	away := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Gate") != "" {
			t.Errorf("credentials went away: %v", r.Header)
		}
		says(200, "text/html", "<title>x</title>")(w, r)
	})
	var told []string
	tr := open(t, home.URL, func(o *transport.Options) {
		o.Headers = map[string]string{"X-Gate": "open sesame"}
		o.Trace = func(e transport.Exchange) { told = append(told, e.Method+" "+e.URL) }
	})
	for address, want := range map[string]transport.Answer{
		home.URL + "/config?x=1": {Status: 200, ContentType: "text/x-test", Body: []byte("hello")},
		home.URL + "/gone":       {Status: 404, ContentType: "text/x-test", Body: []byte("hello")},
		away.URL + "/config":     {Status: 200, ContentType: "text/html", Body: []byte("<title>x</title>")},
	} {
		got, err := tr.Get(t.Context(), address)
		if err != nil || got.Status != want.Status || got.ContentType != want.ContentType || string(got.Body) != string(want.Body) {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
	if len(told) != 3 || strings.Contains(strings.Join(told, " "), "?") {
		t.Errorf("told %q", told)
	}
}

// TestStrangersGetNoCertificate asks a server of another origin, which is neither
// shown the client's certificate nor taken on trust.
func TestStrangersGetNoCertificate(t *testing.T) {
	there, here := make509(t, identity{loopback: true}), make509(t, identity{})
	stranger := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{there.pair(t)}, ClientAuth: tls.RequestClientCert},
		func(w http.ResponseWriter, r *http.Request) {
			if len(r.TLS.PeerCertificates) > 0 {
				t.Error("the stranger was shown a certificate")
			}
		})
	tr := open(t, "https://datahub.test", func(o *transport.Options) {
		o.CACert, o.ClientCert = there.certFile, here.bothFile
	})
	if _, err := tr.Get(t.Context(), stranger.URL); err != nil {
		t.Error(err)
	}
	careless := open(t, "https://datahub.test", func(o *transport.Options) { o.SkipVerify = true })
	_, err := careless.Get(t.Context(), stranger.URL)
	check(t, err, want{reason: transport.NotSent, stage: transport.TLS, detail: "not from an authority"})
}

func TestGetThatFails(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large":
			w.Write(make([]byte, 1<<20+1))
		default:
			http.Redirect(w, r, "/login", http.StatusFound)
		}
	})
	tr := open(t, server.URL)
	_, err := tr.Get(t.Context(), server.URL+"/large")
	check(t, err, want{reason: transport.TooLarge, sent: true, status: 200})
	_, err = tr.Get(t.Context(), server.URL+"/")
	check(t, err, want{reason: transport.Redirect, sent: true, status: 302, detail: server.URL + "/login"})
	_, err = tr.Get(t.Context(), "http://"+closedPort(t))
	check(t, err, want{reason: transport.NotSent, stage: transport.Connect, passing: true})
	if _, err = tr.Get(t.Context(), "http://me:"+secret+"@%zz"); failure.KindOf(err) != failure.Usage || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
}

// TestPost sends JSON to what is not GraphQL and takes whatever comes back.
func TestPost(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(body) != `{"username":"jdoe"}` || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s with %v", r.Method, body, r.Header)
		}
		switch r.URL.Path {
		case "/logIn":
			http.SetCookie(w, &http.Cookie{Name: "PLAY_SESSION", Value: "a.b"})
			w.Header().Add("Set-Cookie", `actor="urn:li:corpuser:jdoe"; Path=/`)
		case "/refused":
			says(400, "application/json", `{"message":"Invalid \u001b Credentials"}`)(w, r)
		case "/page":
			says(404, "text/html", "<title>Not here</title>")(w, r)
		default:
			http.Redirect(w, r, "/login?u="+secret, http.StatusFound)
		}
	})
	tr := open(t, server.URL)
	post := func(path string) (transport.Answer, error) {
		return tr.Post(t.Context(), server.URL+path, []byte(`{"username":"jdoe"}`))
	}
	got, err := post("/logIn")
	if err != nil || got.Status != 200 || len(got.Cookies) != 2 || got.Cookies[1].Value != "urn:li:corpuser:jdoe" || got.Page {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = post("/refused"); err != nil || got.Status != 400 || got.Words != "Invalid ^[ Credentials" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = post("/page"); err != nil || got.Status != 404 || !got.Page || got.Words != "" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = post("/elsewhere")
	check(t, err, want{reason: transport.Redirect, sent: true, status: 302, detail: server.URL + "/login"})
}

// TestWithoutNetwork sends by way of something else, as the embedded DataHub
// does: what can be known of sending is then what was read of the request.
func TestWithoutNetwork(t *testing.T) {
	lost := errors.New("lost")
	for name, c := range map[string]struct {
		reads bool
		want  want
	}{
		"read":   {true, want{reason: transport.Reset, sent: true, detail: "lost"}},
		"unread": {false, want{reason: transport.NotSent, stage: transport.Connect, passing: true, detail: "lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			tr := open(t, "http://mock.invalid", func(o *transport.Options) {
				o.Base = roundTrip(func(r *http.Request) (*http.Response, error) {
					if c.reads {
						io.Copy(io.Discard, r.Body)
					}
					return nil, lost
				})
			})
			_, err := post(context.Background(), tr, "http://mock.invalid")
			if check(t, err, c.want); !errors.Is(err, lost) {
				t.Errorf("the cause is lost: %v", err)
			}
		})
	}
}

// TestBareRequests are those without a body.
func TestBareRequests(t *testing.T) {
	tr := open(t, "http://datahub.test", func(o *transport.Options) {
		o.Base = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Body != nil || r.ContentLength != 0 {
				t.Errorf("body %v of %d bytes", r.Body, r.ContentLength)
			}
			return fixed(200, []byte(answer)), nil
		})
	})
	request, _ := http.NewRequest(http.MethodPost, "http://datahub.test", nil)
	read := false
	err := tr.Do(request, func(body []byte) (bool, error) {
		read = string(body) == answer
		return false, nil
	})
	if err != nil || !read {
		t.Errorf("read %v, %v", read, err)
	}
	failing := errors.New("cannot read")
	request, _ = http.NewRequest(http.MethodPost, "http://datahub.test", io.MultiReader(errorReader{failing}))
	if err := tr.Do(request, nil); !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
}

type errorReader struct{ err error }

func (e errorReader) Read([]byte) (int, error) { return 0, e.err }
