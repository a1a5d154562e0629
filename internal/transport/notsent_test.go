package transport_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/transport"
)

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestRefused(t *testing.T) {
	address := "http://" + closedPort(t)
	_, err := post(t.Context(), open(t, address), address)
	check(t, err, want{reason: transport.NotSent, stage: transport.Connect, passing: true, detail: "connection refused"})
}

// TestUnknownHost leaves open how this machine's resolver says no.
func TestUnknownHost(t *testing.T) {
	const address = "http://nowhere.invalid/api/graphql"
	tr := open(t, address, func(o *transport.Options) { o.Timeout = 5 * time.Second })
	_, err := post(t.Context(), tr, address)
	var f *transport.Fault
	if !errors.As(err, &f) || f.Reason != transport.NotSent || f.Stage != transport.Lookup || f.Sent {
		t.Errorf("%#v", err)
	}
}

// TestSilentHandshake has a server that takes the connection and never speaks.
func TestSilentHandshake(t *testing.T) {
	address := "https://" + listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	tr := open(t, address, func(o *transport.Options) { o.Timeout = 50 * time.Millisecond })
	_, err := post(t.Context(), tr, address)
	check(t, err, want{reason: transport.NotSent, stage: transport.TLS, passing: true, detail: "no connection within 50ms"})
}

func TestBrokenHandshake(t *testing.T) {
	address := "https://" + listen(t, func(conn net.Conn) { conn.Read(make([]byte, 1)) })
	_, err := post(t.Context(), open(t, address), address)
	check(t, err, want{reason: transport.NotSent, stage: transport.TLS, passing: true, detail: "while encryption was agreed on"})
}

func TestCertificatesNotAccepted(t *testing.T) {
	now := time.Now()
	cases := map[string]struct {
		made   identity
		detail string
	}{
		"another name": {identity{names: []string{"a.test", "b.test", "c.test", "d.test"}}, "for a.test, b.test, c.test and others, not for 127.0.0.1"},
		"expired":      {identity{loopback: true, from: now.Add(-48 * time.Hour), until: now.Add(-24 * time.Hour)}, "its certificate expired on 20"},
		"not yet":      {identity{loopback: true, from: now.Add(24 * time.Hour), until: now.Add(48 * time.Hour)}, "not valid before 20"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			made := make509(t, c.made)
			server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{made.pair(t)}}, says(200, "", answer))
			tr := open(t, server.URL, func(o *transport.Options) { o.CACert = made.certFile })
			_, err := post(t.Context(), tr, server.URL)
			check(t, err, want{reason: transport.NotSent, stage: transport.TLS, detail: c.detail})
		})
	}
	t.Run("unknown authority", func(t *testing.T) {
		server := serveTLS(t, nil, says(200, "", answer))
		_, err := post(t.Context(), open(t, server.URL), server.URL)
		check(t, err, want{reason: transport.NotSent, stage: transport.TLS, detail: "not from an authority that is trusted here"})
	})
}

func TestPlainServerCalledSecure(t *testing.T) {
	server := serve(t, says(200, "", answer))
	address := strings.Replace(server.URL, "http:", "https:", 1)
	_, err := post(t.Context(), open(t, address), address)
	check(t, err, want{reason: transport.NotSent, stage: transport.TLS, detail: "plain HTTP"})
}

func TestOldTLSIsRefused(t *testing.T) {
	made := make509(t, identity{loopback: true})
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{made.pair(t)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, says(200, "", answer))
	tr := open(t, server.URL, func(o *transport.Options) { o.CACert = made.certFile })
	_, err := post(t.Context(), tr, server.URL)
	check(t, err, want{reason: transport.NotSent, stage: transport.TLS, detail: "no encryption could be agreed on"})
}

// TestClientCertificateWanted covers TLS 1.2, where the handshake fails, and
// 1.3, where the client is already sending when it is refused.
func TestClientCertificateWanted(t *testing.T) {
	refused := want{reason: transport.NotSent, stage: transport.TLS, detail: "client certificate"}
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			address, bundle := wantsCertificate(t, version, true)
			tr := open(t, address, bundle)
			shaken := make(chan struct{})
			tr.WrapConnections(func(conn net.Conn) net.Conn {
				return &unhurried{Conn: conn, shaken: shaken, written: make(chan struct{})}
			})
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
				TLSHandshakeDone: func(tls.ConnectionState, error) { close(shaken) },
			})
			_, err := post(ctx, tr, address)
			check(t, err, refused)
		})
	}
	t.Run("nothing said", func(t *testing.T) {
		address, bundle := wantsCertificate(t, tls.VersionTLS13, false)
		_, err := post(t.Context(), open(t, address, bundle), address)
		check(t, err, want{reason: transport.Reset, sent: true, detail: "client certificate"})
	})
}

