package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/term"
)

func TestMain(m *testing.M) {
	// Most of what runs here waits: for limits to pass, for terminals, for each
	// other. What -parallel says comes later and wins.
	_ = flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0)))
	testscript.Main(m, map[string]func(){
		"pat": func() {
			os.Exit(cli.MainWatched(os.Args[1:], term.System(), cli.Watch{Step: stopAt(os.Getenv("PAT_KILL_AT")), Printed: conforming}))
		},
		"datahub": func() { os.Exit(datahubClient()) },
	})
}

// TestScripts runs what a user types, in testdata/script, against the embedded
// DataHub.
func TestScripts(t *testing.T) {
	used := filepath.Join(t.TempDir(), "schemas")
	t.Cleanup(func() { checkAllUsed(t, used) })
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, usedSchemas+"="+used)
			return setUp(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"advance":  advance,
			"baseurl":  setBaseURL,
			"exits":    exits,
			"fault":    injectFault,
			"front":    front,
			"grant":    grant,
			"hub":      startHub,
			"keyring":  useKeyring,
			"read":     readVariable,
			"requests": countRequests,
			"terminal": onTerminal,
			"token":    issueToken,
			"user":     changeUser,
		},
	})
}

// quickExit keeps the race detector, where it is on, from waiting a second at
// the end of each of the many programs that the tests run.
const quickExit = "GORACE=atexit_sleep_ms=0"

// setUp gives a script a home of its own and nothing else: no server, no
// keyring, no configuration.
func setUp(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	env.Vars = append(env.Vars,
		"HOME="+home,
		"USERPROFILE="+home,
		"XDG_STATE_HOME="+filepath.Join(env.WorkDir, "state"),
		quickExit,
		"XDG_CONFIG_HOME="+filepath.Join(env.WorkDir, "config"),
		"TERM=xterm-256color",
	)
	env.Values[scriptHubs{}] = &scriptHubs{}
	env.Values[scriptKeyring{}] = &scriptKeyring{}
	env.Values[scriptT{}] = env.T()
	return os.MkdirAll(home, 0o700)
}

// exits CODE PROGRAM ARGUMENTS... runs a program that must exit with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if code := exitCode(ts, ts.Exec(args[1], args[2:]...)); code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func exitCode(ts *testscript.TestScript, err error) int {
	if err == nil {
		return 0
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	return exit.ExitCode()
}
