package cli

import (
	"os"
	"syscall"
)

// become runs the program as a child that has all of this process: Windows
// knows no other way. The console tells both of an interrupt and of its end, so
// that these are the child's business.
func (w *world) become(program string, command, env []string) error {
	return asParent(program, command, env, os.Interrupt, syscall.SIGTERM)
}
