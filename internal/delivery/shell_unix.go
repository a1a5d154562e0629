//go:build unix

package delivery

import (
	"context"
	"os/exec"
)

// shell is the program that runs commands.
func shell() string { return "/bin/sh" }

// shellCommand has the shell run a command.
func shellCommand(ctx context.Context, command string) *exec.Cmd {
	return exec.CommandContext(ctx, shell(), "-c", command)
}
