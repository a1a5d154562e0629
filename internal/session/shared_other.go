//go:build !unix

package session

import "io/fs"

// OthersCanRead cannot be told from a mode here: access is governed by lists.
func OthersCanRead(fs.FileMode) bool { return false }
