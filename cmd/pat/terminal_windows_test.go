package main

import "github.com/rogpeppe/go-internal/testscript"

// onTerminal skips the script: there is no pseudo-terminal to run a program on.
func onTerminal(ts *testscript.TestScript, neg bool, args []string) {
	ts.Value(scriptT{}).(testscript.T).Skip("no pseudo-terminal on this system")
}
