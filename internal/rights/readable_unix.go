//go:build unix

package rights

import "io/fs"

// OthersCanRead says whether anybody on this machine can read or replace a file
// of that mode. Its group is left to whoever set it.
func OthersCanRead(_ string, mode fs.FileMode) bool { return mode.Perm()&0o007 != 0 }

// KeepToYourself is the command that leaves a file, or a folder, of that mode to
// its owner.
func KeepToYourself(path string, mode fs.FileMode) string {
	if mode.IsDir() {
		return "chmod 700 " + path
	}
	return "chmod 600 " + path
}
