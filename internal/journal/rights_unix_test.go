//go:build unix

package journal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

// What the journal says is removed and revoked: nobody else may write it.
func TestFolderThatOthersCanWrite(t *testing.T) {
	for _, place := range []string{"state", "state/journal"} {
		root := t.TempDir()
		folder := filepath.Join(root, "state", "journal")
		j := journal.In(folder)
		check(t, begin(t, j, "A").Leave())
		check(t, os.Chmod(filepath.Join(root, place), 0o777))
		_, opened := j.Open(now)
		_, taken := j.Take("A")
		_, begun := j.Begin(journal.Record{Mark: "B"})
		_, turn := j.Turn(t.Context(), "x")
		for _, err := range []error{opened, taken, begun, turn} {
			if failure.KindOf(err) != failure.Undelivered || !strings.Contains(err.Error(), "others can write to") || !strings.Contains(failure.Of(err).Hint, "chmod go-w") {
				t.Errorf("%s: %v", place, err)
			}
		}
		if _, err := os.Stat(filepath.Join(folder, "B.op.lock")); err == nil {
			t.Errorf("%s: something was written there", place)
		}
	}
}
