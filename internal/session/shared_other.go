//go:build !unix

package session

import "io/fs"

// othersCanRead cannot be told from a mode here: access is governed by lists.
func othersCanRead(fs.FileMode) bool { return false }
