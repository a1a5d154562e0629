package mock

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// A worker says what it does, a line each: "create NAME" and "revoke ID" before it asks, "created ID" and "revoked ID"
// when it was answered. So the parent knows what was acknowledged when the worker is killed, and what was under way.

// Soak is the part of the benchmark that lets processes create, list and revoke
// on one state file, kills them at random, and looks in the end whether
// everything that was acknowledged is there, or gone.
func Soak(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("mock-soak", flag.ContinueOnError)
	length := flags.Duration("for", 30*time.Second, "how long to go on")
	processes := flags.Int("processes", 8, "processes at once")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	folder, err := os.MkdirTemp("", "mockhub-soak-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	s := &soaking{file: filepath.Join(folder, "state"), end: time.Now().Add(*length), created: map[string]bool{}, revoked: map[string]bool{}, unsure: map[string]bool{}}
	var all sync.WaitGroup
	for range *processes {
		all.Go(s.keepOneRunning)
	}
	all.Wait()
	return s.settle(out)
}

// soaking is what the parent knows.
type soaking struct {
	file string
	end  time.Time

	mu             sync.Mutex
	created        map[string]bool // ids that were acknowledged
	revoked        map[string]bool // the same
	unsure         map[string]bool // ids whose revocation was under way when the worker died
	starts, kills  int
	listings       int
	lost, problems []string
}

// keepOneRunning runs a worker, kills it after a while, and runs another, until the time is over.
func (s *soaking) keepOneRunning() {
	for time.Now().Before(s.end) {
		life := min(time.Until(s.end), time.Duration(rand.Int64N(int64(3*time.Second))))
		if err := s.runOne(life); err != nil {
			s.problem("%v", err)
			return
		}
	}
}

func (s *soaking) runOne(life time.Duration) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, WorkerMode, s.file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	s.listen(out)
	err = cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.starts++
	if cmd.ProcessState.ExitCode() > 0 {
		return fmt.Errorf("a worker failed: %w", err)
	}
	s.kills++
	return nil
}

// listen follows what a worker says until it says no more.
func (s *soaking) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	revoking := ""
	for lines.Scan() {
		what, id, _ := strings.Cut(lines.Text(), " ")
		s.mu.Lock()
		switch what {
		case "created":
			s.created[id] = true
		case "revoke":
			revoking = id
		case "revoked":
			s.revoked[id], revoking = true, ""
		case "listed":
			s.listings++
		}
		s.mu.Unlock()
	}
	if revoking != "" {
		s.mu.Lock()
		s.unsure[revoking] = true
		s.mu.Unlock()
	}
}

func (s *soaking) problem(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// settle looks whether the file has what was acknowledged.
func (s *soaking) settle(out io.Writer) (bool, error) {
	hub, err := mockhub.Open(mockhub.Options{DataFile: s.file})
	if err != nil {
		return false, err
	}
	defer hub.Close()
	c, err := newCaller(hub)
	if err != nil {
		return false, err
	}
	for id := range s.created {
		exists, err := c.exists(id)
		switch {
		case err != nil:
			return false, err
		case s.unsure[id]:
		case exists == s.revoked[id]:
			s.lost = append(s.lost, fmt.Sprintf("%s: there %v, revoked %v", id, exists, s.revoked[id]))
		}
	}
	fmt.Fprintf(out, "%d processes started, %d killed; %d tokens created, %d revoked, %d revocations cut short, %d listings.\n\n",
		s.starts, s.kills, len(s.created), len(s.revoked), len(s.unsure), s.listings)
	return s.verdict(out), nil
}

func (s *soaking) verdict(out io.Writer) bool {
	if len(s.created) == 0 || len(s.revoked) == 0 || s.kills == 0 {
		s.problems = append(s.problems, "nothing happened")
	}
	for _, problem := range append(s.problems, s.lost...) {
		fmt.Fprintln(out, "-", problem)
	}
	return report.Verdict(out, len(s.problems)+len(s.lost) == 0, "%d lost of what was acknowledged", len(s.lost))
}

// WorkerMode is the word by which the program becomes such a process.
const WorkerMode = "worker"

// Worker creates, lists and revokes until it is killed.
func Worker(args []string) error {
	hub, err := mockhub.Open(mockhub.Options{DataFile: args[0]})
	if err != nil {
		return err
	}
	c, err := newCaller(hub)
	if err != nil {
		return err
	}
	var mine []string
	for i := 0; ; i++ {
		switch {
		case i%10 == 9:
			err = c.list()
		case len(mine) > 0 && rand.IntN(3) == 0:
			n := rand.IntN(len(mine))
			err = c.revoke(mine[n])
			mine = append(mine[:n], mine[n+1:]...)
		default:
			var id string
			id, err = c.create(fmt.Sprintf("soak %d %d", os.Getpid(), i))
			mine = append(mine, id)
		}
		if err != nil {
			return err
		}
	}
}

// caller asks a hub in the same process, over its handler.
type caller struct {
	handler http.Handler
	secret  string
}

func newCaller(hub *mockhub.Hub) (caller, error) {
	secret, err := hub.SignIn("datahub")
	return caller{hub.GMS(), secret}, err
}

func (c caller) create(name string) (string, error) {
	fmt.Println("create", name)
	const query = `mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { metadata { id } } }`
	var data struct {
		CreateAccessToken struct{ Metadata struct{ ID string } }
	}
	err := c.ask(query, map[string]any{"input": map[string]any{
		"type": "PERSONAL", "actorUrn": "urn:li:corpuser:datahub", "name": name, "duration": "ONE_HOUR",
	}}, &data)
	id := data.CreateAccessToken.Metadata.ID
	if err == nil {
		fmt.Println("created", id)
	}
	return id, err
}

func (c caller) revoke(id string) error {
	fmt.Println("revoke", id)
	err := c.ask(`mutation($id: String!) { revokeAccessToken(tokenId: $id) }`, map[string]any{"id": id}, nil)
	if err == nil {
		fmt.Println("revoked", id)
	}
	return err
}

func (c caller) list() error {
	err := c.ask(`{ listAccessTokens(input: {start: 0, count: 100}) { total tokens { id } } }`, nil, nil)
	if err == nil {
		fmt.Println("listed")
	}
	return err
}

func (c caller) exists(id string) (bool, error) {
	var data struct{ EntityExists bool }
	err := c.ask(`query($urn: String!) { entityExists(urn: $urn) }`, map[string]any{"urn": "urn:li:dataHubAccessToken:" + id}, &data)
	return data.EntityExists, err
}

func (c caller) ask(query string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(string(body)))
	request.Header.Set("Authorization", "Bearer "+c.secret)
	answer := httptest.NewRecorder()
	c.handler.ServeHTTP(answer, request)
	var envelope struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &envelope); err != nil || len(envelope.Errors) > 0 {
		return fmt.Errorf("answer %d %s", answer.Code, answer.Body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(envelope.Data, into)
}
