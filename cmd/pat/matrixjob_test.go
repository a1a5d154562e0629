package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// job is a command that must not half-happen.
type job struct {
	name    string
	args    []string // "SELF" stands for the server and the file of the credential
	to      []string // where its secret goes, as after --to
	keyring bool     // needs one
	rotates bool     // there is a token called ci already
	oldAt   string   // where its secret is kept; empty: with somebody else
}

func create(to ...string) job {
	j := job{name: fmt.Sprint("create to ", to), args: []string{"create", "ci"}, to: to, keyring: slices.Contains(to, "keyring")}
	for _, place := range to {
		j.args = append(j.args, "--to", place)
	}
	return j
}

func rotate(oldAt string, to ...string) job {
	j := create(to...)
	j.name, j.rotates, j.oldAt = fmt.Sprintf("rotate from %q to %v", oldAt, to), true, oldAt
	j.args[0] = "rotate"
	j.args = append(j.args, "--yes")
	j.keyring = j.keyring || oldAt == "keyring"
	return j
}

// jobs are what is stopped, cut off and run twice.
func jobs() []job {
	stored, self := rotate("keyring", "keyring"), rotate("file:a.token", "file:a.token")
	stored.name, stored.args = "rotate what is stored", []string{"rotate", "ci", "--yes"}
	self.name, self.args = "rotate itself", []string{"rotate", "--self", "--yes", "SELF"}
	return []job{
		create("file:a.token"), create("file:a.token", "file:b.token"), create("stdout"), create("file:a.token", "stdout"),
		create("exec:cat >a.token"), create("keyring"), create("keyring", "file:a.token"), create("keyring", "exec:cat >b.token", "stdout"),
		stored, self, rotate("", "file:a.token"), rotate("file:a.token", "file:a.token"), rotate("file:a.token", "file:a.token", "stdout"),
		rotate("", "exec:cat >a.token"), rotate("keyring", "keyring", "file:b.token"),
	}
}

// with are the jobs that fit.
func with(all []job, fits func(job) bool) []job {
	return slices.DeleteFunc(all, func(j job) bool { return !fits(j) })
}

// steps are those of a job, in their order.
func (j job) steps() []string {
	steps := []string{"reserved", "intended", "created", "issued", "proven"}
	for at := range j.to {
		steps = append(steps, fmt.Sprint("filled ", at+1))
	}
	steps = append(steps, "handed", "settled", "delivered")
	if j.rotates {
		steps = append(steps, "old revoked")
	}
	return steps
}

// trial is one case of a matrix: a job on a scene of its own.
type trial struct {
	*scene
	job
	old string // the secret of the token that is replaced
}

// begin sets the scene; bus is the environment of a keyring.
func (j job) begin(t *testing.T, what string, o mockhub.Options, bus []string) *trial {
	t.Helper()
	r := &trial{scene: newScene(t, j.name+" "+what, o, bus), job: j}
	switch {
	case !j.rotates:
	case j.oldAt == "keyring":
		r.must("create", "ci", "--duration", "ONE_DAY", "--keyring-timeout", "30s")
		r.old = r.kept()[0]
	default:
		r.old, _ = r.hub.Issue("datahub", "ci", 24*time.Hour)
		if path, ok := cutFile(j.oldAt); ok {
			if err := os.WriteFile(filepath.Join(r.folder, path), []byte(r.old+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return r
}

func cutFile(place string) (string, bool) {
	if len(place) > 5 && place[:5] == "file:" {
		return place[5:], true
	}
	return "", false
}

// arguments are those of the command line.
func (r *trial) arguments(more ...string) []string {
	var args []string
	for _, arg := range r.args {
		if arg == "SELF" {
			args = append(args, "--server", r.hub.GMSURL, "--token-file", "a.token")
			continue
		}
		args = append(args, arg)
	}
	if r.keyring {
		args = append(args, "--keyring-timeout", "30s")
	}
	return append(args, more...)
}

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
	const most = 16
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
