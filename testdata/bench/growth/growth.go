// Package growth measures how the cost of a list grows with its length, and
// draws it.
package growth

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/program"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// mostBend is how much more of pat's own work each token of the longest list may
// take than each of one a tenth as long.
const mostBend = 1.3

// Picture is the file with the plot, beside the document.
const Picture = "performance-growth.svg"

// point is what a list of a length costs.
type point struct {
	tokens, requests int
	run              program.Run
}

// Run is the part of the benchmark.
func Run(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("growth", flag.ContinueOnError)
	rounds := flags.Int("rounds", 7, "how often to list each time")
	picture := flags.String("svg", "docs/"+Picture, "where to draw the plot")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	return program.Folder(func(folder, pat string) (bool, error) {
		var points []point
		for _, tokens := range []int{100, 300, 1_000, 3_000, 10_000, 30_000, 100_000} {
			p, err := measure(folder, pat, tokens, *rounds)
			if err != nil {
				return false, err
			}
			points = append(points, p)
		}
		if err := os.WriteFile(*picture, []byte(plot(points)), 0o644); err != nil {
			return false, err
		}
		return tell(out, points), nil
	})
}

// measure lists so many tokens, and takes the fastest run.
func measure(folder, pat string, tokens, rounds int) (point, error) {
	h, err := hub.Start(hub.Options{Tokens: tokens})
	if err != nil {
		return point{}, err
	}
	defer h.Close()
	p := point{tokens: tokens}
	for range rounds {
		run, err := program.Start(exec.Command(pat, "list", "--all", "--sort", "none", "-o", "id"), folder, h)
		if err != nil {
			return p, err
		}
		run.Stdout = nil
		p.run = p.run.Better(run)
	}
	state, err := h.State()
	p.requests = state.All() / rounds
	return p, err
}

func tell(out io.Writer, points []point) bool {
	fmt.Fprintf(out, "![time by number of tokens](%s)\n\n", Picture)
	table := report.NewTable("tokens", "time", "of it work of `pat`", "for each token", "requests", "peak memory")
	for _, p := range points {
		table.Row(p.tokens, report.Short(p.run.Took), report.Short(p.run.Busy), fmt.Sprintf("%.1f µs", p.each()), p.requests, report.Megabytes(p.run.Peak))
	}
	table.Write(out)
	last := points[len(points)-1]
	for _, p := range points {
		if p.tokens*10 == last.tokens {
			bend := last.each() / p.each()
			return report.Verdict(out, bend <= mostBend, "linear: each of %d tokens is %.2f times the work that each of %d is (allowed: %.1f)",
				last.tokens, bend, p.tokens, mostBend)
		}
	}
	return false
}

// each is the work for one token, in microseconds.
func (p point) each() float64 {
	return float64(p.run.Busy) / float64(time.Microsecond) / float64(p.tokens)
}
