package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// scriptT is the key of the test that runs a script.
type scriptT struct{}

// scriptKeyring is the real keyring of a script, if it has one.
type scriptKeyring struct{ daemon *keyringtest.Daemon }

// useKeyring gives the script a keyring of its own, or does something to it
// without pat:
//
//	keyring unlocked|locked|silent|none
//	keyring lock
//	keyring delete ID
//
// It skips the script where no Secret Service can be started.
func useKeyring(ts *testscript.TestScript, neg bool, args []string) {
	tb := keyringtest.Script{T: ts.Value(scriptT{}).(testscript.T), Defer: ts.Defer}
	mine := ts.Value(scriptKeyring{}).(*scriptKeyring)
	var env []string
	switch words := strings.Join(args, " "); {
	case words == "unlocked":
		mine.daemon = keyringtest.Start(tb)
		env = mine.daemon.Env()
	case words == "locked":
		env = keyringtest.Locked(tb)
	case words == "silent":
		env = keyringtest.Silent(tb)
	case words == "none":
		env = keyringtest.NoBus(tb)
	case words == "lock" && mine.daemon != nil:
		mine.daemon.Lock()
	case len(args) == 2 && args[0] == "delete" && mine.daemon != nil:
		mine.daemon.Remove(args[1])
	default:
		ts.Fatalf("usage: keyring unlocked|locked|silent|none, or after unlocked: keyring lock, keyring delete ID")
	}
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		ts.Setenv(name, value)
	}
}
