package main

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestTwoAtOnce runs two commands at once on one machine: the same one twice,
// and one beside a recovery of what a kill left and of what is under way.
func TestTwoAtOnce(t *testing.T) {
	bus := keyringtest.Unlocked(t)
	type pair struct {
		errand
		killed string // a create before is killed at this step
		second []string
	}
	var all []pair
	for _, j := range errands() {
		for range 3 {
			all = append(all, pair{j, "", nil}, pair{j, "", []string{"recover", "--yes"}})
		}
	}
	for range 5 {
		for _, at := range []string{"created", "filled 1", "handed"} {
			all = append(all, pair{errand{name: "recover", args: []string{"recover", "--yes"}, to: []string{"file:a.token"}}, at, nil})
		}
	}
	count := &tally{}
	atOnce(t, all, func(p pair) {
		r := p.begin(t, "twice at once", mockhub.Options{}, bus)
		if p.killed != "" {
			r.pat(p.killed, "create", "ci", "--to", "file:a.token")
		}
		first := r.arguments()
		second := first
		if p.second != nil {
			second, r.what = p.second, r.name+" beside recover"
		}
		printed, codes := r.both(first, second)
		recovered := r.recover()
		code := slices.Min(codes)
		if p.second != nil {
			code = codes[0]
		}
		if p.killed == "created" {
			code = 1 // what is recovered is nowhere
		}
		count.judge(r, printed, code, recovered)
	})
	count.print(t)
}

// both runs two commands at once.
func (s *scene) both(commands ...[]string) (printed string, codes []int) {
	s.t.Helper()
	codes = make([]int, len(commands))
	var out, said bytes.Buffer
	var mu sync.Mutex
	var done sync.WaitGroup
	for i, args := range commands {
		done.Go(func() {
			cmd := s.command("", args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			_ = cmd.Run() // the exit code tells
			mu.Lock()
			defer mu.Unlock()
			codes[i] = cmd.ProcessState.ExitCode()
			out.Write(stdout.Bytes())
			said.Write(stderr.Bytes())
		})
	}
	done.Wait()
	s.said = append(s.said, "two at once: "+said.String())
	return out.String(), codes
}
