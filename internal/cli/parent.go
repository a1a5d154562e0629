package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// asParent runs a program with this process's streams and gives its end as
// pat's own. The shared signals reach the child without pat, which waits for
// what the child makes of them.
func asParent(program string, command, env []string, shared ...os.Signal) error {
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, shared...)
	defer signal.Stop(ignored)
	child := &exec.Cmd{Path: program, Args: command, Env: env, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := child.Start(); err != nil {
		return cannotRun(command[0], err)
	}
	return asItEnded(child.Wait())
}

// asItEnded gives the end of a child, as Wait tells it, as pat's own.
func asItEnded(err error) error {
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return &withCode{code: codeOf(ended.ProcessState)}
	}
	return err
}

// codeOf is the exit code of a program, as a shell tells it.
func codeOf(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return codeSignalBasis + int(status.Signal())
	}
	return state.ExitCode()
}
