package cli

import (
	"bytes"
	"io"
	"net/http"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// embed leads the way to a DataHub inside this process, whose state is kept
// between runs. Without a credential it acts as the user in the address.
func (w *world) embed(pair session.Pair, way transport.Options) (transport.Options, error) {
	hub, err := w.hub()
	if err != nil {
		return way, err
	}
	way.Base = inProcess{hub.GMS()}
	way.Proxy = nil
	if way.Secret == "" && way.As == "" {
		way.Secret, err = hub.SignIn(pair.Server.MockUser())
	}
	if err != nil {
		return way, failure.New(failure.Usage, "the embedded DataHub has no user %q", pair.Server.MockUser()).
			WithHint("it has datahub, jdoe and nopriv")
	}
	return way, nil
}

// hub is the DataHub inside this process.
func (w *world) hub() (*mockhub.Hub, error) {
	if w.embedded != nil {
		return w.embedded, nil
	}
	file, err := w.mockState()
	if err != nil {
		return nil, err
	}
	if w.embedded, err = mockhub.Open(mockhub.Options{DataFile: file}); err != nil {
		return nil, failure.New(failure.Other, "cannot start the embedded DataHub: %w", err).
			WithHint("`pat mock reset` starts it afresh")
	}
	return w.embedded, nil
}

// inProcess carries requests to a handler without a network.
type inProcess struct{ handler http.Handler }

// RoundTrip lets the handler answer.
func (p inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	answer := &answer{header: http.Header{}, status: http.StatusOK}
	p.handler.ServeHTTP(answer, request)
	return &http.Response{
		Status: http.StatusText(answer.status), StatusCode: answer.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.header, Body: io.NopCloser(&answer.body),
		ContentLength: int64(answer.body.Len()), Request: request,
	}, nil
}

// answer takes down what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is the answer's header.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader takes down the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write takes down a part of the body.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
