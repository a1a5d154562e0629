package cli

import (
	"os"
	"syscall"

	"github.com/datahub-pat/pat/internal/failure"
)

// relayed are the events of a console that end programs.
var relayed = []os.Signal{os.Interrupt, syscall.SIGTERM}

// fromKeyboard is true: the console tells the program of all of them itself.
func fromKeyboard(os.Signal) bool { return true }

func passOn(*os.Process, os.Signal) {}

// dieOf ends this process.
func dieOf(os.Signal) { os.Exit(failure.Interrupted.ExitCode()) }
