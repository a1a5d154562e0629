package atomicfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

// contents are the files in a folder and what they hold.
func contents(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	ok(t, "look", err)
	var all []string
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		ok(t, "read", err)
		all = append(all, entry.Name()+"="+string(data))
	}
	return strings.Join(all, " ")
}

// What a reservation left whose process ended at any point is cleaned up by the
// name of its draft alone.
func TestAbandonAndClear(t *testing.T) {
	for _, c := range []struct {
		name               string
		old, fill, noLinks bool
		aside              bool // the process ended when the old file was moved aside
		published          bool
		abandoned, cleared string
	}{
		{name: "reserved"},
		{name: "reserved over an old file", old: true, abandoned: "token=old", cleared: "token=old"},
		{name: "filled", fill: true, published: true, cleared: "token=new"},
		{name: "filled over an old file", old: true, fill: true, published: true, abandoned: "token=old", cleared: "token=new"},
		{name: "filled without links", old: true, fill: true, noLinks: true, published: true, abandoned: "token=old", cleared: "token=new"},
		{name: "filled, and somebody replaced it", old: true, fill: true, abandoned: "token=new", cleared: "token=new"},
		{name: "moved aside", old: true, noLinks: true, aside: true, abandoned: "token=old"},
	} {
		for _, abandon := range []bool{true, false} {
			if c.aside && !abandon {
				continue // there is nothing at the path to be left as it is
			}
			folder := t.TempDir()
			path := filepath.Join(folder, "token")
			if c.old {
				ok(t, "write", os.WriteFile(path, []byte("old"), 0o600))
			}
			r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: c.old})
			draft := r.Draft()
			if c.noLinks {
				r.WithoutLinks()
			}
			if c.fill {
				ok(t, "fill", r.Fill([]byte("new")))
			}
			if c.aside {
				ok(t, "move aside", os.Rename(path, strings.TrimSuffix(draft, ".tmp")+".old"))
			}
			want := c.cleared
			if abandon {
				want = c.abandoned
			}
			for range 2 { // the second time there is nothing to do
				if abandon {
					ok(t, c.name, atomicfile.Abandon(draft, path, c.published))
					c.published = false
				} else {
					ok(t, c.name, atomicfile.Clear(draft))
				}
				if got := contents(t, folder); got != want {
					t.Errorf("%s, abandoned %t: %q, want %q", c.name, abandon, got, want)
				}
			}
		}
	}
}

// The file that a symbolic link names is put back, and the link stays.
func TestAbandonFollowsLinks(t *testing.T) {
	for _, old := range []bool{true, false} {
		folder, elsewhere := t.TempDir(), t.TempDir()
		path, target := filepath.Join(folder, "link"), filepath.Join(elsewhere, "token")
		if err := os.Symlink(target, path); err != nil {
			t.Skip(err)
		}
		want := ""
		if old {
			want = "token=old"
			ok(t, "write", os.WriteFile(target, []byte("old"), 0o600))
		}
		r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
		draft := r.Draft()
		ok(t, "fill", r.Fill([]byte("new")))
		ok(t, "abandon", atomicfile.Abandon(draft, path, true))
		if got := contents(t, elsewhere); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is gone: %v", err)
		}
	}
}

func TestNothingToAbandon(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	ok(t, "write", os.WriteFile(path, []byte("somebody's"), 0o600))
	ok(t, "abandon", atomicfile.Abandon("", path, true))
	if got := contents(t, folder); got != "token=somebody's" {
		t.Errorf("%q", got)
	}
	if draft := new(atomicfile.Reserved).Draft(); draft != "" {
		t.Errorf("draft %q", draft)
	}
}
