package mockhub

import (
	"bufio"
	"cmp"
	"context"
	"net"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
)

type entryKey struct{}

// entryOf is the journal's entry of the request under way.
func entryOf(ctx context.Context) *Request { return ctx.Value(entryKey{}).(*Request) }

// recorded puts every request to a face into the journal, one that goes through the frontend to GMS once.
func (h *Hub) recorded(face string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := &Request{
			Face: face, Method: r.Method, Path: r.URL.Path, Operation: path.Base(r.URL.Path),
			Headers: headerNames(r.Header), At: h.now(),
		}
		began := time.Now()
		answer := &recorder{ResponseWriter: w}
		answer.begin = sync.OnceFunc(func() {
			entry.Status = answer.status
			h.journal.add(entry)
		})
		finished := false
		defer func() {
			answer.lost = answer.lost || !finished // a panic ends the connection too
			answer.begin()
			h.journal.finish(entry, answer.final(), time.Since(began))
		}()
		if h.faults.Refuses() {
			reset(answer)
			finished = true
			return
		}
		h.pause(r.Context(), h.options.Latency)
		w.Header().Set("Date", h.now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), entryKey{}, entry)))
		finished = true
	})
}

// describe puts what a GraphQL request asks into the entry.
func (e *Request) describe(d *engine.Document, r engine.Request) {
	if fields := d.Fields(); len(fields) > 0 {
		e.Operation = fields[0]
	}
	e.Name, e.Variables = d.Name(), cleaned(r.Variables)
}

// recorder notes the status of an answer.
type recorder struct {
	http.ResponseWriter
	begin  func() // called before anything of the answer can be seen
	status int
	lost   bool // the connection was taken away
}

// final is the status that the client saw; 0 where it saw none.
func (r *recorder) final() int {
	if r.lost && r.status == 0 {
		return 0
	}
	return cmp.Or(r.status, http.StatusOK)
}

// Hijack gives the connection away.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.begin()
	r.lost = true
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

// WriteHeader notes the status and passes it on.
func (r *recorder) WriteHeader(status int) {
	if r.lost {
		return
	}
	if r.status == 0 {
		r.status = status
	}
	r.begin()
	r.ResponseWriter.WriteHeader(status)
}

// Write passes the body on.
func (r *recorder) Write(data []byte) (int, error) {
	if r.lost {
		return 0, http.ErrHijacked
	}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.begin()
	return r.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// pause waits in real time, or until the client is gone.
func (h *Hub) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
