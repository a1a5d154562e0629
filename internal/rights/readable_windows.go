package rights

import (
	"io/fs"

	"github.com/datahub-pat/pat/internal/accesslist"
)

// OthersCanRead says whether everybody on this machine can read or replace a
// file. A mode says nothing here, and where the list cannot be read nothing is
// known.
func OthersCanRead(path string, _ fs.FileMode) bool {
	open, err := accesslist.LetsOthers(path, accesslist.Read|accesslist.Write)
	return err == nil && open
}

// KeepToYourself is the command that leaves a file, or a folder, to its owner.
func KeepToYourself(path string, _ fs.FileMode) string {
	return `icacls "` + path + `" /inheritance:r /grant:r "%USERNAME%:F"`
}
