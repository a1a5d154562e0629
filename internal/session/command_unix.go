//go:build unix

package session

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// startFamily starts a program so that its cancellation ends it together with
// the processes that it starts. release is to be called when it has ended.
func startFamily(cmd *exec.Cmd) (release func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
	return func() {}, cmd.Start()
}
