package keyring_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// withIndex is a keyring whose index file holds text.
func withIndex(t *testing.T, text string) (k *keyring.Keyring, path string) {
	t.Helper()
	k, folder := on(t, newBox())
	must(t, "mkdir", os.MkdirAll(folder, 0o700))
	path = filepath.Join(folder, "keyring.json")
	must(t, "write", os.WriteFile(path, []byte(text), 0o600))
	return k, path
}

func TestMissingIndexIsEmpty(t *testing.T) {
	k, folder := on(t, newBox())
	if got := ids(t, k); len(got) != 0 {
		t.Errorf("stored: %q", got)
	}
	if _, found, err := k.RecordOf("sesame"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
}

func TestIndexIsForItsOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	k, folder := on(t, newBox())
	must(t, "put", k.Put(t.Context(), entry("one")))
	for name, want := range map[string]os.FileMode{".": 0o700, "keyring.json": 0o600, "keyring.json.lock": 0o600} {
		info, err := os.Stat(filepath.Join(folder, name))
		must(t, "stat", err)
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %04o, want %04o", name, info.Mode().Perm(), want)
		}
	}
}

// A damaged index is named, never replaced, and noticed before anything is
// stored.
func TestDamagedIndexIsLeftAlone(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"cut":           `{"version":1,"tokens":[{"id":"o`,
		"text":          "hello",
		"null":          "null",
		"array":         "[]",
		"no version":    `{"tokens":[]}`,
		"no tokens":     `{"version":1}`,
		"newer":         `{"version":2,"tokens":[]}`,
		"odd row":       `{"version":1,"tokens":["one"]}`,
		"odd time":      `{"version":1,"tokens":[{"id":"one","storedAt":"yesterday"}]}`,
		"two documents": `{"version":1,"tokens":[]}{}`,
	} {
		t.Run(name, func(t *testing.T) {
			k, path := withIndex(t, text)
			_, storedErr := k.Stored()
			_, _, foundErr := k.RecordOf("sesame")
			for what, err := range map[string]error{
				"stored": storedErr, "recognise": foundErr, "probe": k.Probe(t.Context()),
				"put": k.Put(t.Context(), entry("one")), "delete": k.Delete(t.Context(), "one"),
			} {
				fails(t, err, failure.Undelivered, keyring.ErrIndex)
				if !strings.Contains(failure.Of(err).Message, path) {
					t.Errorf("%s: the file is not named: %v", what, err)
				}
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != text {
				t.Errorf("the file is now %q, %v", got, err)
			}
		})
	}
}

func TestWhatANewerPatAddedStays(t *testing.T) {
	k, path := withIndex(t, `{"version":1,"hue":"blue","tokens":[
		{"id":"one","server":"https://a.test","name":"a","actor":"","owner":"","secretSha256":"x","storedAt":"2026-01-01T00:00:00Z",
		 "expiresAt":"2026-02-01T00:00:00Z","colour":{"r":1}},
		{"id":"two","server":"https://b.test","name":"b","actor":"","owner":"","secretSha256":"y","storedAt":"2026-01-01T00:00:00Z","shape":"round"}]}`)
	forever := entry("one")
	forever.ExpiresAt = time.Time{}
	must(t, "put", k.Put(t.Context(), forever))
	must(t, "put", k.Put(t.Context(), entry("three")))
	must(t, "delete", k.Delete(t.Context(), "three"))
	text, err := os.ReadFile(path)
	must(t, "read", err)
	var got struct {
		Hue    string
		Tokens []map[string]any
	}
	must(t, "parse", json.Unmarshal(text, &got))
	if got.Hue != "blue" || len(got.Tokens) != 2 {
		t.Fatalf("the index is %s", text)
	}
	two, one := got.Tokens[0], got.Tokens[1]
	if two["shape"] != "round" || two["server"] != "https://b.test" || one["id"] != "one" {
		t.Errorf("the index is %s", text)
	}
	if diff := cmp.Diff(map[string]any{"r": 1.0}, one["colour"]); diff != "" {
		t.Error(diff)
	}
	if _, has := one["expiresAt"]; has || one["server"] != "https://datahub.test" {
		t.Errorf("the row was not renewed: %v", one)
	}
}

