package mockhub

import (
	"bytes"
	"net"
	"net/http"
	"path"
	"strconv"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
)

// serveWith executes a request, unless a fault does something else in its place, and lets faults spoil the answer.
func (h *Hub) serveWith(w http.ResponseWriter, r *http.Request, faults []fault.Fault, execute func(http.ResponseWriter)) {
	for _, f := range faults {
		if f.Kind == fault.Delay {
			h.pause(r.Context(), f.Duration)
		}
	}
	for _, f := range faults {
		if f.Kind == fault.Delay || f.Kind == fault.Vanish {
			continue
		}
		h.misbehave(w, r, f, execute)
		return
	}
	execute(w)
}

// faulty lets the faults for a path happen to it, named by its last part: logIn, config, health.
func (h *Hub) faulty(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.serveWith(w, r, h.faults.Next(path.Base(r.URL.Path)), func(w http.ResponseWriter) { next(w, r) })
	})
}

func (h *Hub) misbehave(w http.ResponseWriter, r *http.Request, f fault.Fault, execute func(http.ResponseWriter)) {
	if f.After {
		execute(newAnswer())
	}
	switch f.Kind {
	case fault.Refuse, fault.ResetBefore:
		reset(w)
	case fault.Hang:
		<-r.Context().Done()
		reset(w)
	case fault.ResetAfter:
		execute(newAnswer())
		reset(w)
	case fault.Status:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		statusFault(w, f)
	case fault.Error:
		h.answer(w, graphQLFault(f))
	case fault.HTML:
		write(w, http.StatusOK, "text/html; charset=utf-8", signInPage)
	case fault.Redirect:
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusFound)
	case fault.Flood:
		flood(w, r, f.Size)
	default:
		h.spoil(w, r, f, execute)
	}
}

// spoil executes, and gives another form to the answer.
func (h *Hub) spoil(w http.ResponseWriter, r *http.Request, f fault.Fault, execute func(http.ResponseWriter)) {
	a := newAnswer()
	execute(a)
	for name, values := range a.header {
		w.Header()[name] = values
	}
	body := a.body.Bytes()
	switch f.Kind {
	case fault.ContentType:
		w.Header().Set("Content-Type", f.ContentType)
	case fault.InvalidUTF8:
		body = bytes.ReplaceAll(body, []byte(`":"`), []byte("\":\"\xff\xfe"))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	switch f.Kind {
	case fault.Cut:
		w.Write(body[:len(body)/2])
		flush(w)
		reset(w)
	case fault.Trickle:
		h.trickle(w, r, f, body)
	default:
		w.Write(body)
	}
}

func (h *Hub) trickle(w http.ResponseWriter, r *http.Request, f fault.Fault, body []byte) {
	for i := range body {
		if r.Context().Err() != nil {
			return
		}
		w.Write(body[i : i+1])
		flush(w)
		h.pause(r.Context(), f.Duration)
	}
}

// statusFault is an answer of a status, in the form in which the server, or what stands before it, gives it.
func statusFault(w http.ResponseWriter, f fault.Fault) {
	message := f.Message
	switch {
	case message != "":
	case f.Code == http.StatusTooManyRequests:
		message = "Rate limit exceeded"
	default:
		message = http.StatusText(f.Code)
	}
	writeJSON(w, f.Code, map[string]string{"error": message})
}

// graphQLFault is an answer that carries an error.
func graphQLFault(f fault.Fault) engine.Result {
	names := map[int]string{
		400: "BAD_REQUEST", 403: "UNAUTHORIZED", 404: "NOT_FOUND", 409: "CONFLICT",
		500: "SERVER_ERROR", 503: "SERVICE_UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
	}
	e := engine.Error{Message: f.Message, Extensions: engine.Extensions{Code: f.Code, Type: names[f.Code], Classification: fetching}}
	if e.Message == "" {
		e.Message = "An unknown error occurred."
	}
	return engine.Result{Errors: []engine.Error{e}}
}

// flood writes JSON without an end until so many bytes are out or the client is gone.
func flood(w http.ResponseWriter, r *http.Request, size int64) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(http.StatusOK)
	w.Write([]byte(`{"data":{"x":"`))
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	for written := int64(0); written < size && r.Context().Err() == nil; written += int64(len(chunk)) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// reset ends the connection the hard way, so that the client sees it reset and not just closed.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no connection of its own, as with HTTP/2: end the stream
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// answer holds an answer back.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newAnswer() *answer { return &answer{header: http.Header{}, status: http.StatusOK} }

// Header is the answer's header.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *answer) Write(data []byte) (int, error) { return a.body.Write(data) }

// signInPage is what stands before a server that wants a person to sign in.
const signInPage = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Sign in</title></head><body><form method=\"post\"><h1>Sign in</h1></form></body></html>\n"
