package mockhub

import (
	"context"
	"net/http"
	"path"
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
		defer func() {
			entry.Status, entry.Took = answer.status, time.Since(began)
			h.journal.add(*entry)
		}()
		h.pause(r.Context(), h.options.Latency)
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), entryKey{}, entry)))
		if answer.status == 0 {
			answer.status = http.StatusOK
		}
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
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
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
