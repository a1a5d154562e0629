package transport_test

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/datahub-pat/pat/internal/transport"
)

// TestReusedConnectionThatDies answers the first request of a connection, reads
// the second and closes. net/http must not send the second again.
func TestReusedConnectionThatDies(t *testing.T) {
	var requests atomic.Int32
	address := "http://" + listen(t, func(conn net.Conn) {
		from := bufio.NewReader(conn)
		for n := range 2 {
			request, err := http.ReadRequest(from)
			if err != nil {
				return
			}
			io.Copy(io.Discard, request.Body)
			requests.Add(1)
			if n == 0 {
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"+answer)
			}
		}
	})
	tr := open(t, address)
	if _, err := post(t.Context(), tr, address); err != nil {
		t.Fatal(err)
	}
	_, err := post(t.Context(), tr, address)
	check(t, err, want{reason: transport.Reset, sent: true, detail: "closed by the other side"})
	if n := requests.Load(); n != 2 {
		t.Errorf("%d requests arrived", n)
	}
}

// broken is a connection that, once it is told so, takes a number of writes and
// then no more.
type broken struct {
	net.Conn
	now  *atomic.Bool
	left int
}

func (b *broken) Write(p []byte) (int, error) {
	if b.now.Load() {
		if b.left == 0 {
			return 0, transport.ErrConnGone
		}
		b.left--
	}
	return b.Conn.Write(p)
}

// TestReusedConnectionThatTakesNoMore is the race with a server that closes an
// idle connection, decided before the first byte and after the headers.
func TestReusedConnectionThatTakesNoMore(t *testing.T) {
	cases := map[string]struct {
		writes int
		want   want
	}{
		"nothing":      {0, want{reason: transport.NotSent, stage: transport.Sending, passing: true, detail: "before the request was sent: closed by the other side"}},
		"only headers": {1, want{reason: transport.Reset, sent: true, detail: "before the answer: closed by the other side"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if n, _ := io.Copy(io.Discard, r.Body); n == int64(len(question)) {
					requests.Add(1)
				}
				io.WriteString(w, answer)
			})
			var now atomic.Bool
			tr := open(t, server.URL)
			tr.WrapConnections(func(conn net.Conn) net.Conn { return &broken{conn, &now, c.writes} })
			if _, err := post(t.Context(), tr, server.URL); err != nil {
				t.Fatal(err)
			}
			now.Store(true)
			_, err := post(t.Context(), tr, server.URL)
			check(t, err, c.want)
			server.Close()
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests arrived", n)
			}
		})
	}
}

// The frames of HTTP/2 (RFC 9113, 6) that the test needs.
const (
	frameData     = 0
	frameReset    = 3
	frameSettings = 4
	frameGoAway   = 7
)

// frame writes a frame of HTTP/2.
func frame(w io.Writer, kind byte, stream uint32, payload ...uint32) {
	out := []byte{0, 0, byte(4 * len(payload)), kind, 0}
	for _, word := range append([]uint32{stream}, payload...) {
		out = binary.BigEndian.AppendUint32(out, word)
	}
	w.Write(out)
}

// untilRequest reads frames up to the end of a request's body.
func untilRequest(r io.Reader) error {
	if _, err := io.CopyN(io.Discard, r, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return err
	}
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(r, head); err != nil {
			return err
		}
		length := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, r, length); err != nil {
			return err
		}
		if endsStream := head[4]&1 != 0; head[3] == frameData && endsStream {
			return nil
		}
	}
}

// TestHTTP2Refusals tells apart the servers that say they did not look at the
// request from those that merely break it off.
func TestHTTP2Refusals(t *testing.T) {
	const noError, internalError, refusedStream = 0, 2, 7
	unread := want{reason: transport.NotSent, stage: transport.Sending, passing: true, detail: "did not look at"}
	cases := map[string]struct {
		end  func(io.Writer)
		want want
	}{
		"refused stream": {func(w io.Writer) { frame(w, frameReset, 1, refusedStream) }, unread},
		"going away":     {func(w io.Writer) { frame(w, frameGoAway, 0, 0, noError) }, unread},
		"internal error": {func(w io.Writer) { frame(w, frameReset, 1, internalError) }, want{reason: transport.Reset, sent: true, detail: "INTERNAL_ERROR"}},
		"closed":         {func(io.Writer) {}, want{reason: transport.Reset, sent: true, detail: "closed by the other side"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			made := make509(t, identity{loopback: true})
			settings := &tls.Config{Certificates: []tls.Certificate{made.pair(t)}, NextProtos: []string{"h2"}}
			var requests atomic.Int32
			address := "https://" + listen(t, func(conn net.Conn) {
				secured := tls.Server(conn, settings)
				frame(secured, frameSettings, 0)
				if untilRequest(secured) == nil {
					requests.Add(1)
					c.end(secured)
					if name != "closed" {
						io.Copy(io.Discard, secured)
					}
				}
				secured.Close()
			})
			tr := open(t, address, func(o *transport.Options) { o.CACert = made.certFile })
			_, err := post(t.Context(), tr, address)
			check(t, err, c.want)
			tr.CloseIdle()
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests arrived", n)
			}
		})
	}
}
