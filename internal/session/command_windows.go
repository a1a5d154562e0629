package session

import (
	"errors"
	"os/exec"

	"golang.org/x/sys/windows"
)

// startFamily starts a program so that its cancellation ends it together with
// the processes that it starts, as far as Windows lets them be put into one job.
// release is to be called when it has ended.
func startFamily(cmd *exec.Cmd) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}, cmd.Start()
	}
	cmd.Cancel = func() error { return errors.Join(windows.TerminateJobObject(job, 1), cmd.Process.Kill()) }
	if err := cmd.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return nil, err
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err == nil {
		_ = windows.AssignProcessToJobObject(job, process) // without it, only the program itself is ended
		_ = windows.CloseHandle(process)
	}
	return func() { _ = windows.CloseHandle(job) }, nil
}
