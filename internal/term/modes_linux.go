package term

import "golang.org/x/sys/unix"

// The requests that read and change a terminal's modes; flush throws away
// what was typed and not read.
const (
	getModes      = unix.TCGETS
	setModesNow   = unix.TCSETS
	setModesFlush = unix.TCSETSF
)
