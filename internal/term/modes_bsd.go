//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package term

import "golang.org/x/sys/unix"

// The requests that read and change a terminal's modes; flush throws away
// what was typed and not read.
const (
	getModes      = unix.TIOCGETA
	setModesNow   = unix.TIOCSETA
	setModesFlush = unix.TIOCSETAF
)