// wantsCertificate is a server that shakes no hands without a certificate. It
// drains the connection, as closing it at once could make the system forget what
// was said last, which it says or keeps to itself.
func wantsCertificate(t *testing.T, version uint16, says bool) (address string, bundle func(*transport.Options)) {
	made := make509(t, identity{loopback: true})
	settings := &tls.Config{
		Certificates: []tls.Certificate{made.pair(t)}, MinVersion: version, MaxVersion: version, ClientAuth: tls.RequireAnyClientCert,
	}
	if !says {
		settings.ClientAuth = tls.RequestClientCert
	}
	address = "https://" + listen(t, func(conn net.Conn) {
		secured := tls.Server(conn, settings)
		if err := secured.Handshake(); (err == nil) == says {
			t.Errorf("handshake: %v", err)
		}
		if !says {
			readRequest(secured)
			return
		}
		io.Copy(io.Discard, conn)
	})
	return address, func(o *transport.Options) { o.CACert = made.certFile }
}

// unhurried is a connection that, once hands are shaken, reads only after the
// headers and the body of a request are written.
type unhurried struct {
	net.Conn
	shaken  <-chan struct{}
	writes  int
	written chan struct{}
}

func (u *unhurried) isShaken() bool {
	select {
	case <-u.shaken:
		return true
	default:
		return false
	}
}

func (u *unhurried) Write(p []byte) (int, error) {
	n, err := u.Conn.Write(p)
	if u.isShaken() {
		if u.writes++; u.writes == 2 {
			close(u.written)
		}
	}
	return n, err
}

func (u *unhurried) Read(p []byte) (int, error) {
	if u.isShaken() {
		<-u.written
	}
	return u.Conn.Read(p)
}

// through makes a transport use a proxy.
func through(address string) func(*transport.Options) {
	return func(o *transport.Options) {
		o.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(address) }
	}
}

func TestProxyInTheWay(t *testing.T) {
	refusing := func(status int) string {
		return httptestURL(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
	}
	cases := map[string]struct {
		server, proxy string
		want          want
	}{
		"credentials for TLS": {"https://datahub.test", refusing(407),
			want{stage: transport.Proxy, status: 407, detail: "wants credentials"}},
		"credentials for plain HTTP": {"http://datahub.test", refusing(407),
			want{stage: transport.Proxy, status: 407, detail: "wants credentials"}},
		"not allowed": {"https://datahub.test", refusing(403),
			want{stage: transport.Proxy, status: 403, detail: "HTTP 403 Forbidden"}},
		"cannot connect": {"https://datahub.test", refusing(502),
			want{stage: transport.Proxy, status: 502, passing: true, detail: "HTTP 502 Bad Gateway"}},
		"not there": {"https://datahub.test", "http://" + closedPort(t),
			want{stage: transport.Proxy, passing: true, detail: "the proxy cannot be reached: connection refused"}},
		"not to be trusted": {"https://datahub.test", serveTLS(t, nil, says(200, "", "")).URL,
			want{stage: transport.Proxy, detail: "its certificate is not from an authority"}},
		"closes": {"https://datahub.test", "http://" + listen(t, reply("")),
			want{stage: transport.Connect, passing: true, detail: "broke"}},
		"no SOCKS": {"https://datahub.test", "socks5://" + listen(t, func(conn net.Conn) { io.WriteString(conn, "HTTP/1.1 400 No\r\n\r\n") }),
			want{stage: transport.Proxy, passing: true, detail: "the proxy does not connect"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.want.reason = transport.NotSent
			_, err := post(t.Context(), open(t, c.server, through(c.proxy)), c.server)
			check(t, err, c.want)
		})
	}
}

func httptestURL(t *testing.T, handler http.HandlerFunc) string {
	return serve(t, handler).URL
}

// TestProxySettingIsNotRepeated gives an address that cannot be read and holds a
// password, as HTTPS_PROXY may.
func TestProxySettingIsNotRepeated(t *testing.T) {
	tr := open(t, "https://datahub.test", func(o *transport.Options) {
		o.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("cannot read http://me:pass word@%zz") }
	})
	_, err := post(t.Context(), tr, "https://datahub.test")
	f := check(t, err, want{reason: transport.NotSent, stage: transport.Proxy, detail: "no valid address"})
	if strings.Contains(f.Error()+f.Err.Error(), "word") {
		t.Errorf("the password is repeated: %v, %v", f, f.Err)
	}
}

// TestForeign407 is a server's own, without a proxy: the server did answer.
func TestForeign407(t *testing.T) {
	server := serve(t, says(407, "", ""))
	_, err := post(t.Context(), open(t, server.URL), server.URL)
	check(t, err, want{reason: transport.Status, sent: true, status: 407})
}

// serveTLS runs a server with TLS; without settings, with a certificate that
// nobody trusts.
func serveTLS(t *testing.T, settings *tls.Config, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = quiet
	server.TLS = settings
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}
