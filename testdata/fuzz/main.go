// Command fuzz runs the fuzz targets of all packages, each for a given time, and
// prints a table of what came of it.
//
//	go run ./testdata/fuzz [-for 10m] [-at-once 1] [-only REGEXP] [-fresh]
//
// Each target runs in one process of its own with one worker. What is new goes to
// Go's cache, and how far each target came to a file beside it, so that a run that
// was interrupted goes on where it stopped: -for counts the time of all runs,
// unless -fresh begins anew. An input that fails is written to the target's
// testdata/fuzz by Go itself, where `go test` repeats it ever after.
//
// It exits with 1 where something was found.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"sync"
	"time"
)

func main() {
	o := options{}
	flag.DurationVar(&o.time, "for", 20*time.Second, "how long each target is to run in all")
	flag.IntVar(&o.atOnce, "at-once", 1, "how many targets run at the same time")
	flag.StringVar(&o.only, "only", "", "only those whose package and name, as in internal/datahub.FuzzGlob, fit")
	flag.BoolVar(&o.fresh, "fresh", false, "forget how far the targets came in earlier runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	found, err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
	}
	if err != nil || found {
		os.Exit(1)
	}
}

type options struct {
	time   time.Duration
	atOnce int
	only   string
	fresh  bool
}

// run runs the targets and prints the table, also of a run that is interrupted.
func (o options) run(ctx context.Context) (found bool, err error) {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return false, err
	}
	targets, err := findTargets(only)
	if err != nil {
		return false, err
	}
	ledger, err := openLedger(o.fresh)
	if err != nil {
		return false, err
	}
	err = o.runAll(ctx, targets, ledger)
	return ledger.print(os.Stdout, targets), err
}

// runAll runs each target for what it lacks, some at once.
func (o options) runAll(ctx context.Context, targets []target, ledger *ledger) error {
	queue := make(chan target)
	var failed error
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range max(o.atOnce, 1) {
		workers.Go(func() {
			for t := range queue {
				if err := o.runOne(ctx, t, ledger); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	for _, t := range targets {
		if ctx.Err() != nil {
			break
		}
		queue <- t
	}
	close(queue)
	workers.Wait()
	return failed
}

func (o options) runOne(ctx context.Context, t target, ledger *ledger) error {
	lacking := o.time - ledger.of(t).Time
	if lacking < time.Second || ctx.Err() != nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", t, lacking.Round(time.Second))
	result, err := t.fuzz(ctx, lacking)
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	return ledger.add(t, result)
}
