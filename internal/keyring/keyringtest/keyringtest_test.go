package keyringtest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// recorder is a test that is told about.
type recorder struct {
	skipped, failed string
	after           []func()
}

func (r *recorder) Skip(args ...any)  { r.skipped = fmt.Sprint(args...); panic(r) }
func (r *recorder) Fatal(args ...any) { r.failed = fmt.Sprint(args...); panic(r) }
func (r *recorder) Cleanup(f func())  { r.after = append(r.after, f) }

// end is the end of the recorded test.
func (r *recorder) end() {
	slices.Reverse(r.after)
	for _, f := range r.after {
		f()
	}
}

// run runs f as a test of its own and returns how that ended.
func run(f func(tb keyringtest.TB)) (r *recorder) {
	r = &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		r.end()
	}()
	f(r)
	return r
}

func TestMissingProgramsSkip(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, f := range map[string]func(tb keyringtest.TB){
		"unlocked": func(tb keyringtest.TB) { keyringtest.Unlocked(tb) },
		"locked":   func(tb keyringtest.TB) { keyringtest.Locked(tb) },
		"bus":      func(tb keyringtest.TB) { keyringtest.Bus(tb) },
		"impostor": func(tb keyringtest.TB) { keyringtest.Impersonate(tb, keyringtest.Manners{}) },
	} {
		if r := run(f); r.skipped == "" || r.failed != "" {
			t.Errorf("%s: skipped %q, failed %q", name, r.skipped, r.failed)
		}
	}
}

func TestNothingStaysBehind(t *testing.T) {
	before, err := filepath.Glob("/tmp/pat-keyring-*")
	if err != nil {
		t.Fatal(err)
	}
	var address string
	r := run(func(tb keyringtest.TB) {
		d := keyringtest.Start(tb)
		d.Seat(keyringtest.Answers)
		address = strings.TrimPrefix(d.Env()[0], "DBUS_SESSION_BUS_ADDRESS=")
	})
	if r.skipped != "" {
		t.Skip(r.skipped)
	}
	if conn, err := dbus.Connect(address); err == nil {
		_ = conn.Close()
		t.Error("the bus is still there")
	}
	after, err := filepath.Glob("/tmp/pat-keyring-*")
	if left := slices.DeleteFunc(after, func(f string) bool { return slices.Contains(before, f) }); err != nil || len(left) != 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

// A script uses a keyring as any other test does.
func TestInAScript(t *testing.T) {
	if _, err := exec.LookPath("dbus-send"); err != nil {
		t.Skip(err)
	}
	script := filepath.Join(t.TempDir(), "keyring.txtar")
	text := "exec dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets " +
		"org.freedesktop.Secret.Service.ReadAlias string:default\nstdout collection/login\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files: []string{script},
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, keyringtest.Unlocked(keyringtest.Script{T: env.T(), Defer: env.Defer})...)
			return nil
		},
	})
}
