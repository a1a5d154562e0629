//go:build !windows

package transport

import "syscall"

// What the system says of connections that cannot be had or kept.
const (
	errConnRefused = syscall.ECONNREFUSED
	errConnReset   = syscall.ECONNRESET
	errConnGone    = syscall.EPIPE
	errNoRoute     = syscall.EHOSTUNREACH
	errNoNetwork   = syscall.ENETUNREACH
)
