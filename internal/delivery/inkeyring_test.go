//go:build linux

package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// childVariable has the test binary do these steps with the keyring and
// nothing else.
const childVariable = "PAT_DELIVERY_TEST_STEPS"

func TestMain(m *testing.M) {
	if steps, is := os.LookupEnv(childVariable); is {
		child(strings.Fields(steps))
		return
	}
	os.Exit(m.Run())
}

// came is what came of a step.
type came struct {
	Kind    failure.Kind
	Message string
	Secret  string // what the keyring has now; empty if nothing
}

// child delivers to the keyring step by step. Steps are the methods of a
// Destination; "again" is a second secret under the same id.
func child(steps []string) {
	k := keyring.New(keyring.Options{StateDir: os.Getenv("STATE"), Limit: time.Minute, Env: os.LookupEnv})
	all, err := delivery.Parse([]string{"keyring"}, delivery.Options{Keyring: k})
	if err != nil {
		panic(err)
	}
	var results []came
	for _, s := range steps {
		err := do(all[0], s)
		r := came{Kind: failure.KindOf(err)}
		if err != nil {
			r.Message = err.Error()
		}
		if e, err := k.Get(context.Background(), token.ID); err == nil {
			r.Secret = e.Secret
		}
		results = append(results, r)
	}
	_ = json.NewEncoder(os.Stdout).Encode(results)
}

func do(d delivery.Destination, step string) error {
	ctx := context.Background()
	switch step {
	case "reserve":
		return d.Reserve(ctx)
	case "deliver":
		return d.Deliver(ctx, token)
	case "again":
		changed := token
		changed.Secret = "another"
		return d.Deliver(ctx, changed)
	case "undo":
		return d.Undo(ctx)
	case "settle":
		return d.Settle(ctx)
	}
	return fmt.Errorf("no such step: %s", step)
}

// inChild has a process with this environment do the steps.
func inChild(t *testing.T, env []string, state, steps string) []came {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env...)
	cmd.Env = append(cmd.Env, "STATE="+state, childVariable+"="+steps, "GORACE=atexit_sleep_ms=0")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		_ = errors.As(err, &exit)
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	var results []came
	ok(t, "parse", json.Unmarshal(out, &results))
	return results
}

func TestKeyringStepByStep(t *testing.T) {
	for _, c := range []struct{ before, steps, secrets string }{
		{"", "undo reserve undo undo settle", "- - - - -"},
		{"", "reserve deliver settle undo", "- new new new"},
		{"", "reserve deliver undo undo settle", "- new - - -"},
		{"deliver settle", "reserve again undo undo", "new another new new"},
		{"deliver settle", "reserve again settle undo", "new another another another"},
	} {
		t.Run(c.steps, func(t *testing.T) {
			t.Parallel()
			d, state := keyringtest.Start(t), t.TempDir()
			if c.before != "" {
				inChild(t, d.Env(), state, c.before)
			}
			var got []string
			for _, r := range inChild(t, d.Env(), state, c.steps) {
				if r.Kind != "" {
					t.Errorf("%s", r.Message)
				}
				got = append(got, map[string]string{"": "-", secret: "new", "another": "another"}[r.Secret])
			}
			if strings.Join(got, " ") != c.secrets {
				t.Errorf("after each step the keyring has %q, want %s", got, c.secrets)
			}
			rows, err := keyring.New(keyring.Options{StateDir: state}).Stored()
			ok(t, "index", err)
			if accounts := d.Accounts(); len(rows) != len(accounts) || len(accounts) > 0 != (got[len(got)-1] != "-") {
				t.Errorf("the keyring has %q, the index %v", accounts, rows)
			}
		})
	}
}

// A keyring that cannot be used is noticed while reserving, and where nothing
// was written there is nothing that undoing could fail at.
func TestUnusableKeyringIsUndelivered(t *testing.T) {
	for name, env := range map[string][]string{
		"no bus":  keyringtest.NoBus(t),
		"locked":  keyringtest.Locked(t),
		"no name": keyringtest.Bus(t),
		"liar":    keyringtest.Impersonate(t, keyringtest.Manners{KeepNothing: true}).Env(),
	} {
		for i, r := range inChild(t, env, t.TempDir(), "reserve deliver undo") {
			want := []failure.Kind{failure.Undelivered, failure.Undelivered, ""}[i]
			if r.Kind != want || r.Secret != "" || strings.Contains(r.Message, "sesame") {
				t.Errorf("%s: step %d: kind %q, %s", name, i, r.Kind, r.Message)
			}
		}
	}
}

// An entry of the token whose secret was removed by somebody else is not
// missed when a new one is undone.
func TestKeyringWhoseEntryWasRemoved(t *testing.T) {
	d, state := keyringtest.Start(t), t.TempDir()
	inChild(t, d.Env(), state, "deliver settle")
	d.Remove(token.ID)
	for _, r := range inChild(t, d.Env(), state, "reserve again undo") {
		if r.Kind != "" {
			t.Error(r.Message)
		}
	}
	if got := d.Accounts(); !slices.Equal(got, []string{}) {
		t.Errorf("the keyring has %q", got)
	}
}
