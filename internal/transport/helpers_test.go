package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/transport"
)

// secret is what must never come back.
const secret = "s3cret-token-value"

// question and answer are what most tests send and get.
const (
	question = `{"query":"query Me { me { corpUser { urn } } }","operationName":"Me"}`
	answer   = `{"data":{"me":null}}`
)

// open makes a transport to an address, closed with the test.
func open(t *testing.T, address string, change ...func(*transport.Options)) *transport.Transport {
	t.Helper()
	o := transport.Options{Endpoint: address, Secret: secret}
	for _, f := range change {
		f(&o)
	}
	tr, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.CloseIdle)
	return tr
}

// post sends the question and gives back the body of the answer.
func post(ctx context.Context, tr *transport.Transport, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(question))
	if err != nil {
		return "", err
	}
	var text string
	err = tr.Do(request, func(body []byte) (bool, error) {
		text = string(body)
		return false, nil
	})
	if err != nil {
		return "", err
	}
	return text, nil
}

// serve runs a web server for the test.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// says is a handler with a fixed answer.
func says(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// listen runs a server that is given bare connections, one after another, and
// gives back its address. A connection is closed when its function returns.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-over })
	return listener.Addr().String()
}

// readRequest reads one request to its end.
func readRequest(conn net.Conn) error {
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, request.Body)
	return err
}

// reply reads a request and writes a literal answer.
func reply(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if readRequest(conn) == nil {
			io.WriteString(conn, text)
		}
	}
}

// want is what a test expects of a fault.
type want struct {
	reason  transport.Reason
	sent    bool
	stage   transport.Stage
	passing bool
	status  int
	detail  string // contained in the detail
	words   string // the words, exactly
}

// check compares an error with what was expected of it.
func check(t *testing.T, err error, w want) *transport.Fault {
	t.Helper()
	var f *transport.Fault
	if !errors.As(err, &f) {
		t.Fatalf("not a fault: %T %v", err, err)
	}
	if f.Reason != w.reason || f.Sent != w.sent || f.Stage != w.stage || f.Passing != w.passing || f.Status != w.status {
		t.Errorf("fault is %q sent=%v stage=%q passing=%v status=%d, want %q %v %q %v %d (%v; cause %v)",
			f.Reason, f.Sent, f.Stage, f.Passing, f.Status, w.reason, w.sent, w.stage, w.passing, w.status, f, f.Err)
	}
	if !strings.Contains(f.Detail, w.detail) || f.Detail == "" {
		t.Errorf("detail %q does not contain %q", f.Detail, w.detail)
	}
	if f.Words != w.words {
		t.Errorf("words %q, want %q", f.Words, w.words)
	}
	for _, text := range []string{f.Error(), f.Location, f.Detail, f.Words} {
		if strings.Contains(text, secret) {
			t.Errorf("the secret is in %q", text)
		}
	}
	for cause := f.Err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(cause.Error(), secret) {
			t.Errorf("the secret is in the cause %q", cause)
		}
	}
	return f
}
