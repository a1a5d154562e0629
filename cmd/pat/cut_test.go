package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestCutMatrix lets the network fail at every request of `pat create` and `pat
// rotate`, before and after the server has acted on it, once or from then on,
// and lets `pat recover` settle what is left once it works again.
func TestCutMatrix(t *testing.T) {
	bus := keyringtest.Unlocked(t)
	kinds := []string{
		"refuse", "reset-before", "reset-after", "cut", "status=502,after=true", "error=500,after=true", "hang",
		"refuse,times=always", "reset-after,times=always",
	}
	type failing struct {
		errand
		fault string
		at    int
	}
	var all []failing
	// What becomes of a destination when requests fail is the same for one file
	// and for two.
	disturbed := with(errands(), func(j errand) bool { return j.rotates || len(j.to) == 1 || len(j.to) == 3 })
	for _, j := range disturbed {
		for at := range requests(t, j, bus) {
			for _, kind := range kinds {
				all = append(all, failing{j, fmt.Sprintf("%s,skip=%d", kind, at), at})
			}
		}
	}
	count := &tally{}
	atOnce(t, all, func(f failing) {
		r := f.begin(t, "with "+f.fault, mockhub.Options{}, bus)
		fault, err := mockhub.ParseFault(f.fault)
		if err != nil {
			t.Error(err)
			return
		}
		r.hub.Inject(fault)
		printed, code := r.pat("", r.arguments("--timeout", "500ms", "--deadline", "1s")...)
		r.hub.ClearFaults()
		recovered := r.recover()
		count.judge(r, printed, code, recovered)
	})
	count.print(t)
}

// requests is how many requests a errand makes when nothing fails.
func requests(t *testing.T, j errand, bus []string) int {
	t.Helper()
	r := j.begin(t, "undisturbed", mockhub.Options{}, bus)
	before := len(r.hub.Journal())
	printed, code := r.pat("", r.arguments()...)
	made := r.hub.Journal()[before:]
	(&tally{}).judge(r, printed, code, 0)
	if code != 0 || !slices.ContainsFunc(made, func(q mockhub.Request) bool { return q.Operation == "createAccessToken" }) {
		t.Fatalf("%s: exit code %d: %s", r.what, code, r.said)
	}
	return len(made)
}
