package transport_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/transport"
)

// TestAnswersThatAreNone covers what comes back with a proper HTTP answer.
func TestAnswersThatAreNone(t *testing.T) {
	const asJSON, asHTML, asText = "application/json", "text/html; charset=utf-8", "text/plain"
	cases := map[string]struct {
		serve http.HandlerFunc
		want  want
	}{
		"unauthorized": {says(401, asJSON, `{"timestamp":1,"status":401,"error":"Unauthorized","path":"/api/graphql"}`),
			want{reason: transport.Status, sent: true, status: 401, detail: "HTTP 401 Unauthorized", words: "Unauthorized"}},
		"message before error": {says(401, asJSON, `{"error":"Unauthorized","message":"Token has expired."}`),
			want{reason: transport.Status, sent: true, status: 401, words: "Token has expired."}},
		"GraphQL error with status 500": {says(500, asJSON, `{"errors":[{"message":"Invalid Syntax"}]}`),
			want{reason: transport.Status, sent: true, status: 500, words: "Invalid Syntax"}},
		"error as object": {says(400, asJSON, `{"error":{"code":7,"message":"no"}}`),
			want{reason: transport.Status, sent: true, status: 400, words: "no"}},
		"plain text, first line": {says(502, asText, "Proxy connection failed: refused\n\tat java.lang.Thread"),
			want{reason: transport.Status, sent: true, status: 502, words: "Proxy connection failed: refused"}},
		"error page": {says(403, asHTML, "<html><title>Forbidden</title><p>no</p>"),
			want{reason: transport.Status, sent: true, status: 403}},
		"error page called text": {says(500, asText, "<html><title>x</title>"),
			want{reason: transport.Status, sent: true, status: 500}},
		"empty 400":               {says(400, "", ""), want{reason: transport.Status, sent: true, status: 400, detail: "HTTP 400 Bad Request"}},
		"another success":         {says(202, asJSON, answer), want{reason: transport.Status, sent: true, status: 202}},
		"unheard-of status":       {says(599, "", ""), want{reason: transport.Status, sent: true, status: 599, detail: "HTTP 599"}},
		"redirect without target": {says(304, "", ""), want{reason: transport.Status, sent: true, status: 304}},
		"web page": {says(200, asHTML, "<!DOCTYPE html><html><head><TITLE lang=en>\n DataHub &amp; friends\n</TITLE>"),
			want{reason: transport.HTML, sent: true, status: 200, words: "DataHub & friends"}},
		"web page without title": {says(200, asHTML, "hello"), want{reason: transport.HTML, sent: true, status: 200}},
		"web page by its look": {says(200, asJSON, "\n <!doctype HTML><title>Login</title>"),
			want{reason: transport.HTML, sent: true, status: 200, words: "Login"}},
		"title with an escape": {says(200, asHTML, "<html><title>a\x1b[2Jb</title>"),
			want{reason: transport.HTML, sent: true, status: 200, words: `a^[[2Jb`}},
		"foreign JSON": {says(200, asJSON, `{"message":"welcome"}`),
			want{reason: transport.NotGraphQL, sent: true, status: 200, words: "welcome"}},
		"JSON array":    {says(200, asJSON, `[1,2]`), want{reason: transport.NotGraphQL, sent: true, status: 200}},
		"data a string": {says(200, asJSON, `{"data":"x"}`), want{reason: transport.NotGraphQL, sent: true, status: 200}},
		"null for an error": {says(200, asJSON, `{"errors":[null]}`),
			want{reason: transport.NotGraphQL, sent: true, status: 200}},
		"errors of another kind": {says(200, asJSON, `{"errors":["Not found"]}`),
			want{reason: transport.NotGraphQL, sent: true, status: 200, words: "Not found"}},
		"text":  {says(200, asText, "GOOD"), want{reason: transport.NotGraphQL, sent: true, status: 200, words: "GOOD"}},
		"empty": {says(200, asJSON, ""), want{reason: transport.NotGraphQL, sent: true, status: 200, detail: "empty"}},
		"two answers": {says(200, asJSON, answer+answer),
			want{reason: transport.NotGraphQL, sent: true, status: 200}},
		"half an answer": {says(200, asJSON, ` {"data":{"me":{"corpUser":`),
			want{reason: transport.CutOff, sent: true, status: 200, detail: "too early"}},
		"syntax error":       {says(200, asJSON, `{"data":{"me":nil}}`), want{reason: transport.NotGraphQL, sent: true, status: 200}},
		"packed and damaged": {damaged, want{reason: transport.CutOff, sent: true, status: 200, detail: "compression"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, c.serve)
			_, err := post(t.Context(), open(t, server.URL), server.URL)
			check(t, err, c.want)
		})
	}
}

// damaged says that its answer is packed, and it is not.
func damaged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	io.WriteString(w, answer)
}

