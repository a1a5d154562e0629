//go:build unix

package session

import "io/fs"

// OthersCanRead says whether anybody on this machine can read or replace a file
// of that mode. Its group is left to whoever set it.
func OthersCanRead(mode fs.FileMode) bool { return mode.Perm()&0o007 != 0 }
