package transport_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/transport"
)

// seen is a server that notes the last request and gives a fixed answer.
func seen(t *testing.T) (*httptest.Server, *http.Request) {
	t.Helper()
	last := &http.Request{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*last = *r.Clone(context.Background())
		last.Body = io.NopCloser(strings.NewReader(string(body)))
		io.WriteString(w, answer)
	})
	return server, last
}

func TestWhatIsSent(t *testing.T) {
	cases := map[string]struct {
		change func(*transport.Options)
		want   map[string]string // "" for a header that must not be there
	}{
		"token": {func(*transport.Options) {}, map[string]string{
			"Authorization": "Bearer " + secret, "X-Datahub-Actor": "", "Content-Type": "application/json",
			"Accept": "application/json", "User-Agent": "pat", "Accept-Encoding": "gzip",
			"Content-Length": fmt.Sprint(len(question)), "Idempotency-Key": "", "Cookie": "", "Referer": "",
		}},
		"nobody": {func(o *transport.Options) { o.Secret = "" }, map[string]string{"Authorization": "", "X-Datahub-Actor": ""}},
		"as somebody": {func(o *transport.Options) { o.As = "urn:li:corpuser:jdoe" }, map[string]string{
			"Authorization": "", "X-Datahub-Actor": "urn:li:corpuser:jdoe",
		}},
		"agent": {func(o *transport.Options) { o.UserAgent = "DataHub-Client/1.0 (cli; pat/1; 1)" }, map[string]string{
			"User-Agent": "DataHub-Client/1.0 (cli; pat/1; 1)",
		}},
		"extra headers": {func(o *transport.Options) {
			o.Headers = map[string]string{"cf-access-token": " abc ", "user-agent": "mine"}
		}, map[string]string{"Cf-Access-Token": "abc", "User-Agent": "mine", "Authorization": "Bearer " + secret}},
		"session": {func(o *transport.Options) {
			o.Secret, o.Cookies = "", []*http.Cookie{{Name: "PLAY_SESSION", Value: "a.b-c"}, {Name: "actor", Value: "urn:li:corpuser:jdoe", Quoted: true}}
		}, map[string]string{"Cookie": `PLAY_SESSION=a.b-c; actor="urn:li:corpuser:jdoe"`, "Authorization": "", "X-Datahub-Actor": ""}},
		"gateway's cookie": {func(o *transport.Options) {
			o.Headers = map[string]string{"cookie": "gate=open"}
		}, map[string]string{"Cookie": "gate=open", "Authorization": "Bearer " + secret}},
		"own authorization": {func(o *transport.Options) {
			o.Secret, o.Headers = "", map[string]string{"authorization": "Basic id:secret"}
		}, map[string]string{"Authorization": "Basic id:secret"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server, last := seen(t)
			got, err := post(t.Context(), open(t, server.URL, c.change), server.URL+"/api/graphql")
			if err != nil || got != answer {
				t.Fatalf("answer %q, %v", got, err)
			}
			if body, _ := io.ReadAll(last.Body); string(body) != question || last.Method != http.MethodPost || last.URL.Path != "/api/graphql" {
				t.Errorf("%s %s with %s", last.Method, last.URL, body)
			}
			for name, value := range c.want {
				if got := last.Header.Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
		})
	}
}

// TestCredentialsStayHome sends a request to every neighbour of the endpoint.
func TestCredentialsStayHome(t *testing.T) {
	var last http.Header
	base := roundTrip(func(r *http.Request) (*http.Response, error) {
		last = r.Header
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, nil
	})
	tr := open(t, "https://datahub.test/api/graphql", func(o *transport.Options) {
		o.Base, o.Headers = base, map[string]string{"X-Gate": "open sesame"}
	})
	for address, home := range map[string]bool{
		"https://datahub.test/api/graphql": true, "https://datahub.test/config": true, "https://DataHub.test:443/": true,
		"http://datahub.test/api/graphql": false, "https://datahub.test:8443/": false, "https://www.datahub.test/": false,
		"https://datahub.test.evil.test/": false, "http://datahub.test:443/": false,
	} {
		if _, err := post(t.Context(), tr, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if got := last.Get("Authorization") != "" && last.Get("X-Gate") != ""; got != home {
			t.Errorf("%s: credentials sent: %v", address, got)
		}
		if !home && (last.Get("Authorization") != "" || last.Get("X-Gate") != "") {
			t.Errorf("%s: got %v", address, last)
		}
	}
}

// TestSessionsStayHome is the same for the cookies of a session.
func TestSessionsStayHome(t *testing.T) {
	var last http.Header
	tr := open(t, "https://datahub.test/api/graphql", func(o *transport.Options) {
		o.Secret, o.Cookies = "", []*http.Cookie{{Name: "PLAY_SESSION", Value: secret}}
		o.Base = roundTrip(func(r *http.Request) (*http.Response, error) {
			last = r.Header
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, nil
		})
	})
	for address, home := range map[string]bool{
		"https://datahub.test/api/graphql": true, "https://datahub.test/logIn": true,
		"http://datahub.test/api/graphql": false, "https://datahub.test:8443/": false, "https://gms.datahub.test/": false,
		"https://datahub.test.evil.test/": false,
	} {
		if _, err := post(t.Context(), tr, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if got := last.Get("Cookie") == "PLAY_SESSION="+secret; got != home || !home && last.Get("Cookie") != "" {
			t.Errorf("%s: got %v", address, last)
		}
	}
}

// roundTrip stands for the network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAnswersThatCount are the forms of a good answer.
func TestAnswersThatCount(t *testing.T) {
	cases := map[string]struct{ contentType, body string }{
		"usual":               {"application/json;charset=utf-8", answer},
		"of another type":     {"text/html", answer},
		"of no type":          {"", "\n " + answer + "\n"},
		"data null":           {"application/json", `{"data":null}`},
		"errors only":         {"application/graphql-response+json", `{"errors":[{"message":"no","path":["me",0],"locations":[{"line":1,"column":2}],"extensions":{"code":403}}]}`},
		"all members":         {"application/json", `{"errors":[],"data":{"a":[1,{}]},"extensions":{"x":1}}`},
		"not UTF-8 in a name": {"application/json", "{\"data\":{\"name\":\"\xff\xfe\"}}"},
		"null for errors":     {"application/json", `{"errors":null,"data":{}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, says(200, c.contentType, c.body))
			got, err := post(t.Context(), open(t, server.URL), server.URL)
			if err != nil || got != c.body {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestPackedAnswer(t *testing.T) {
	whole := `{"data":{"x":"` + strings.Repeat("a", 1<<20) + `"}}`
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		io.WriteString(packed, whole)
		packed.Close()
	})
	if got, err := post(t.Context(), open(t, server.URL), server.URL); err != nil || got != whole {
		t.Errorf("%d bytes, want %d; %v", len(got), len(whole), err)
	}
}

func TestHTTP2WhereOffered(t *testing.T) {
	made := make509(t, identity{loopback: true})
	var proto atomic.Value
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{made.pair(t)}}, func(w http.ResponseWriter, r *http.Request) {
		proto.Store(r.Proto)
		io.WriteString(w, answer)
	})
	tr := open(t, server.URL, func(o *transport.Options) { o.CACert = made.certFile })
	if got, err := post(t.Context(), tr, server.URL); err != nil || got != answer {
		t.Fatalf("%q, %v", got, err)
	}
	if proto.Load() != "HTTP/2.0" {
		t.Errorf("spoke %s", proto.Load())
	}
}

// TestRedirectsAreNotFollowed leads to a server that must not be asked.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Error("the redirect was followed") })
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	cases := map[string]struct {
		status           int
		target, location string
	}{
		"sign-in page":      {302, elsewhere.URL + "/login?state=x#y", elsewhere.URL},
		"keeps the method":  {307, "//" + host + "/a", elsewhere.URL},
		"with a password":   {308, "http://me:pw@" + host + "/", elsewhere.URL},
		"same host":         {301, "/login?next=%2F", "SERVER/login"},
		"unreadable":        {302, "http://%zz", "an address that cannot be read"},
		"echoes the secret": {302, "/x/" + secret, "SERVER/x/[secret removed]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", c.target)
				w.WriteHeader(c.status)
			})
			_, err := post(t.Context(), open(t, server.URL), server.URL)
			f := check(t, err, want{reason: transport.Redirect, sent: true, status: c.status, detail: "redirect"})
			if w := strings.Replace(c.location, "SERVER", server.URL, 1); f.Location != w {
				t.Errorf("location %q, want %q", f.Location, w)
			}
		})
	}
}

// TestConnectionsAreReused makes requests of every outcome over one connection.
func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int32
	turn := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn++
		switch turn % 3 {
		case 0:
			says(200, "", answer)(w, r)
		case 1:
			says(401, "", "no")(w, r)
		default:
			says(200, "", "GOOD")(w, r)
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	tr := open(t, server.URL)
	for range 9 {
		post(t.Context(), tr, server.URL)
	}
	if n := opened.Load(); n != 1 || turn != 9 {
		t.Errorf("%d requests over %d connections", turn, n)
	}
}

// TestNothingIsLeft makes requests that end in every way, in parallel, and
// counts what goes on afterwards.
func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	var live sync.Map
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("X-Turn") {
		case "0":
			hijacked, _, _ := w.(http.Hijacker).Hijack()
			hijacked.Close()
			live.Delete(hijacked.RemoteAddr().String())
		case "1":
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		case "2":
			w.Header().Set("Content-Length", "1000000000")
			io.WriteString(w, "{")
		case "3":
			says(500, "", strings.Repeat("x", 1<<20))(w, r)
		default:
			says(200, "", answer)(w, r)
		}
	}))
	server.Config.ErrorLog = quiet
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			live.Store(conn.RemoteAddr().String(), true)
		case http.StateClosed:
			live.Delete(conn.RemoteAddr().String())
		}
	}
	server.Start()
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			tr := open(t, server.URL, func(o *transport.Options) {
				o.Headers = map[string]string{"X-Turn": fmt.Sprint(i % 5)}
				o.Timeout = 500 * time.Millisecond
			})
			post(t.Context(), tr, server.URL)
			tr.CloseIdle()
		})
	}
	group.Wait()
	eventually(t, "every connection closed", func() bool {
		open := 0
		live.Range(func(any, any) bool { open++; return true })
		return open == 0
	})
	server.Close()
	eventually(t, "every goroutine gone", func() bool { return runtime.NumGoroutine() <= before })
}

// eventually waits until something is so, and fails when it never is.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); runtime.Gosched() {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("never: %s\n%s", what, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(time.Millisecond)
	}
}

// TestEverythingTogether goes through a proxy to a server with its own
// authority, a client's certificate, an extra header and a base path. None of it
// turns HTTP/2 off, and all requests share a connection.
func TestEverythingTogether(t *testing.T) {
	there, here := make509(t, identity{loopback: true}), make509(t, identity{})
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{there.pair(t)}, ClientAuth: tls.RequireAnyClientCert},
		func(w http.ResponseWriter, r *http.Request) {
			if r.Proto != "HTTP/2.0" || r.URL.Path != "/base/api/graphql" || r.Header.Get("X-Gate") != "open" || r.Header.Get("Proxy-Authorization") != "" {
				w.WriteHeader(http.StatusTeapot)
			}
			io.WriteString(w, answer)
		})
	var tunnels atomic.Int32
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); r.Method != http.MethodConnect || user+password != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		if r.Header.Get("Proxy-Authorization") == "" || r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		tunnels.Add(1)
		tunnel(w, r.Host)
	})
	address := server.URL + "/base/api/graphql"
	proxyURL, _ := url.Parse(proxy.URL)
	proxyURL.User = url.UserPassword("me", "pw")
	tr := open(t, address, through(proxyURL.String()), func(o *transport.Options) {
		o.CACert, o.ClientCert, o.Headers = there.certFile, here.bothFile, map[string]string{"X-Gate": "open"}
	})
	for range 3 {
		if got, err := post(t.Context(), tr, address); err != nil || got != answer || tunnels.Load() != 1 {
			t.Errorf("%q, %v, %d tunnels", got, err, tunnels.Load())
		}
	}
}

// tunnel joins the connection of a CONNECT request with its target.
func tunnel(w http.ResponseWriter, target string) {
	out, err := net.Dial("tcp", target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	in, said, err := w.(http.Hijacker).Hijack()
	if err != nil {
		out.Close()
		return
	}
	go func() { io.Copy(out, said); out.Close() }() // some of it may have been read already
	go func() { io.Copy(in, out); in.Close() }()
}

func TestTraceTellsWhatHappened(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "7")
		says(503, "", "busy with "+secret)(w, r)
	})
	var told []transport.Exchange
	tr := open(t, server.URL, func(o *transport.Options) { o.Trace = func(e transport.Exchange) { told = append(told, e) } })
	ctx := transport.WithAttempt(transport.WithOperation(t.Context(), "Me"), 2)
	post(ctx, tr, server.URL+"/api/graphql?token="+secret)
	post(t.Context(), tr, "http://"+closedPort(t))
	if len(told) != 2 || told[0].Took <= 0 {
		t.Fatalf("told %+v", told)
	}
	told[0].Took, told[1].Took = 0, 0
	sent := []string{"Accept", "Authorization", "Content-Type", "User-Agent"}
	want := transport.Exchange{
		Method: "POST", URL: server.URL + "/api/graphql", Operation: "Me", Attempt: 2, Status: 503,
		RequestHeaderNames: sent, ResponseHeaderNames: []string{"Content-Length", "Content-Type", "Date", "X-Request-Id"},
		RequestBytes: int64(len(question)), ResponseBytes: int64(len("busy with " + secret)), Err: "status: HTTP 503 Service Unavailable",
	}
	if diff := cmp.Diff(want, told[0]); diff != "" {
		t.Error(diff)
	}
	if told[1].Attempt != 1 || told[1].Status != 0 || told[1].Err != "not sent: connection refused" {
		t.Errorf("%+v", told[1])
	}
	if strings.Contains(fmt.Sprint(told), secret) {
		t.Error("the secret was told")
	}
}
