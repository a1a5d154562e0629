//go:build linux

package keyring_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// childVariable has the test binary do the work of a task and nothing else.
const childVariable = "PAT_KEYRING_TEST_TASK"

func TestMain(m *testing.M) {
	if text, is := os.LookupEnv(childVariable); is {
		if err := child(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// task is what a process of its own does with a keyring.
type task struct {
	State       string
	Limit       time.Duration
	Interactive bool
	Bus         string // if set, what the keyring is told that the bus is
	Steps       []step
}

// step is one operation: probe, put, get, delete, or a get that is interrupted
// when the keyring's prompt is shown.
type step struct{ Do, ID string }

// result is what came of a step.
type result struct {
	Kind    failure.Kind
	Reason  string
	Message string
	Hint    string
	Secret  string // of get
	Notices int    // so far
}

// reasons are all that an error can carry.
var reasons = []error{
	keyring.ErrNoBus, keyring.ErrNoService, keyring.ErrNoCollection, keyring.ErrLocked, keyring.ErrDismissed,
	keyring.ErrSilent, keyring.ErrRefused, keyring.ErrNotKept, keyring.ErrTooBig, keyring.ErrForeign,
	keyring.ErrIndex, keyring.ErrAbsent,
}

func child(text string) error {
	var do task
	if err := json.Unmarshal([]byte(text), &do); err != nil {
		return err
	}
	notices := 0
	interrupted, interrupt := context.WithCancel(context.Background())
	k := keyring.New(keyring.Options{
		StateDir: do.State, Limit: do.Limit, Interactive: do.Interactive, Env: do.env,
		Notice: func(string) { notices++ },
	})
	go func() {
		for !k.Asking() {
			time.Sleep(time.Millisecond)
		}
		interrupt()
	}()
	k.NoticeAt(time.Millisecond)
	var results []result
	for _, s := range do.Steps {
		entry, err := perform(interrupted, k, s)
		results = append(results, describe(entry, err, notices))
	}
	return json.NewEncoder(os.Stdout).Encode(results)
}

// env is the environment that the keyring is told of.
func (do task) env(name string) (string, bool) {
	if do.Bus != "" && name == "DBUS_SESSION_BUS_ADDRESS" {
		return do.Bus, true
	}
	return os.LookupEnv(name)
}

func perform(interrupted context.Context, k *keyring.Keyring, s step) (keyring.Entry, error) {
	switch s.Do {
	case "interrupted get":
		return k.Get(interrupted, s.ID)
	case "probe":
		return keyring.Entry{}, k.Probe(context.Background())
	case "put":
		return keyring.Entry{}, k.Put(context.Background(), entry(s.ID))
	case "get":
		return k.Get(context.Background(), s.ID)
	case "delete":
		return keyring.Entry{}, k.Delete(context.Background(), s.ID)
	}
	return keyring.Entry{}, fmt.Errorf("no such step: %s", s.Do)
}

func describe(e keyring.Entry, err error, notices int) result {
	r := result{Secret: e.Secret, Notices: notices}
	if err == nil {
		return r
	}
	f := failure.Of(err)
	r.Kind, r.Message, r.Hint = f.Kind, f.Error(), f.Hint
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			r.Reason += reason.Error()
		}
	}
	return r
}

// do has a process with this environment do the steps.
func (do task) run(t *testing.T, env []string, steps ...step) []result {
	t.Helper()
	out, err := do.command(t, env, steps...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if bytes.Count(out, []byte("sesame")) != len(results)-bytes.Count(out, []byte(`"Secret":""`)) {
		t.Errorf("a secret is where it should not be: %s", out)
	}
	return results
}

// command is the process that does the steps.
func (do task) command(t *testing.T, env []string, steps ...step) *exec.Cmd {
	t.Helper()
	do.Steps = steps
	if do.State == "" {
		do.State = t.TempDir()
	}
	if do.Limit == 0 {
		do.Limit = time.Minute
	}
	text, err := json.Marshal(do)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env...)
	cmd.Env = append(cmd.Env, childVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	return cmd
}

// came checks what came of a step: nothing but success if reason is nil.
func (r result) came(t *testing.T, what string, reason error) {
	t.Helper()
	want, kind := "", failure.Kind("")
	if reason != nil {
		want, kind = reason.Error(), failure.Undelivered
	}
	if errors.Is(reason, keyring.ErrAbsent) {
		kind = failure.NotFound
	}
	if r.Reason != want || r.Kind != kind {
		t.Errorf("%s: kind %q, reason %q, want %q: %s", what, r.Kind, r.Reason, want, r.Message)
	}
	if kind == failure.Undelivered && r.Hint == "" {
		t.Errorf("%s: no hint with %q", what, r.Message)
	}
}
