package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// scriptT is the key of the test that runs a script.
type scriptT struct{}

// useKeyring gives the script a keyring of its own: keyring unlocked|locked|silent|none.
// It skips the script where no Secret Service can be started.
func useKeyring(ts *testscript.TestScript, neg bool, args []string) {
	tb := keyringtest.Script{T: ts.Value(scriptT{}).(testscript.T), Defer: ts.Defer}
	var env []string
	switch strings.Join(args, " ") {
	case "unlocked":
		env = keyringtest.Unlocked(tb)
	case "locked":
		env = keyringtest.Locked(tb)
	case "silent":
		env = keyringtest.Silent(tb)
	case "none":
		env = keyringtest.NoBus()
	default:
		ts.Fatalf("usage: keyring unlocked|locked|silent|none")
	}
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		ts.Setenv(name, value)
	}
}