func TestEntriesOfOtherServersStay(t *testing.T) {
	k, _ := on(t, newBox())
	elsewhere := entry("two")
	elsewhere.Server = "https://elsewhere.test"
	must(t, "put", k.Put(t.Context(), entry("one")))
	must(t, "put", k.Put(t.Context(), elsewhere))
	must(t, "delete", k.Delete(t.Context(), "one"))
	rows, err := k.Stored()
	if err != nil || len(rows) != 1 || rows[0].Server != "https://elsewhere.test" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestRecordsAreInUTC(t *testing.T) {
	k, _ := on(t, newBox())
	before := time.Now()
	must(t, "put", k.Put(t.Context(), entry("one")))
	rows, err := k.Stored()
	must(t, "stored", err)
	r := rows[0]
	for name, at := range map[string]time.Time{"created": r.CreatedAt, "ends": r.ExpiresAt, "stored": r.StoredAt} {
		if at.Location() != time.UTC {
			t.Errorf("%s is in %s", name, at.Location())
		}
	}
	if r.StoredAt.Before(before.Add(-time.Second)) || r.StoredAt.After(time.Now()) {
		t.Errorf("stored at %s", r.StoredAt)
	}
}

// Writers that share the index, each with its own Keyring, lose nothing.
func TestManyWritersShareAnIndex(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "deep", "state")
	done := make(chan error)
	var want []string
	for _, id := range strings.Fields("a b c d e f g h i j k l") {
		want = append(want, id)
		go func() {
			k := keyring.NewWith(keyring.Options{StateDir: folder, Limit: time.Minute}, newBox())
			k.LockLimit(time.Minute)
			err := errors.Join(k.Put(context.Background(), entry(id)), k.Put(context.Background(), entry(id+id)), k.Delete(context.Background(), id+id))
			done <- err
		}()
	}
	for range want {
		must(t, "write", <-done)
	}
	got := ids(t, keyring.NewWith(keyring.Options{StateDir: folder}, newBox()))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the index has %q", got)
	}
}

func TestIndexThatSomebodyElseHolds(t *testing.T) {
	b := newBox()
	folder := t.TempDir()
	k := keyring.NewWith(keyring.Options{StateDir: folder}, b)
	k.LockLimit(20 * time.Millisecond)
	lock := flock.New(filepath.Join(folder, "keyring.json.lock"))
	must(t, "lock", lock.Lock())
	err := k.Probe(t.Context())
	fails(t, err, failure.Undelivered, keyring.ErrIndex)
	if !strings.Contains(failure.Of(err).Message, "another process holds") {
		t.Errorf("%v", err)
	}
	must(t, "unlock", lock.Unlock())
	k.LockLimit(time.Minute)
	must(t, "probe", k.Probe(t.Context()))
}

func TestInterruptedWhileAnotherHoldsTheIndex(t *testing.T) {
	folder := t.TempDir()
	b := newBox()
	k := keyring.NewWith(keyring.Options{StateDir: folder, Limit: time.Minute}, b)
	k.LockLimit(time.Minute)
	lock := flock.New(filepath.Join(folder, "keyring.json.lock"))
	ctx, cancel := context.WithCancel(t.Context())
	b.keep = func(v string) string { // after the checks, before the row
		b.keep = nil
		_ = lock.Lock()
		time.AfterFunc(50*time.Millisecond, cancel)
		return v
	}
	fails(t, k.Put(ctx, entry("one")), failure.Interrupted, context.Canceled)
	must(t, "unlock", lock.Unlock())
	if got := b.accounts(); len(got) != 0 || len(ids(t, k)) != 0 {
		t.Errorf("left: %q, and in the index %q", got, ids(t, k))
	}
}

func TestIndexBehindALinkStaysALink(t *testing.T) {
	b := newBox()
	folder, real := t.TempDir(), filepath.Join(t.TempDir(), "real.json")
	if err := os.Symlink(real, filepath.Join(folder, "keyring.json")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	k := keyring.NewWith(keyring.Options{StateDir: folder}, b)
	must(t, "put", k.Put(t.Context(), entry("one")))
	if _, err := os.Stat(real); err != nil {
		t.Errorf("the link was replaced: %v", err)
	}
}

// Whatever the index file holds, it is either refused and left alone, or read
// and written again without losing a row.
func FuzzIndex(f *testing.F) {
	for _, seed := range []string{
		`{"version":1,"tokens":[]}`, `{"version":1,"tokens":[{"id":"a"},{"id":"a","x":1}],"y":[]}`,
		`{"version":2}`, `{`, ``, `{"version":1,"tokens":null}`, `{"version":1,"tokens":[null]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, path := withIndex(t, text)
		before, err := k.Stored()
		putErr := k.Put(t.Context(), entry("new"))
		if (err == nil) != (putErr == nil) {
			t.Fatalf("read %v, written %v", err, putErr)
		}
		if err != nil {
			if now, _ := os.ReadFile(path); string(now) != text {
				t.Fatalf("a refused index became %q", now)
			}
			return
		}
		after, err := k.Stored()
		must(t, "read again", err)
		before = slices.DeleteFunc(before, func(r keyring.Record) bool { return r.ID == "new" })
		if len(after) != len(before)+1 || after[len(before)].ID != "new" {
			t.Fatalf("%d rows became %d", len(before), len(after))
		}
		for i := range before {
			if before[i].ID != after[i].ID || before[i].SecretSHA256 != after[i].SecretSHA256 {
				t.Fatalf("row %d became %+v", i, after[i])
			}
		}
	})
}
