// Package revoke measures how pat revokes many tokens at once, beside a plain
// loop of single requests, with a latency as over a network.
package revoke

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/program"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// leastTimes is how much faster than the loop pat promises to be, with 8 requests
// at once.
const leastTimes = 6.0

// options are what is measured.
type options struct {
	tokens, concurrency int
	latency             time.Duration
}

// measured is what revoking all tokens took.
type measured struct {
	program.Run
	name                 string
	revoked              int // as the program says
	requests, revocation int // as the hub says
}

// Run is the part of the benchmark. Beside the loop pat makes no request more
// than there are tokens and pages of their list.
func Run(args []string, out io.Writer) (bool, error) {
	var o options
	flags := flag.NewFlagSet("revoke", flag.ContinueOnError)
	flags.IntVar(&o.tokens, "tokens", 2_000, "how many tokens to revoke")
	flags.IntVar(&o.concurrency, "concurrency", 8, "how many requests pat makes at once")
	flags.DurationVar(&o.latency, "latency", 20*time.Millisecond, "how long a request takes at the least")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	return program.Folder(func(folder, pat string) (bool, error) {
		swept, pages, err := sweep(o, pat, folder)
		if err != nil {
			return false, err
		}
		looped, err := plainLoop(o, folder)
		if err != nil {
			return false, err
		}
		return tell(out, o, swept, looped, pages), nil
	})
}

// tell writes what was measured, and says whether pat keeps its promise.
func tell(out io.Writer, o options, swept, looped measured, pages int) bool {
	fmt.Fprintf(out, "%d tokens, %s for each request.\n\n", o.tokens, o.latency)
	table := report.NewTable("", "time", "revoked", "requests", "peak memory")
	for _, m := range []measured{looped, swept} {
		table.Row(m.name, report.Short(m.Took), m.revoked, m.requests, report.Megabytes(m.Peak))
	}
	table.Write(out)
	times := looped.Took.Seconds() / swept.Took.Seconds()
	kept := report.Verdict(out, times >= leastTimes, "%.1f times as fast (promised: %.0f)", times, leastTimes)
	few := swept.requests <= o.tokens+pages && swept.revocation == o.tokens
	kept = report.Verdict(out, few, "%d requests (allowed: %d tokens and %d pages)", swept.requests, o.tokens, pages) && kept
	return report.Verdict(out, swept.revoked == o.tokens && looped.revoked == o.tokens, "%d tokens revoked", swept.revoked) && kept
}

// sweep has pat revoke all tokens, and says how many pages their list has.
func sweep(o options, pat, home string) (measured, int, error) {
	h, err := hub.Start(hub.Options{Named: o.tokens, Latency: o.latency})
	if err != nil {
		return measured{}, 0, err
	}
	defer h.Close()
	listed, err := run(h, home, exec.Command(pat, "list", "--all", "-o", "id"))
	if err != nil {
		return measured{}, 0, err
	}
	m, err := run(h, home, exec.Command(pat, "revoke", "--name", "x*", "--all", "--yes", "--max", strconv.Itoa(2*o.tokens),
		"--concurrency", strconv.Itoa(o.concurrency)))
	m.name = fmt.Sprintf("`pat revoke --name 'x*' --all`, %d at once", o.concurrency)
	return m, listed.requests, err
}

// plainLoop has a loop revoke all tokens, whose ids it is told.
func plainLoop(o options, home string) (measured, error) {
	h, err := hub.Start(hub.Options{Named: o.tokens, Latency: o.latency})
	if err != nil {
		return measured{}, err
	}
	defer h.Close()
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	file := filepath.Join(home, "ids")
	if err := os.WriteFile(file, []byte(strings.Join(h.IDs, "\n")), 0o600); err != nil {
		return measured{}, err
	}
	m, err := run(h, home, exec.Command(self, LoopMode, h.URL, file))
	m.name = "a loop of single requests"
	return m, err
}

// run runs a program against the hub and measures it.
func run(h *hub.Hub, home string, cmd *exec.Cmd) (measured, error) {
	if _, err := h.State(); err != nil { // forgets what was before
		return measured{}, err
	}
	started, err := program.Start(cmd, home, h)
	if err != nil {
		return measured{}, err
	}
	state, err := h.State()
	return measured{
		Run: started, revoked: strings.Count(string(started.Stdout), "revoked\t"),
		requests: state.All(), revocation: state.Requests[revokeOperation],
	}, err
}
