//go:build !windows

package transport

import "syscall"

// What the system says of connections that cannot be had or kept.
const (
	errConnRefused = syscall.ECONNREFUSED
	errConnReset   = syscall.ECONNRESET
	errNoRoute     = syscall.EHOSTUNREACH
	errNoNetwork   = syscall.ENETUNREACH
)
