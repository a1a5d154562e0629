//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// relayed are the signals that a program may want to hear of. Those that stop
// and continue need no help: they act on pat as on the program.
var relayed = []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2}

// fromKeyboard tells whether a key sends the signal. The terminal sends it to
// all processes in its foreground, the program included.
func fromKeyboard(s os.Signal) bool { return s == syscall.SIGINT || s == syscall.SIGQUIT }

// passOn sends the signal to the program. If that has ended meanwhile, nobody
// misses it.
func passOn(p *os.Process, s os.Signal) { _ = p.Signal(s) }

// dieOf ends this process by the signal.
func dieOf(s os.Signal) {
	signal.Reset(s)
	_ = syscall.Kill(os.Getpid(), s.(syscall.Signal))
}
