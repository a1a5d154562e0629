package transport

import "golang.org/x/sys/windows"

// What the system says of connections that cannot be had or kept: the errors of
// its sockets, which package syscall does not have.
const (
	errConnRefused = windows.WSAECONNREFUSED
	errConnReset   = windows.WSAECONNRESET
	errConnGone    = windows.WSAECONNABORTED
	errNoRoute     = windows.WSAEHOSTUNREACH
	errNoNetwork   = windows.WSAENETUNREACH
)
