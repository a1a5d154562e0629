//go:build !windows

package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

// A link that another user has put into a folder like /tmp must not decide which
// of the user's files is replaced; links of the user's own, and in other folders,
// are what the user wants.
func TestLinkThatSomebodyElsePlanted(t *testing.T) {
	const somebodyElse = 12345
	cases := map[string]struct {
		folder  os.FileMode
		owner   int
		refused bool
	}{
		"in /tmp by another user": {0o777 | os.ModeSticky, somebodyElse, true},
		"where all may write":     {0o777, somebodyElse, true},
		"in /tmp by the user":     {0o777 | os.ModeSticky, os.Geteuid(), false},
		"in the user's folder":    {0o755, somebodyElse, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			home, folder := t.TempDir(), t.TempDir()
			precious, link := filepath.Join(home, "precious"), filepath.Join(folder, "out")
			put(t, precious, "mine", 0o600)
			if err := errors.Join(os.Symlink(precious, link), os.Chmod(folder, c.folder)); err != nil {
				t.Fatal(err)
			}
			if os.Lchown(link, c.owner, -1) != nil {
				t.Skip("only root can give links away")
			}
			err := atomicfile.Write(link, []byte("theirs"), 0o600)
			_, reserveErr := atomicfile.Reserve(link, atomicfile.Options{Mode: 0o600, Overwrite: true})
			if errors.Is(err, atomicfile.ErrPlanted) != c.refused || errors.Is(reserveErr, atomicfile.ErrPlanted) != c.refused {
				t.Errorf("%v, %v", err, reserveErr)
			}
			if c.refused {
				holds(t, precious, "mine", 0o600)
			}
		})
	}
}
