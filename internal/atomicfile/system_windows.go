package atomicfile

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// replace renames from to path, in one step, whether or not path exists.
// Windows refuses while somebody reads path, a virus scanner for one, so it
// tries again for a moment.
func replace(from, path string) error {
	const attempts = 20
	var err error
	for range attempts {
		err = os.Rename(from, path)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// keeps is always true: on Windows it is the folder's access list, which a new
// file inherits, that says who may read it.
func keeps(_, _ os.FileMode) bool { return true }

// syncFolder does nothing: Windows has no such call for folders.
func syncFolder(string) error { return nil }
