package delivery_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
)

const secret = "sesame.sesame.sesame"

var token = delivery.Token{Server: "https://datahub.test", ID: "id1", Name: "ci", Actor: "urn:li:corpuser:jdoe", Secret: secret}

// one parses a single destination.
func one(t *testing.T, spec string, o delivery.Options) delivery.Destination {
	t.Helper()
	all, err := delivery.Parse([]string{spec}, o)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// refused checks that err is an undelivered secret, that it and its hint say
// so, and that the secret is not in it.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if failure.KindOf(err) != failure.Undelivered {
		t.Fatalf("kind %q: %v", failure.KindOf(err), err)
	}
	text := err.Error() + "\n" + failure.Of(err).Hint
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in %q", word, text)
		}
	}
	if strings.Contains(text, "sesame") {
		t.Errorf("the secret is in %q", text)
	}
}

// holds checks that a folder has these files, alternating names and contents,
// and nothing else.
func holds(t *testing.T, folder string, files ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	ok(t, "read folder", err)
	if len(entries) != len(files)/2 {
		t.Errorf("the folder holds %v", entries)
	}
	for i := 0; i < len(files); i += 2 {
		got, err := os.ReadFile(filepath.Join(folder, files[i]))
		ok(t, "read", err)
		if string(got) != files[i+1] {
			t.Errorf("%s holds %q, want %q", files[i], got, files[i+1])
		}
	}
}

func TestFileIsDelivered(t *testing.T) {
	for option, mode := range map[string]os.FileMode{"": 0o600, ",mode=0640": 0o640, ",mode=400": 0o400} {
		folder := t.TempDir()
		d := one(t, "file:"+filepath.Join(folder, "a")+option, delivery.Options{})
		ok(t, "reserve", d.Reserve(t.Context()))
		ok(t, "deliver", d.Deliver(t.Context(), token))
		ok(t, "settle", d.Settle(t.Context()))
		ok(t, "undo after settle", d.Undo(t.Context()))
		holds(t, folder, "a", secret+"\n")
		info, err := os.Stat(filepath.Join(folder, "a"))
		ok(t, "stat", err)
		if runtime.GOOS != "windows" && info.Mode() != mode {
			t.Errorf("%s: mode %04o", option, info.Mode())
		}
	}
}

func TestFileIsOverwrittenAndRestored(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	ok(t, "write", os.WriteFile(path, []byte("old"), 0o600))
	d := one(t, "file:"+path, delivery.Options{Overwrite: true})
	ok(t, "reserve", d.Reserve(t.Context()))
	if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
		t.Errorf("reserving changed the file: %q, %v", got, err)
	}
	ok(t, "deliver", d.Deliver(t.Context(), token))
	ok(t, "undo", d.Undo(t.Context()))
	ok(t, "undo again", d.Undo(t.Context()))
	holds(t, folder, "a", "old")
}

func TestFileUndoneAtEveryStep(t *testing.T) {
	for steps := range 3 {
		folder := t.TempDir()
		d := one(t, "file:"+filepath.Join(folder, "a"), delivery.Options{})
		if steps > 0 {
			ok(t, "reserve", d.Reserve(t.Context()))
		}
		if steps > 1 {
			ok(t, "deliver", d.Deliver(t.Context(), token))
		}
		ok(t, "undo", d.Undo(t.Context()))
		ok(t, "undo again", d.Undo(t.Context()))
		ok(t, "settle", d.Settle(t.Context()))
		holds(t, folder)
	}
}

func TestFileRefusesBeforeATokenExists(t *testing.T) {
	root := t.TempDir()
	ok(t, "mkdir", os.Mkdir(filepath.Join(root, "folder"), 0o700))
	ok(t, "write", os.WriteFile(filepath.Join(root, "old"), []byte("old"), 0o600))
	ok(t, "link", os.Symlink("nowhere", filepath.Join(root, "link")))
	for _, c := range []struct {
		path      string
		overwrite bool
		words     []string
	}{
		{"old", false, []string{"exists already", "--overwrite"}},
		{"link", false, []string{"exists already", "--overwrite"}},
		{"folder", false, []string{"not a regular file", "it is a folder"}},
		{"folder", true, []string{"not a regular file", "it is a folder"}},
		{"missing/a", false, []string{"missing does not exist", "make it"}},
		{"old/a", false, []string{"cannot write"}},
		{strings.Repeat("n", 300), false, []string{"cannot write"}},
	} {
		d := one(t, "file:"+filepath.Join(root, c.path), delivery.Options{Overwrite: c.overwrite})
		refused(t, d.Reserve(t.Context()), c.words...)
		refused(t, d.Deliver(t.Context(), token), "not reserved")
		ok(t, "undo", d.Undo(t.Context()))
		ok(t, "settle", d.Settle(t.Context()))
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 3 {
		t.Errorf("something was left behind: %v, %v", entries, err)
	}
}

func TestFileThatAppearedIsKept(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	d := one(t, "file:"+path, delivery.Options{})
	ok(t, "reserve", d.Reserve(t.Context()))
	ok(t, "write", os.WriteFile(path, []byte("theirs"), 0o600))
	refused(t, d.Deliver(t.Context(), token), "exists already")
	ok(t, "undo", d.Undo(t.Context()))
	holds(t, folder, "a", "theirs")
}

func TestInterruptedFileIsNotWritten(t *testing.T) {
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	d := one(t, "file:"+filepath.Join(folder, "a"), delivery.Options{})
	ok(t, "reserve", d.Reserve(ctx))
	cancel()
	err := d.Deliver(ctx, token)
	if failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("deliver: %v", err)
	}
	ok(t, "undo", d.Undo(t.Context()))
	holds(t, folder)
	if err := d.Reserve(ctx); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("reserve: %v", err)
	}
	holds(t, folder)
}

// Who gives it too little time has not interrupted it.
func TestOutOfTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	folder := t.TempDir()
	options := delivery.Options{DatahubEnv: filepath.Join(folder, "b"), Print: func(delivery.Token) error { return nil }}
	for _, spec := range []string{"file:" + filepath.Join(folder, "a"), "datahubenv", "exec:true", "stdout"} {
		d := one(t, spec, options)
		err := d.Reserve(ctx)
		if err == nil { // it has nothing to wait for
			err = d.Deliver(ctx, token)
		}
		if failure.KindOf(err) != failure.Unavailable {
			t.Errorf("%s: %v", spec, err)
		}
	}
	holds(t, folder)
}
