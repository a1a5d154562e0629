package journal_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/datahub-pat/pat/internal/journal"
)

// FuzzOpen lets anything lie in the file of an operation: an earlier pat, a full
// disk or a kill may have left it. What is open can be taken, goes on from there
// and can be forgotten; what is not leaves no file behind.
func FuzzOpen(f *testing.F) {
	const whole = `{"mark":"A","operation":"create","server":"http://x","owner":"o","actor":"a","name":"ci","places":[{"name":"keyring"}],"startedAt":"2026-11-22T12:00:00Z","state":"intended"}` + "\n"
	for _, seed := range []string{
		whole, whole + `{"mark":"A","state":"issued","id":"x"}` + "\n", whole + whole[:30], "", "\n", "{}\n", "null\n", "[]\n",
		`{"mark":"B"}` + "\n", `{"mark":"A","state":"delivered","deliveredAt":"2026-11-22T11:59:59Z"}` + "\n", `{"mark":"A","state":7}` + "\n", "\x00\xff\n",
	} {
		f.Add([]byte(seed))
	}
	folder := f.TempDir()
	path := filepath.Join(folder, "A.op")
	f.Fuzz(func(t *testing.T, text []byte) {
		check(t, os.WriteFile(path, text, 0o600))
		j := journal.In(folder)
		records, err := j.Open(now)
		check(t, err)
		if len(records) == 0 {
			if left, _ := os.ReadDir(folder); len(left) != 0 {
				t.Fatalf("%q is not open, and %v is left", text, left)
			}
			return
		}
		o, err := j.Take("A")
		if err != nil || o == nil || o.Record().Mark != "A" {
			t.Fatalf("%q cannot be taken: %+v, %v", text, o, err)
		}
		check(t, o.Issued("id", "hash", now, now))
		check(t, o.Leave())
		again, err := j.Take("A")
		if err != nil || again == nil || again.Record().State != journal.Issued || again.Record().ID != "id" {
			t.Fatalf("%q does not go on: %+v, %v", text, again, err)
		}
		check(t, again.Forget())
	})
}
