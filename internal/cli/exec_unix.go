//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// become makes this process the program's: it returns only if that fails.
//
// Go's runtime has set the signals' handlers, which the kernel takes back with
// the new program, and keeps its files from it. An interrupt that whoever
// started pat had ignored, as a shell does for what runs in the background,
// is ignored again.
func (w *world) become(program string, command, env []string) error {
	if w.deafToInterrupts {
		signal.Ignore(os.Interrupt)
	}
	return cannotRun(command[0], syscall.Exec(program, command, env))
}
