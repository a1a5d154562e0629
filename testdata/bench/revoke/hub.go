package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// hub is an embedded DataHub with tokens to revoke, which counts requests.
type hub struct {
	*mockhub.Hub
	url    string
	secret string // of a manager of all tokens
	ids    []string
	server *http.Server

	mu       sync.Mutex
	requests map[string]int // by operation
}

// openHub starts a hub with tokens called x1, x2, …
func openHub(o options) (*hub, error) {
	opened, err := mockhub.Open(mockhub.Options{Latency: o.latency})
	if err != nil {
		return nil, err
	}
	h := &hub{Hub: opened, requests: map[string]int{}}
	if h.secret, _, err = h.Issue("datahub", "in use", 30*24*time.Hour); err != nil {
		return nil, err
	}
	for i := range o.tokens {
		_, id, err := h.Issue("datahub", fmt.Sprint("x", i+1), time.Hour)
		if err != nil {
			return nil, err
		}
		h.ids = append(h.ids, id)
	}
	return h, h.listen()
}

func (h *hub) listen() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h.url = "http://" + listener.Addr().String()
	h.server = &http.Server{Handler: h.counted(h.GMS())}
	go h.server.Serve(listener)
	return nil
}

func (h *hub) close() {
	h.server.Close()
	h.Close()
}

// counted counts requests by the name of their operation.
func (h *hub) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var request struct{ OperationName string }
		_ = json.Unmarshal(body, &request) // anything else counts too, without a name
		h.mu.Lock()
		h.requests[request.OperationName]++
		h.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// taken are the requests since it was last asked: all, and those that revoke.
func (h *hub) taken() (all, revocations int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, count := range h.requests {
		all += count
		if name == revokeOperation {
			revocations += count
		}
	}
	h.requests = map[string]int{}
	return all, revocations
}
