//go:build unix

package term

import (
	"fmt"
	"io"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// survivePipes makes writes to a stdout or stderr whose reader is gone fail,
// where Go would end the process. The signal is caught, not ignored, so that
// children start with the default.
func survivePipes() { signal.Notify(make(chan os.Signal, 1), unix.SIGPIPE) }

// enableColour is always possible.
func enableColour(io.Writer) bool { return true }

func stdoutOpen() error {
	fd := int(os.Stdout.Fd())
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		return fmt.Errorf("standard output is closed: %w", err)
	}
	switch access := flags & unix.O_ACCMODE; {
	case access == unix.O_RDONLY:
		return fmt.Errorf("standard output is not open for writing: %w", unix.EBADF)
	case access == unix.O_RDWR && isNull(fd):
		return fmt.Errorf("standard output is closed: %w", unix.EBADF)
	}
	return readerThere(fd)
}

// isNull tells whether fd is the null device.
func isNull(fd int) bool {
	var this, null unix.Stat_t
	return unix.Fstat(fd, &this) == nil && unix.Stat(os.DevNull, &null) == nil &&
		this.Mode&unix.S_IFMT == unix.S_IFCHR && this.Rdev == null.Rdev
}

// readerThere is an error if fd is a pipe or a socket that nobody reads.
func readerThere(fd int) error {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	_, err := retry(func() (int, error) { return unix.Poll(fds, 0) })
	if err == nil && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
		return fmt.Errorf("nobody reads standard output: %w", unix.EPIPE)
	}
	return nil
}
