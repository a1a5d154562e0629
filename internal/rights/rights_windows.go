package rights

import (
	"os"
	"path/filepath"

	"github.com/datahub-pat/pat/internal/accesslist"
	"github.com/datahub-pat/pat/internal/failure"
)

// onlyOwnerWrites goes by the lists of who may use a file: a mode says nothing
// here.
func onlyOwnerWrites(path string) error {
	for _, place := range []string{path, filepath.Dir(path)} {
		if _, err := os.Stat(place); err != nil {
			continue // told where it is used
		}
		open, err := accesslist.LetsOthers(place, accesslist.Write)
		if err != nil {
			return failure.New(failure.Usage, "who can write to %s cannot be told, so pat does not trust it: %w", place, err)
		}
		if open {
			return failure.New(failure.Usage, "others can write to %s, so pat does not trust it", place).
				WithHint("make sure that it holds what you want, then: icacls \"%s\" /inheritance:r /grant:r \"%%USERNAME%%:F\"", place)
		}
	}
	return nil
}
