//go:build unix

package main

import (
	"fmt"
	"testing"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestKillMatrix ends `pat create` and `pat rotate` at every step, by every
// signal, with every kind of destination, and lets `pat recover` settle what is
// left. It counts what must not be: a token that nobody holds, an exit code of 0
// without the secret where it was asked to be, and a rotation that leaves
// neither token.
func TestKillMatrix(t *testing.T) {
	bus := keyringtest.Unlocked(t)
	type death struct {
		errand
		at string
	}
	var deaths []death
	for _, j := range errands() {
		for _, step := range j.steps() {
			for _, signal := range []string{"KILL", "TERM", "INT"} {
				deaths = append(deaths, death{j, step + "@" + signal})
			}
		}
	}
	count := &tally{}
	atOnce(t, deaths, func(d death) {
		r := d.begin(t, fmt.Sprintf("stopped at %q", d.at), mockhub.Options{}, bus)
		printed, code := r.pat(d.at, r.arguments()...)
		recovered := r.recover()
		count.judge(r, printed, code, recovered)
	})
	count.print(t)
}
