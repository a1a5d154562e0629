package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

func reserve(t *testing.T, path string, opt atomicfile.Options) *atomicfile.Reserved {
	t.Helper()
	r, err := atomicfile.Reserve(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestReservedFileIsWritten(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	for _, mode := range []os.FileMode{0o600, 0o640, 0o400} {
		r := reserve(t, path, atomicfile.Options{Mode: mode})
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("something is at the path before it is filled: %v", err)
		}
		ok(t, "fill", r.Fill([]byte("sesame\n")))
		ok(t, "settle", r.Settle())
		ok(t, "undo after settle", r.Undo())
		holds(t, path, "sesame\n", mode)
		only(t, folder, "token")
		ok(t, "remove", os.Remove(path))
	}
}

func TestReservedFileMayBeLong(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	text := strings.Repeat("sesame", 10_000)
	r := reserve(t, path, atomicfile.Options{Mode: 0o600})
	ok(t, "fill", r.Fill([]byte(text)))
	ok(t, "settle", r.Settle())
	holds(t, path, text, 0o600)
	only(t, folder, "token")
}

// What was there before is there again after Undo, wherever it is called and
// however often.
func TestUndoAtEveryStep(t *testing.T) {
	for name, fill := range map[string]bool{"reserved": false, "filled": true} {
		for _, old := range []bool{false, true} {
			folder := t.TempDir()
			path := filepath.Join(folder, "token")
			var left []string
			if old {
				put(t, path, "old", 0o640)
				left = []string{"token"}
			}
			r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: old})
			if fill {
				ok(t, "fill", r.Fill([]byte("new")))
				holds(t, path, "new", 0o600)
			}
			ok(t, name+": undo", r.Undo())
			ok(t, name+": undo again", r.Undo())
			ok(t, name+": settle after undo", r.Settle())
			only(t, folder, left...)
			if old {
				holds(t, path, "old", 0o640)
			}
		}
	}
}

func TestOverwriteKeepsTheOldFileItself(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	put(t, path, "old", 0o600)
	before, err := os.Lstat(path)
	ok(t, "look", err)
	r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	ok(t, "fill", r.Fill([]byte("new")))
	ok(t, "undo", r.Undo())
	after, err := os.Lstat(path)
	ok(t, "look", err)
	if !os.SameFile(before, after) {
		t.Error("the old file came back as another one, its owner and attributes lost")
	}
}

func TestOverwriteSettles(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	put(t, path, "old", 0o644)
	r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	holds(t, path, "old", 0o644)
	ok(t, "fill", r.Fill([]byte("new")))
	ok(t, "settle", r.Settle())
	ok(t, "undo after settle", r.Undo())
	holds(t, path, "new", 0o600)
	only(t, folder, "token")
}

func TestOverwriteFollowsALink(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "link")
	put(t, filepath.Join(folder, "real"), "old", 0o600)
	link(t, "real", path)
	opt := atomicfile.Options{Mode: 0o600, Overwrite: true}
	r := reserve(t, path, opt)
	ok(t, "fill", r.Fill([]byte("new")))
	holds(t, filepath.Join(folder, "real"), "new", 0o600)
	ok(t, "undo", r.Undo())
	holds(t, filepath.Join(folder, "real"), "old", 0o600)
	only(t, folder, "link", "real")
}

func TestReserveRefuses(t *testing.T) {
	root := t.TempDir()
	ok(t, "mkdir", os.Mkdir(filepath.Join(root, "folder"), 0o700))
	put(t, filepath.Join(root, "file"), "old", 0o600)
	link(t, "nowhere", filepath.Join(root, "dangling"))
	link(t, "folder", filepath.Join(root, "tofolder"))
	for _, c := range []struct {
		name      string
		overwrite bool
		want      error
	}{
		{"file", false, fs.ErrExist},
		{"dangling", false, fs.ErrExist},
		{"tofolder", false, fs.ErrExist},
		{"folder", false, atomicfile.ErrNotRegular},
		{"folder", true, atomicfile.ErrNotRegular},
		{"tofolder", true, atomicfile.ErrNotRegular},
		{"missing/token", false, fs.ErrNotExist},
		{"missing/token", true, fs.ErrNotExist},
		{"file/token", false, nil},
		{"file/token", true, nil},
		{strings.Repeat("n", 300), false, nil},
	} {
		_, err := atomicfile.Reserve(filepath.Join(root, c.name), atomicfile.Options{Mode: 0o600, Overwrite: c.overwrite})
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%.20s overwrite=%v: %v, want %v", c.name, c.overwrite, err, c.want)
		}
	}
	only(t, root, "dangling", "file", "folder", "tofolder")
	holds(t, filepath.Join(root, "file"), "old", 0o600)
}

func TestFileThatAppearedIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	r := reserve(t, path, atomicfile.Options{Mode: 0o600})
	put(t, path, "somebody else's", 0o600)
	if err := r.Fill([]byte("ours")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("fill: %v", err)
	}
	ok(t, "undo", r.Undo())
	holds(t, path, "somebody else's", 0o600)
	only(t, folder, "token")
}

func TestFolderThatAppearedIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	ok(t, "mkdir", os.Mkdir(path, 0o700))
	if err := r.Fill([]byte("ours")); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("fill: %v", err)
	}
	ok(t, "undo", r.Undo())
	only(t, folder, "token")
}

func TestTwoReservationsOneFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	first := reserve(t, path, atomicfile.Options{Mode: 0o600})
	second := reserve(t, path, atomicfile.Options{Mode: 0o600})
	ok(t, "fill", second.Fill([]byte("second")))
	if err := first.Fill([]byte("first")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the second file was replaced: %v", err)
	}
	ok(t, "undo", first.Undo())
	ok(t, "settle", second.Settle())
	holds(t, path, "second", 0o600)
	only(t, folder, "token")
}

func TestUndoLeavesWhatSomebodyElseWrote(t *testing.T) {
	for _, overwrite := range []bool{false, true} {
		folder := t.TempDir()
		path := filepath.Join(folder, "token")
		if overwrite {
			put(t, path, "old", 0o600)
		}
		r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: overwrite})
		ok(t, "fill", r.Fill([]byte("ours")))
		ok(t, "write", atomicfile.Write(path, []byte("theirs"), 0o600))
		ok(t, "undo", r.Undo())
		holds(t, path, "theirs", 0o600)
		only(t, folder, "token")
	}
}

func TestUndoBringsBackWhatWasRemoved(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	put(t, path, "old", 0o600)
	r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	ok(t, "fill", r.Fill([]byte("new")))
	ok(t, "remove", os.Remove(path))
	ok(t, "undo", r.Undo())
	holds(t, path, "old", 0o600)
	only(t, folder, "token")
}

func TestReservationIsFilledOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	r := reserve(t, path, atomicfile.Options{Mode: 0o600})
	ok(t, "fill", r.Fill([]byte("one")))
	if err := r.Fill([]byte("two")); err == nil || strings.Contains(err.Error(), "two") {
		t.Errorf("fill again: %v", err)
	}
	holds(t, path, "one", 0o600)
}

// A file system without hard links has other steps and the same outcome.
func TestWithoutHardLinks(t *testing.T) {
	for _, old := range []bool{false, true} {
		for _, undo := range []bool{false, true} {
			folder := t.TempDir()
			path := filepath.Join(folder, "token")
			if old {
				put(t, path, "old", 0o640)
			}
			r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: old})
			r.WithoutLinks()
			ok(t, "fill", r.Fill([]byte("new")))
			holds(t, path, "new", 0o600)
			end := r.Settle
			if undo {
				end = r.Undo
			}
			ok(t, "end", end())
			switch {
			case !undo:
				holds(t, path, "new", 0o600)
			case old:
				holds(t, path, "old", 0o640)
			default:
				only(t, folder)
				continue
			}
			only(t, folder, "token")
		}
	}
}

func TestWithoutHardLinksNothingThatAppearedIsReplaced(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	r := reserve(t, path, atomicfile.Options{Mode: 0o600})
	r.WithoutLinks()
	put(t, path, "theirs", 0o600)
	if err := r.Fill([]byte("ours")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("fill: %v", err)
	}
	ok(t, "undo", r.Undo())
	holds(t, path, "theirs", 0o600)
	only(t, folder, "token")
}

func TestOnlyOneOfManyIsPublished(t *testing.T) {
	for _, links := range []bool{true, false} {
		folder := t.TempDir()
		path := filepath.Join(folder, "token")
		done := make(chan error)
		const many = 8
		var all []*atomicfile.Reserved
		for range many {
			all = append(all, reserve(t, path, atomicfile.Options{Mode: 0o600}))
		}
		for _, r := range all {
			if !links {
				r.WithoutLinks()
			}
			go func() {
				err := r.Fill([]byte("one"))
				if err != nil {
					_ = r.Undo()
				}
				done <- err
			}()
		}
		published := 0
		for range many {
			if err := <-done; err == nil {
				published++
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		}
		if published != 1 {
			t.Errorf("hard links %v: %d were published", links, published)
		}
		holds(t, path, "one", 0o600)
		only(t, folder, "token")
	}
}
