package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/term"
)

// serverFaults are all that the embedded DataHub can do wrong, with the exit
// code of a command that meets it for good. 0 is what a command must not even
// notice.
var serverFaults = map[string]int{
	"refuse": 6, "reset-before": 6, "reset-after": 6, "cut": 6, "hang": 6, "trickle=100ms": 6,
	"delay=20ms": 0, "vanish": 6, "content-type=text/plain": 0, "bad-utf8": 6,
	"status=429": 6, "status=429,retry-after=3600": 6, "status=500": 6, "status=502": 6, "status=503": 6, "status=504": 6,
	"status=502,after=true": 6, "status=401": 3, "status=403": 3, "status=404": 6,
	"error=400": 2, "error=403": 4, "error=404": 5, "error=500": 1, "error=500,after=true": 1, "error=503": 6, "error=504": 6,
	"html": 6, "redirect=https://sso.example.test/": 6, "flood=34M": 6,
}

const (
	tokensOfPages = 100 // whatever the number of pages
	outcomeOpen   = 9   // the exit code that says so
)

// disturbance is a command that meets a fault at one of its requests.
type disturbance struct {
	command  string
	pages    int // of the list that the command reads
	position int // of the request
	fault    string
	times    string
}

func (d disturbance) String() string {
	return fmt.Sprintf("%s on %d pages with %s, times=%s, at request %d", d.command, d.pages, d.fault, d.times, d.position+1)
}

// TestFaultMatrix lets each fault happen once and for good at each request of
// `list`, at the first, middle and last page and at the change of `revoke`, at
// the request of `create` and, where its reply is lost, at the pages on which it
// looks for the token, and of `whoami`; lists have 1 to 20 pages. A command ends
// well, with an answer that is complete and right, or it fails with the right
// code; and none outlasts its deadline.
//
// The command line runs inside the test, from its arguments to its exit code: so
// thousands of cases take seconds.
func TestFaultMatrix(t *testing.T) {
	var all []disturbance
	for _, fault := range slices.Sorted(keysOf(serverFaults)) {
		for _, times := range []string{"1", "always"} {
			for command, positions := range disturbedPositions() {
				for pages, at := range positions {
					for _, position := range at {
						all = append(all, disturbance{command, pages, position, fault, times})
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b disturbance) int { return strings.Compare(a.String(), b.String()) })
	count := &disturbed{exits: map[int]int{}}
	manyAtOnce(t, 64, all, func(d disturbance) { d.play(t, count) })
	count.print(t)
}

func keysOf(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// disturbedPositions are the requests at which something goes wrong, by command
// and number of pages.
func disturbedPositions() map[string]map[int][]int {
	every := func(n int) []int {
		var positions []int
		for i := range n {
			positions = append(positions, i)
		}
		return positions
	}
	pages := map[int][]int{1: {0}, 2: {0, 1}, 20: {0, 10, 19}}
	return map[string]map[int][]int{
		"list":        {1: every(1), 2: every(2), 5: every(5), 20: every(20)},
		"revoke":      {1: {0, 1}, 2: {0, 1, 2}, 20: {0, 10, 19, 20}}, // the last is the change
		"create":      {1: {0}},
		"create lost": pages,
		"whoami":      {1: {0}},
	}
}

// pageSizes make the number of pages that the tokens fill; pages overlap by one.
var pageSizes = map[int]int{1: 1000, 2: 60, 5: 21, 20: 6}

// play runs the command with the fault and judges what became of it.
func (d disturbance) play(t *testing.T, count *disturbed) {
	s := newScene(t, d.String(), mockhub.Options{MaxResults: pageSizes[d.pages]}, nil)
	for i := range tokensOfPages - 3 { // with the scene's own and the one to revoke
		s.hub.Issue("datahub", fmt.Sprint("x", i), time.Hour)
	}
	_, gone := s.hub.Issue("datahub", "ci", 2*time.Hour) // not to be taken for the one in use
	for _, spec := range d.faults() {
		fault, err := mockhub.ParseFault(spec)
		if err != nil {
			t.Error(err)
			return
		}
		s.hub.Inject(fault)
	}
	began := time.Now()
	printed, code := s.inProcess(d.arguments()...)
	took := time.Since(began)
	s.hub.ClearFaults()
	count.judge(d, s, outcome{printed, code, took, gone})
}

// faults are the disturbance, as the embedded DataHub takes it.
func (d disturbance) faults() []string {
	spec := fmt.Sprintf("%s,skip=%d,times=%s", d.fault, d.position, d.times)
	if d.command == "create lost" {
		return []string{"createAccessToken:reset-after", "listAccessTokens:" + spec}
	}
	return []string{spec}
}

// silent reports whether the server's answers do not end.
func (d disturbance) silent() bool { return d.fault == "hang" || strings.HasPrefix(d.fault, "trickle") }

// deadline is how long the command may take. One that fails for good gives up
// before; only `create` looks until then for a token whose reply was lost, and who
// waits for a server that has gone silent for good is ended by nothing else.
func (d disturbance) deadline() time.Duration {
	if strings.HasPrefix(d.command, "create") || d.silent() && d.times == "always" {
		return 3 * time.Second
	}
	return 20 * time.Second
}

// limit is how long one request may take.
func (d disturbance) limit() time.Duration {
	switch {
	case d.silent() && d.times == "always":
		return time.Hour
	case d.silent():
		return 300 * time.Millisecond
	}
	return 10 * time.Second
}

func (d disturbance) arguments() []string {
	create := []string{"create", "new", "--to", "file:new.token"}
	words := map[string][]string{
		"list":   {"list", "--all", "--sort", "none", "-o", "id"},
		"create": create, "create lost": create,
		"revoke": {"revoke", "ci", "--yes", "-o", "json"},
		"whoami": {"whoami", "-o", "json"},
	}
	return append(words[d.command], "--timeout", d.limit().String(), "--deadline", d.deadline().String())
}

// inProcess runs the command line in the test's own process.
func (s *scene) inProcess(args ...string) (string, int) {
	env := map[string]string{}
	for _, variable := range s.env {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	for i, arg := range args {
		if path, ok := cutFile(arg); ok {
			args[i] = "file:" + filepath.Join(s.folder, path)
		}
	}
	var out, said bytes.Buffer
	code := cli.MainWatched(args, term.New(term.Streams{Out: &out, Err: &said, Env: env}), cli.Watch{Shared: true})
	s.said = append(s.said, strings.Join(args, " ")+": "+said.String())
	return out.String(), code
}
