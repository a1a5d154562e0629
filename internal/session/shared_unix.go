//go:build unix

package session

import "io/fs"

// othersCanRead says whether anybody on this machine can read or replace a file
// of that mode. Its group is left to whoever set it.
func othersCanRead(mode fs.FileMode) bool { return mode.Perm()&0o007 != 0 }
