package mockhub

import (
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
)

// TB is what Start needs of a test: *testing.T, *testing.B or a testscript's wrapper.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is a hub that listens on both its faces, on loopback.
type Server struct {
	*Hub
	GMSURL      string // such as http://127.0.0.1:12345, without a path
	FrontendURL string
	tb          TB
}

// Start runs a hub until the test ends.
func Start(tb TB, o Options) *Server {
	tb.Helper()
	h, err := Open(o)
	if err != nil {
		tb.Fatalf("starting the embedded DataHub: %v", err)
	}
	tb.Cleanup(func() { _ = h.Close() })
	return &Server{Hub: h, GMSURL: serve(tb, h.GMS()), FrontendURL: serve(tb, h.Frontend()), tb: tb}
}

// serve answers on a port of its own until the test ends, and gives the URL.
func serve(tb TB, face http.Handler) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("starting the embedded DataHub: %v", err)
	}
	server := &http.Server{Handler: face, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // ends with ErrServerClosed
	}()
	tb.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return "http://" + listener.Addr().String()
}

// Issue makes a personal access token for a user, as Hub.Issue does; a failure ends the test.
func (s *Server) Issue(user, name string, length time.Duration) (secret, id string) {
	s.tb.Helper()
	secret, id, err := s.Hub.Issue(user, name, length)
	if err != nil {
		s.tb.Fatalf("issuing %q for %s: %v", name, user, err)
	}
	return secret, id
}

// Fault is something to go wrong; ParseFault makes one of text.
type Fault = fault.Fault

// ParseFault reads a fault as `pat mock serve --fault` takes it: [OPERATION:]KIND[=VALUE][,OPTION=VALUE]…. The
// operation is a GraphQL field such as createAccessToken, the name the document gives its operation, or logIn; left out
// it is every one. The options are times=N or times=always (else once), skip=N, after=true, retry-after=S, message=TEXT.
//
//	refuse              the connection is reset at once
//	reset-before        it is reset when the request was read, reset-after: when it was executed
//	delay=D             the answer comes D late, trickle=D: byte by byte with D between them
//	cut                 the answer breaks off in the middle, hang: none ever comes
//	status=CODE         the answer has that status; with after=true the operation was executed
//	error=CODE          a GraphQL error of that code inside a 200
//	html, redirect=URL  a page, or a redirect
//	flood=SIZE          a body of so many bytes (10M, 2G) that never ends
//	content-type=TYPE   the right answer under another type, bad-utf8: with strings that are no UTF-8
//	vanish              a token of the page is deleted while the page is loaded
func ParseFault(spec string) (Fault, error) { return fault.Parse(spec) }

// Inject adds a fault to those waiting to happen.
func (h *Hub) Inject(f Fault) { h.faults.Add(f) }

// ClearFaults forgets the faults that have not happened.
func (h *Hub) ClearFaults() { h.faults.Clear() }

// Journal is the requests so far, at most the last 10,000, in the order they were answered.
func (h *Hub) Journal() []Request { return h.journal.all() }

// ClearJournal forgets the requests so far.
func (h *Hub) ClearJournal() { h.journal.clear() }