// TestConnectionsThatBreak covers what goes wrong below HTTP after the request
// is out.
func TestConnectionsThatBreak(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	cases := map[string]struct {
		serve func(net.Conn)
		want  want
	}{
		"closed after reading": {reply(""), want{reason: transport.Reset, sent: true, detail: "closed by the other side"}},
		"reset after reading": {func(conn net.Conn) { readRequest(conn); conn.(*net.TCPConn).SetLinger(0) },
			want{reason: transport.Reset, sent: true, detail: "by the other side"}},
		"body shorter than announced": {reply(head + "Content-Length: 100\r\n\r\n" + answer),
			want{reason: transport.CutOff, sent: true, status: 200, detail: "too early"}},
		"chunks without end": {reply(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"dat\r\n"),
			want{reason: transport.CutOff, sent: true, status: 200, detail: "too early"}},
		"no length and half a body": {reply(head + "Connection: close\r\n\r\n{\"data\":{"),
			want{reason: transport.CutOff, sent: true, status: 200, detail: "too early"}},
		"error cut off": {reply("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nwait"),
			want{reason: transport.Status, sent: true, status: 503, words: "wait"}},
		"not HTTP": {reply("SSH-2.0-OpenSSH_9.9\r\n"),
			want{reason: transport.NotGraphQL, sent: true, detail: "does not speak HTTP"}},
		"TLS": {reply("\x15\x03\x01\x00\x02\x02\x46\r\n"),
			want{reason: transport.NotGraphQL, sent: true, detail: "https"}},
		"a secret in the status line": {reply("HTTP/1.1 " + secret + "\r\n\r\n"),
			want{reason: transport.NotGraphQL, sent: true}},
		"gigabytes announced": {reply(head + "Content-Length: 4294967296\r\n\r\n{"),
			want{reason: transport.TooLarge, sent: true, status: 200, detail: "larger than 32 MiB"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			address := "http://" + listen(t, c.serve)
			_, err := post(t.Context(), open(t, address), address)
			check(t, err, c.want)
		})
	}
}

// TestResetBeforeReading cannot know whether the system took the request before
// it learned of the reset. What it says must fit together.
func TestResetBeforeReading(t *testing.T) {
	address := "http://" + listen(t, func(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) })
	_, err := post(t.Context(), open(t, address), address)
	w := want{reason: transport.Reset, sent: true}
	var f *transport.Fault
	if errors.As(err, &f) && !f.Sent {
		w = want{reason: transport.NotSent, stage: f.Stage, passing: true}
	}
	check(t, err, w)
}

func TestAnswersLargerThanAllowed(t *testing.T) {
	const most = 1 << 20
	cases := map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"data":"`)
			for line := strings.Repeat("x", 4096); r.Context().Err() == nil; {
				if _, err := io.WriteString(w, line); err != nil {
					return
				}
			}
		},
		"small until it is unpacked": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			defer packed.Close()
			for zeros := make([]byte, 1<<20); r.Context().Err() == nil; {
				if _, err := packed.Write(zeros); err != nil {
					return
				}
			}
		},
	}
	for name, handler := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, handler)
			tr := open(t, server.URL, func(o *transport.Options) { o.MaxBody = most })
			_, err := post(t.Context(), tr, server.URL)
			check(t, err, want{reason: transport.TooLarge, sent: true, status: 200, detail: "larger than 1 MiB"})
		})
	}
}

func TestAnswerOfExactlyTheLimit(t *testing.T) {
	server := serve(t, says(200, "application/json", answer))
	for limit, fits := range map[int64]bool{int64(len(answer)): true, int64(len(answer)) - 1: false} {
		tr := open(t, server.URL, func(o *transport.Options) { o.MaxBody = limit })
		if _, err := post(t.Context(), tr, server.URL); (err == nil) != fits {
			t.Errorf("limit %d for %d bytes: %v", limit, len(answer), err)
		}
	}
}

// hang reads the request, says something and then nothing until the other side
// is gone.
func hang(start string) func(net.Conn) {
	return func(conn net.Conn) {
		readRequest(conn)
		io.WriteString(conn, start)
		io.Copy(io.Discard, conn)
	}
}

func TestTimeRunsOut(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
	cases := map[string]struct {
		serve func(net.Conn)
		want  want
	}{
		"before the answer": {hang(""), want{reason: transport.Timeout, sent: true}},
		"within the answer": {hang(head + `{"data":`), want{reason: transport.Timeout, sent: true, status: 200}},
		"within an error": {hang("HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\noh"),
			want{reason: transport.Status, sent: true, status: 500, words: "oh"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			address := "http://" + listen(t, c.serve)
			tr := open(t, address, func(o *transport.Options) { o.Timeout = 50 * time.Millisecond })
			_, err := post(t.Context(), tr, address)
			f := check(t, err, c.want)
			if f.Reason == transport.Timeout && f.Detail != "no complete answer within 50ms" {
				t.Errorf("detail %q", f.Detail)
			}
		})
	}
}

// TestTrickle sends a byte whenever the last was read, forever: the limit is for
// the whole answer and not for the next byte of it.
func TestTrickle(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
		}
	})
	tr := open(t, server.URL, func(o *transport.Options) { o.Timeout = 50 * time.Millisecond; o.MaxBody = 1 << 40 })
	_, err := post(t.Context(), tr, server.URL)
	check(t, err, want{reason: transport.Timeout, sent: true, status: 200})
}

// TestDeadlineOfTheCaller ends the request as too slow, not as interrupted.
func TestDeadlineOfTheCaller(t *testing.T) {
	address := "http://" + listen(t, hang(""))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := post(ctx, open(t, address), address)
	check(t, err, want{reason: transport.Timeout, sent: true, detail: "before the deadline"})
}

func TestCancelled(t *testing.T) {
	gone := errors.New("told to stop")
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(gone)
		_, err := post(ctx, open(t, "http://127.0.0.1:9"), "http://127.0.0.1:9")
		if check(t, err, want{reason: transport.Canceled}); !errors.Is(err, gone) {
			t.Errorf("the cause is lost: %v", err)
		}
	})
	for name, start := range map[string]string{
		"waiting": "", "reading": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "reading an error": "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			address := "http://" + listen(t, func(conn net.Conn) {
				readRequest(conn)
				io.WriteString(conn, start)
				cancel()
				io.Copy(io.Discard, conn)
			})
			_, err := post(ctx, open(t, address), address)
			var f *transport.Fault
			if !errors.As(err, &f) || f.Reason != transport.Canceled || !f.Sent {
				t.Errorf("%#v", err)
			}
		})
	}
}
