// Package hub runs an embedded DataHub in a process of its own, where it neither
// shares memory with what is measured nor counts as part of it.
package hub

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Mode is the word by which the program becomes such a process.
const Mode = "hub"

// Options are what the DataHub is like.
type Options struct {
	Tokens  int           // generated ones, of several users
	Named   int           // of the user datahub, called x1, x2, …
	Users   []string      // more users, who may make tokens of their own
	Latency time.Duration // of each request, at the least
	Faults  float64       // the share of requests that go wrong
	Record  bool          // keep the requests themselves
}

// Hub is an embedded DataHub in another process.
type Hub struct {
	URL     string            // of GMS
	Secret  string            // of a manager of all tokens
	Secrets map[string]string // of the users, by name
	IDs     []string          // of the named tokens

	process *exec.Cmd
}

// Start starts the process.
func Start(o Options) (*Hub, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	options, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	h := &Hub{process: exec.Command(self, Mode, string(options))}
	h.process.Stderr = os.Stderr
	in, err := h.process.StdinPipe() // it ends with its stdin, however this process ends
	if err != nil {
		return nil, err
	}
	out, err := h.process.StdoutPipe()
	if err == nil {
		err = h.process.Start()
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, h)
	}
	if err != nil {
		h.Close()
		return nil, fmt.Errorf("the embedded DataHub does not start: %w", err)
	}
	return h, nil
}

// Close ends the process.
func (h *Hub) Close() {
	_ = h.process.Process.Kill()
	_ = h.process.Wait()
}

// Env is what leads a program to the DataHub, as its manager.
func (h *Hub) Env() []string {
	return []string{"DATAHUB_GMS_URL=" + h.URL, "DATAHUB_GMS_TOKEN=" + h.Secret}
}

// State is what the DataHub has seen.
type State struct {
	Requests    map[string]int // since it was last asked, by operation
	Faults      int            // likewise, those that were to go wrong
	Connections int            // open ones, but for the one that asks
	Bodies      [][]byte       // of those requests, if they are recorded
}

// All is the number of requests.
func (s State) All() int {
	all := 0
	for _, n := range s.Requests {
		all += n
	}
	return all
}

// State asks for what the DataHub has seen since the last time.
func (h *Hub) State() (State, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var s State
	answer, err := client.Get(h.URL + statePath)
	if err != nil {
		return s, err
	}
	defer answer.Body.Close()
	err = json.NewDecoder(answer.Body).Decode(&s)
	s.Connections--
	return s, err
}

// Clean is an environment without anything that leads a program elsewhere.
func Clean(home string) []string {
	kept := []string{"HOME=" + home, "USERPROFILE=" + home}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch name {
		case "PATH", "SYSTEMROOT", "GORACE":
			kept = append(kept, variable)
		}
	}
	return kept
}
