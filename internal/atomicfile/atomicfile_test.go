package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

// put makes a file for a test to find.
func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// holds checks a file's text and, where the system has modes, its mode.
func holds(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != text {
		t.Errorf("%s holds %q, want %q", path, got, text)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != mode {
		t.Errorf("%s has mode %04o, want %04o", path, info.Mode().Perm(), mode)
	}
}

// only checks that a folder holds these names and nothing else, no draft and
// no backup for one.
func only(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", got, names)
	}
}

func TestWriteMakesAndReplaces(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "state")
	for _, step := range []struct {
		text string
		mode os.FileMode
	}{{"first", 0o600}, {"", 0o600}, {strings.Repeat("long ", 5000), 0o640}, {"short", 0o600}} {
		if err := atomicfile.Write(path, []byte(step.text), step.mode); err != nil {
			t.Fatal(err)
		}
		holds(t, path, step.text, step.mode)
	}
	only(t, folder, "state")
}

func TestWriteTakesTheLongestName(t *testing.T) {
	folder := t.TempDir()
	name := strings.Repeat("n", 255)
	if runtime.GOOS == "windows" {
		name = name[:100]
	}
	if err := atomicfile.Write(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	only(t, folder, name)
}

func TestWriteFollowsLinks(t *testing.T) {
	root := t.TempDir()
	real := filepath.Join(root, "deep", "real")
	if err := os.MkdirAll(real, 0o700); err != nil {
		t.Fatal(err)
	}
	// A relative link is relative to where its folder really is, not to the
	// name that the folder was reached by.
	link(t, filepath.Join("deep", "real"), filepath.Join(root, "short"))
	link(t, filepath.Join("..", "target"), filepath.Join(real, "one"))
	link(t, filepath.Join(real, "one"), filepath.Join(real, "two"))
	for _, name := range []string{"one", "two", "one"} {
		if err := atomicfile.Write(filepath.Join(root, "short", name), []byte("by "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		holds(t, filepath.Join(root, "deep", "target"), "by "+name, 0o600)
	}
	only(t, root, "deep", "short")
	only(t, filepath.Join(root, "deep"), "real", "target")
	only(t, real, "one", "two")
	if info, err := os.Lstat(filepath.Join(real, "one")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link itself was replaced: %v, %v", info, err)
	}
}

func link(t *testing.T, named, path string) {
	t.Helper()
	if err := os.Symlink(named, path); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}

func TestWriteRefuses(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(root, "file"), "file", 0o600)
	link(t, "loop", filepath.Join(root, "loop"))
	link(t, "folder", filepath.Join(root, "tofolder"))
	before := []string{"file", "folder", "loop", "tofolder"}
	for name, want := range map[string]error{
		"folder":      atomicfile.ErrNotRegular,
		"tofolder":    atomicfile.ErrNotRegular,
		"missing/new": fs.ErrNotExist,
		"file/new":    nil, // an error without a common name
		"loop":        nil,
	} {
		err := atomicfile.Write(filepath.Join(root, name), []byte("sesame"), 0o600)
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: the contents are in the error: %v", name, err)
		}
	}
	only(t, root, before...)
	only(t, folder)
}

func TestReadersSeeOneVersionOrTheOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	versions := []string{strings.Repeat("a", 70_000), strings.Repeat("b", 10)}
	put(t, path, versions[0], 0o600)
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; i < 60 && err == nil; i++ {
			err = atomicfile.Write(path, []byte(versions[i%2]), 0o600)
		}
		done <- err
	}()
	for {
		got, err := os.ReadFile(path)
		if err != nil && runtime.GOOS != "windows" {
			t.Fatal(err)
		}
		if s := string(got); err == nil && s != versions[0] && s != versions[1] {
			t.Fatalf("read %d bytes of neither version", len(s))
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
