package main

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
)

// tally counts what became of the trials.
type tally struct {
	mu                                               sync.Mutex
	cases, nobodyHolds, lost, bothGone, dead, litter int
	perhaps, open                                    []string
	codes                                            map[int]int
}

// judge looks at what a trial left, after it was recovered; codes are those of
// the command and of the recovery, and printed is what the command printed.
func (c *tally) judge(r *trial, printed string, code, recovered int) {
	r.t.Helper()
	var all, revocable []string
	complete := true
	for _, place := range r.to {
		here := r.at(place, printed)
		all = append(all, here...)
		complete = complete && slices.ContainsFunc(here, func(s string) bool { return s != r.old && r.alive(s) })
		if place != "stdout" && place[:4] != "exec" {
			revocable = append(revocable, here...)
		}
	}
	if r.oldAt != "" {
		all = append(all, r.at(r.oldAt, printed)...)
	} else if r.rotates {
		all = append(all, r.old) // somebody else holds it
	}
	held := distinct(all, r.alive)
	unheld := r.tokens() - len(held)
	if r.rotates && complete && r.alive(r.old) && !slices.Contains(held, r.old) {
		unheld-- // stopped before it was revoked, and nobody needs it any more
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases++
	if c.codes == nil {
		c.codes = map[int]int{}
	}
	c.codes[code]++
	c.count(r, &c.nobodyHolds, unheld > 0, "a token is left that nobody holds")
	c.count(r, &c.lost, code == 0 && !complete, "exit code 0, and the secret is lost")
	c.count(r, &c.bothGone, r.rotates && len(held) == 0, "neither the old token nor the new one is left")
	lifeless := distinct(revocable, func(s string) bool { return s != r.old && !r.alive(s) })
	c.count(r, &c.dead, len(lifeless) > 0 && recovered == 0, "the secret of a token that was given up is left")
	c.count(r, &c.litter, r.litter() && recovered == 0, "files with a secret are left over")
	c.count(r, new(int), recovered != 0 && recovered != 9, fmt.Sprintf("recover exits with %d", recovered))
	if gone := distinct(all, func(s string) bool { return s != r.old && !r.alive(s) }); len(gone) > len(lifeless) {
		c.perhaps = append(c.perhaps, r.what)
	}
	if recovered == 9 {
		c.open = append(c.open, r.what)
	}
}

func (c *tally) count(r *trial, counter *int, is bool, what string) {
	if !is {
		return
	}
	*counter++
	r.t.Errorf("%s: %s\n%s", r.what, what, r.said)
}

// print says how many there were of what.
func (c *tally) print(t *testing.T) {
	t.Logf("%d cases: %d tokens that nobody holds, %d lost with exit code 0, %d rotations with both tokens gone, "+
		"%d places with a dead secret, %d with leftovers, %d revoked although perhaps handed over, %d too early to tell",
		c.cases, c.nobodyHolds, c.lost, c.bothGone, c.dead, c.litter, len(c.perhaps), len(c.open))
	t.Logf("exit codes and how often (-1: killed): %v", c.codes)
	for _, what := range c.perhaps {
		t.Log("revoked although perhaps handed over: " + what)
	}
}

// atOnce runs trials, several at a time: they wait for the disk most of the time.
func atOnce[T any](t *testing.T, cases []T, run func(T)) {
	t.Helper()
	manyAtOnce(t, 16, cases, run)
}

// manyAtOnce runs trials, at most so many at a time.
func manyAtOnce[T any](t *testing.T, most int, cases []T, run func(T)) {
	t.Helper()
	if os.Getenv("PAT_TEST_MATRIX") != "all" {
		t.Logf("one in %d of %d cases; PAT_TEST_MATRIX=all runs them all", thin, len(cases))
		cases = thinned(cases)
	}
	turn := make(chan struct{}, most)
	var done sync.WaitGroup
	for _, one := range cases {
		turn <- struct{}{}
		done.Go(func() {
			defer func() { <-turn }()
			run(one)
		})
	}
	done.Wait()
}

// thin is how many cases there are for each one that is run unless all are asked
// for: a prime, so that no row or column of a matrix is left out throughout.
const thin = 13

func thinned[T any](cases []T) []T {
	var few []T
	for i := 0; i < len(cases); i += thin {
		few = append(few, cases[i])
	}
	return few
}
