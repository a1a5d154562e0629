// Package list measures how long pat takes to list everything, beside curl
// fetching the same pages.
package list

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/plain"
	"github.com/datahub-pat/pat/testdata/bench/program"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// What pat promises, beside the best parallel curl.
const (
	mostTimesNear = 1.5        // without latency
	mostTimesFar  = 1.3        // with it
	mostMemory    = 40_000_000 // for the longest list
)

// far is a latency as over a network.
const far = 50 * time.Millisecond

// pageSize is pat's.
const pageSize = 1000

// Run is the part of the benchmark.
func Run(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("list", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often to run each program")
	concurrency := flags.Int("concurrency", 0, "how many requests pat makes at once; 0: as many as it does by itself")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	if _, err := exec.LookPath("curl"); err != nil {
		fmt.Fprintln(out, "Not measured: curl is not here.")
		return true, nil
	}
	return program.Folder(func(folder, pat string) (bool, error) {
		kept := true
		for _, tokens := range []int{10_000, 100_000} {
			for _, latency := range []time.Duration{0, far} {
				ok, err := measure(out, setting{folder, pat, tokens, latency, *rounds, *concurrency})
				if err != nil {
					return false, err
				}
				kept = kept && ok
			}
		}
		return kept, nil
	})
}

// setting is what is listed, and how.
type setting struct {
	folder, pat string
	tokens      int
	latency     time.Duration
	rounds      int
	concurrency int
}

// kind is what a contender is.
type kind int

const (
	patItself kind = iota
	inSequence
	inSteps // parallel, each step when the one before has told what there is
	told    // parallel, with pages and cuts known from the start
)

// contender is a way to list everything.
type contender struct {
	kind     kind
	name     string
	command  func() *exec.Cmd
	slow     bool // run once only
	best     program.Run
	requests int
}

func measure(out io.Writer, s setting) (bool, error) {
	h, err := hub.Start(hub.Options{Tokens: s.tokens, Latency: s.latency, Record: true})
	if err != nil {
		return false, err
	}
	defer h.Close()
	all, err := contenders(s, h)
	if err != nil {
		return false, err
	}
	for round := range s.rounds {
		for _, c := range all {
			if c.slow && round > 0 {
				continue
			}
			if err := c.run(s, h); err != nil {
				return false, err
			}
		}
	}
	return tell(out, s, all), nil
}

// complete checks that the queries bring everything.
func complete(client plain.Client, queries [][]byte, tokens int) error {
	ids := map[string]bool{}
	for _, query := range queries {
		page, _, err := client.Ask(query)
		if err != nil {
			return err
		}
		for _, token := range page.Tokens {
			ids[token.ID] = true
		}
	}
	if len(ids) != tokens {
		return fmt.Errorf("curl would get %d of %d tokens", len(ids), tokens)
	}
	return nil
}

func contenders(s setting, h *hub.Hub) ([]*contender, error) {
	client := plain.Client{URL: h.URL + "/api/graphql", Secret: h.Secret, Size: pageSize, HTTP: &http.Client{}}
	planned, err := client.Plan()
	if err != nil {
		return nil, err
	}
	if err := complete(client, planned, s.tokens+1); err != nil {
		return nil, err
	}
	pat := &contender{kind: patItself, name: "`pat`", command: s.list}
	steps, err := pat.steps(s, h)
	if err != nil {
		return nil, err
	}
	var configs []string
	for i, queries := range append(steps, planned) {
		config, err := writeCurl(s.folder, fmt.Sprintf("curl.%d", i), client, queries)
		if err != nil {
			return nil, err
		}
		configs = append(configs, config)
	}
	same, other := configs[:len(steps)], configs[len(steps):]
	all := []*contender{pat, {
		kind: inSequence, name: "`curl`, one after another", slow: s.latency > 0, command: func() *exec.Cmd { return curl(same) },
	}}
	for _, most := range []string{"2", "4", "8", "16", "32", "64"} {
		words := []string{"-Z", "--parallel-immediate", "--parallel-max", most}
		name := "`curl -Z --parallel-max " + most + "`"
		all = append(all,
			&contender{kind: inSteps, name: name, command: func() *exec.Cmd { return curl(same, words...) }},
			&contender{kind: told, name: name + ", told all beforehand", command: func() *exec.Cmd { return curl(other, words...) }})
	}
	return all, nil
}

// list is the command that is measured.
func (s setting) list() *exec.Cmd {
	args := []string{"list", "--all", "--sort", "none", "-o", "id"}
	if s.concurrency > 0 {
		args = append(args, "--concurrency", strconv.Itoa(s.concurrency))
	}
	return exec.Command(s.pat, args...)
}

// steps are the requests that pat makes.
func (c *contender) steps(s setting, h *hub.Hub) ([][][]byte, error) {
	if _, err := h.State(); err != nil {
		return nil, err
	}
	if _, err := program.Start(c.command(), s.folder, h); err != nil {
		return nil, err
	}
	state, err := h.State()
	if err != nil {
		return nil, err
	}
	return stepsOf(state.Bodies)
}

// run runs the contender once more.
func (c *contender) run(s setting, h *hub.Hub) error {
	if _, err := h.State(); err != nil { // forgets what was before
		return err
	}
	cmd := c.command()
	run, err := program.Start(cmd, s.folder, h)
	if err != nil {
		return err
	}
	state, err := h.State()
	if err != nil {
		return err
	}
	if c.kind == patItself {
		lines := strings.Fields(string(run.Stdout))
		slices.Sort(lines)
		if got := len(slices.Compact(lines)); got != s.tokens+1 {
			return fmt.Errorf("pat listed %d of %d tokens", got, s.tokens+1)
		}
	}
	run.Stdout = nil
	c.best, c.requests = c.best.Better(run), state.All()
	return nil
}

// tell writes the table and says whether the promises are kept.
func tell(out io.Writer, s setting, all []*contender) bool {
	pat, best := fastest(all, patItself), fastest(all, inSteps)
	fmt.Fprintf(out, "**%d tokens, %s for each request**\n\n", s.tokens, latencyWords(s.latency))
	table := report.NewTable("", "time", "beside the best", "requests", "peak memory")
	for _, c := range []*contender{pat, fastest(all, inSequence), best, fastest(all, told)} {
		table.Row(c.name, report.Short(c.best.Took), fmt.Sprintf("%.2f", ratio(c, best)), c.requests, report.Megabytes(c.best.Peak))
	}
	table.Write(out)
	allowed := mostTimesNear
	if s.latency > 0 {
		allowed = mostTimesFar
	}
	kept := report.Verdict(out, ratio(pat, best) <= allowed, "%.2f times the best parallel curl that asks for the same (allowed: %.1f)", ratio(pat, best), allowed)
	kept = report.Verdict(out, pat.best.Peak < mostMemory, "at most %s of memory (allowed: %s)", report.Megabytes(pat.best.Peak), report.Megabytes(mostMemory)) && kept
	fmt.Fprintln(out)
	return kept
}

// fastest is the one of a kind that was.
func fastest(all []*contender, of kind) *contender {
	var best *contender
	for _, c := range all {
		if c.kind == of && (best == nil || c.best.Took < best.best.Took) {
			best = c
		}
	}
	return best
}

func ratio(c, best *contender) float64 { return c.best.Took.Seconds() / best.best.Took.Seconds() }

func latencyWords(d time.Duration) string {
	if d == 0 {
		return "no latency"
	}
	return d.String()
}
