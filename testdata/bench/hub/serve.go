package hub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// statePath is where the process tells its [State].
const statePath = "/bench/state"

// faults are what networks and servers in trouble do.
var faults = []string{
	"refuse", "reset-before", "reset-after", "cut", "hang", "delay=300ms", "status=429,retry-after=1", "status=500", "status=502",
	"status=502,after=true", "status=503", "status=504", "error=500", "error=503", "html", "vanish", "bad-utf8",
}

// Serve is the process: it runs until its stdin ends.
func Serve(args []string) error {
	var o Options
	if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
		return err
	}
	opened, err := mockhub.Open(mockhub.Options{Tokens: o.Tokens, Users: min(o.Tokens, 1000), Latency: o.Latency})
	if err != nil {
		return err
	}
	defer opened.Close()
	s := &serving{Hub: opened, gms: opened.GMS(), share: o.Faults, record: o.Record, requests: map[string]int{}}
	told, err := s.furnish(o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	told.URL = "http://" + listener.Addr().String()
	server := &http.Server{Handler: s, ConnState: s.watch, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(listener)
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// serving is a DataHub that counts.
type serving struct {
	*mockhub.Hub
	gms         http.Handler
	share       float64
	record      bool
	connections atomic.Int64

	mu       sync.Mutex
	requests map[string]int
	bodies   [][]byte
	wrong    int
}

// furnish makes the users and tokens.
func (s *serving) furnish(o Options) (*Hub, error) {
	told := &Hub{Secrets: map[string]string{}}
	var err error
	if told.Secret, _, err = s.Issue("datahub", "in use", 30*24*time.Hour); err != nil {
		return nil, err
	}
	for i := range o.Named {
		_, id, err := s.Issue("datahub", fmt.Sprint("x", i+1), time.Hour)
		if err != nil {
			return nil, err
		}
		told.IDs = append(told.IDs, id)
	}
	for _, name := range o.Users {
		user := mockhub.User{Name: name, Password: name, Privileges: []string{mockhub.GeneratePersonalAccessTokens}}
		if err := s.AddUser(user); err != nil {
			return nil, err
		}
		if told.Secrets[name], _, err = s.Issue(name, "in use", 30*24*time.Hour); err != nil {
			return nil, err
		}
	}
	return told, nil
}

// watch counts open connections. One that is taken over is one that is reset.
func (s *serving) watch(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.connections.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.connections.Add(-1)
	}
}

// ServeHTTP counts a request by its operation and serves it.
func (s *serving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == statePath {
		s.tell(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var request struct{ OperationName string }
	_ = json.Unmarshal(body, &request) // anything else counts too, without a name
	s.count(request.OperationName, body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.gms.ServeHTTP(w, r)
}

func (s *serving) count(operation string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[operation]++
	if s.record {
		s.bodies = append(s.bodies, body)
	}
	if rand.Float64() >= s.share {
		return
	}
	s.wrong++
	if fault, err := mockhub.ParseFault(faults[rand.IntN(len(faults))]); err == nil {
		s.Inject(fault)
	}
}

func (s *serving) tell(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(State{Requests: s.requests, Faults: s.wrong, Connections: int(s.connections.Load()), Bodies: s.bodies})
	s.requests, s.bodies, s.wrong = map[string]int{}, nil, 0
}
