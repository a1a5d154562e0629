//go:build unix

package delivery

// shell runs the command that is its next argument.
var shell = [...]string{"/bin/sh", "-c"}
