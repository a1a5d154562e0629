//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// survivePipes turns the death by a closed stdout into an error of the write:
// a token whose secret could not be delivered must be revoked first. Unlike
// ignoring the signal, this is not inherited by programs pat runs.
func survivePipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
