package delivery

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// shell is the program that runs commands: the system's own, whatever PATH leads
// to.
func shell() string {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return "cmd.exe"
	}
	return filepath.Join(folder, "cmd.exe")
}

// shellCommand has the shell run a command, as it stands: cmd.exe does not take
// apart its arguments as other programs do, and would get its quotes escaped.
// With /S it removes just the outer ones; /D keeps others' settings out.
func shellCommand(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, shell())
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /D /S /C "` + command + `"`}
	return cmd
}
