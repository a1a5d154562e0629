// Package start measures how long pat takes to start: to say its version, to
// show its help and to complete a flag. It compares that with an empty program
// that links the same libraries and with an empty program, all in one run and
// one after another in turn, so that whatever slows the machine slows all alike.
package start

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// What pat promises about its start.
const (
	mostTimes = 1.3                  // of an empty program with the same libraries
	mostAbove = 5 * time.Millisecond // an empty program
)

// warmUps are the runs that fill the system's caches and are not counted.
const warmUps = 5

// Run is the part of the benchmark.
func Run(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("start", flag.ContinueOnError)
	runs := flags.Int("runs", 200, "how often to start each program")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	folder, err := os.MkdirTemp("", "pat-start-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	programs, err := build(folder)
	if err != nil {
		return false, err
	}
	for n := range warmUps + *runs {
		for _, p := range programs {
			took, err := p.start(folder)
			if err != nil {
				return false, err
			}
			if n >= warmUps {
				p.took = append(p.took, took)
			}
		}
	}
	return tell(out, programs, folder, *runs), nil
}

// program is something to start.
type program struct {
	name  string
	file  string
	words []string
	took  []time.Duration
}

// start starts the program once, in a home without any files.
func (p *program) start(home string) (time.Duration, error) {
	cmd := p.command(home)
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return took, nil
}

func (p *program) command(home string) *exec.Cmd {
	cmd := exec.Command(p.file, p.words...)
	cmd.Env = hub.Clean(home)
	return cmd
}

// initialisations is how many packages have something to do before main.
func (p *program) initialisations(home string) int {
	cmd := p.command(home)
	cmd.Env = append(cmd.Env, "GODEBUG=inittrace=1")
	var said bytes.Buffer
	cmd.Stderr = &said
	if cmd.Run() != nil {
		return 0
	}
	return bytes.Count(said.Bytes(), []byte("\ninit ")) + 1
}

// quantile is the time that a share of the starts did not exceed.
func (p *program) quantile(share float64) time.Duration {
	slices.Sort(p.took)
	return p.took[int(share*float64(len(p.took)-1))]
}

// tell writes what was measured, and says whether pat keeps its promise.
func tell(out io.Writer, programs []*program, home string, runs int) bool {
	empty, libraries := programs[0].quantile(0.5), programs[1].quantile(0.5)
	fmt.Fprintf(out, "%d starts of each program, in turn.\n\n", runs)
	table := report.NewTable("", "median", "95 of 100 below", "beside the libraries", "above the empty one", "package initialisations")
	slowest, furthest := 0.0, time.Duration(0)
	for i, p := range programs {
		median := p.quantile(0.5)
		times, above := float64(median)/float64(libraries), median-empty
		if i > 1 {
			slowest, furthest = max(slowest, times), max(furthest, above)
		}
		table.Row(p.name, report.Short(median), report.Short(p.quantile(0.95)), fmt.Sprintf("%.2f", times), report.Short(above), p.initialisations(home))
	}
	table.Write(out)
	kept := report.Verdict(out, slowest <= mostTimes, "%.2f times the program with the libraries at most (allowed: %.1f)", slowest, mostTimes)
	return report.Verdict(out, furthest <= mostAbove, "%s above the empty program at most (allowed: %s)", report.Short(furthest), report.Short(mostAbove)) && kept
}
