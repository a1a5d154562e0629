//go:build unix

package main

import (
	"os"
	"strings"
	"syscall"
	"time"
)

// landing is how long a signal that is heeded may take to be: without it most
// would be noticed steps later. No test's outcome depends on it.
const landing = 20 * time.Millisecond

// stopAt is a hook that ends or interrupts the process at a step: "created"
// kills it there without a word, as the kernel would; "created@INT" and
// "created@TERM" send the signal, which pat may settle.
func stopAt(spec string) func(string) {
	step, name, _ := strings.Cut(spec, "@")
	signal := map[string]syscall.Signal{"": syscall.SIGKILL, "KILL": syscall.SIGKILL, "INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[name]
	return func(taken string) {
		if step == "" || taken != step {
			return
		}
		syscall.Kill(os.Getpid(), signal)
		if signal == syscall.SIGKILL {
			select {}
		}
		time.Sleep(landing)
	}
}
