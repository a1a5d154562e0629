package keyring_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// ids are those of the index.
func ids(t *testing.T, k *keyring.Keyring) []string {
	t.Helper()
	rows, err := k.Stored()
	must(t, "stored", err)
	ids := []string{}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestProbeWritesReadsAndRemoves(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	must(t, "put", k.Put(t.Context(), entry("one")))
	must(t, "probe", k.Probe(t.Context()))
	if got := b.accounts(); !slices.Equal(got, []string{"one"}) {
		t.Errorf("the keyring has %q", got)
	}
	b.setErr = errors.New("read-only")
	fails(t, k.Probe(t.Context()), failure.Undelivered, keyring.ErrRefused)
}

func TestTestLeavesNothing(t *testing.T) {
	b := newBox()
	folder := filepath.Join(t.TempDir(), "state")
	k := keyring.NewWith(keyring.Options{StateDir: folder}, b)
	must(t, "test", k.Test(t.Context()))
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) || len(b.accounts()) > 0 {
		t.Errorf("%v, and the keyring has %q", err, b.accounts())
	}
	must(t, "make a folder", os.Mkdir(folder, 0o700))
	must(t, "damage the index", os.WriteFile(filepath.Join(folder, "keyring.json"), []byte("{"), 0o600))
	fails(t, k.Test(t.Context()), failure.Undelivered, keyring.ErrIndex)
	b.setErr = errors.New("read-only")
	must(t, "remove the index", os.Remove(filepath.Join(folder, "keyring.json")))
	fails(t, k.Test(t.Context()), failure.Undelivered, keyring.ErrRefused)
}

func TestProbeNoticesAnUnusableIndex(t *testing.T) {
	b := newBox()
	folder := filepath.Join(t.TempDir(), "file")
	must(t, "write", os.WriteFile(folder, nil, 0o600))
	for name, at := range map[string]string{"a file": folder, "below a file": filepath.Join(folder, "x"), "nowhere": ""} {
		k := keyring.NewWith(keyring.Options{StateDir: at}, b)
		err := k.Probe(t.Context())
		fails(t, err, failure.Undelivered, keyring.ErrIndex)
		if b.calls != 0 {
			t.Errorf("%s: the keyring was asked all the same", name)
		}
	}
}

func TestPutReplaces(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	must(t, "put", k.Put(t.Context(), entry("one")))
	must(t, "put", k.Put(t.Context(), entry("two")))
	again := entry("one")
	again.Name, again.ExpiresAt, again.Secret = "renamed", time.Time{}, "sesame-again"
	must(t, "put again", k.Put(t.Context(), again))
	got, err := k.Get(t.Context(), "one")
	must(t, "get", err)
	if diff := cmp.Diff(again, got); diff != "" {
		t.Error(diff)
	}
	if got := ids(t, k); !slices.Equal(got, []string{"two", "one"}) {
		t.Errorf("the index has %q", got)
	}
	row, found, err := k.RecordOf("sesame-again")
	if err != nil || !found || !row.ExpiresAt.IsZero() || row.Name != "renamed" {
		t.Errorf("%+v, %v, %v", row, found, err)
	}
}

// A write that is refused, or not kept, leaves neither an entry nor a row, and
// an entry that was there before is there again.
func TestFailedPutLeavesWhatWasThere(t *testing.T) {
	type mishap struct {
		cause  func(b *box, folder string)
		reason error
	}
	for name, c := range map[string]mishap{
		"refused": {func(b *box, _ string) { b.setErr = errors.New("no") }, keyring.ErrRefused},
		"changed once": {func(b *box, _ string) {
			b.keep = func(v string) string {
				b.keep = nil
				return v[1:]
			}
		}, keyring.ErrNotKept},
		"index lost": {func(b *box, folder string) {
			b.keep = func(v string) string {
				b.keep = nil
				_ = os.Rename(folder, folder+".away")
				_ = os.WriteFile(folder, nil, 0o600)
				return v
			}
		}, keyring.ErrIndex},
	} {
		for _, before := range []bool{false, true} {
			b := newBox()
			k, folder := on(t, b)
			must(t, "put another", k.Put(t.Context(), entry("other")))
			if before {
				must(t, "put", k.Put(t.Context(), entry("one")))
			}
			had, rows := b.accounts(), ids(t, k)
			c.cause(b, folder)
			changed := entry("one")
			changed.Secret = "sesame-changed"
			fails(t, k.Put(t.Context(), changed), failure.Undelivered, c.reason)
			if errors.Is(c.reason, keyring.ErrIndex) {
				must(t, "remove", os.Remove(folder))
				must(t, "rename", os.Rename(folder+".away", folder))
			}
			if got := b.accounts(); !slices.Equal(got, had) || strings.Contains(b.values["one"], "changed") {
				t.Errorf("%s: the keyring has %q, had %q", name, got, had)
			}
			if got := ids(t, k); !slices.Equal(got, rows) {
				t.Errorf("%s: the index has %q, had %q", name, got, rows)
			}
		}
	}
}

func TestUndoneWriteThatCannotBeUndoneIsSaid(t *testing.T) {
	b := newBox()
	k, folder := on(t, b)
	b.stuck = true
	b.keep = func(v string) string {
		_ = os.WriteFile(folder, nil, 0o600)
		return v
	}
	err := k.Put(t.Context(), entry("one"))
	fails(t, err, failure.Undelivered, keyring.ErrIndex)
	if !strings.Contains(failure.Of(err).Message, "could not be removed") {
		t.Errorf("it is not said that the secret is still there: %v", err)
	}
}

func TestGetTellsAbsentFromUnusable(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	must(t, "put", k.Put(t.Context(), entry("one")))
	delete(b.values, "one")
	_, err := k.Get(t.Context(), "one")
	fails(t, err, failure.NotFound, keyring.ErrAbsent)
	if !strings.Contains(err.Error(), "any more") {
		t.Errorf("it is not said that it was there: %v", err)
	}
	_, err = k.Get(t.Context(), "two")
	fails(t, err, failure.NotFound, keyring.ErrAbsent)
	if strings.Contains(err.Error(), "any more") {
		t.Errorf("it is said that it was there: %v", err)
	}
	b.getErr = errors.New("exit status 36")
	_, err = k.Get(t.Context(), "one")
	fails(t, err, failure.Undelivered, keyring.ErrRefused)
	if failure.Of(err).Server != "exit status 36" {
		t.Errorf("the keyring's own words are lost: %v", err)
	}
}

func TestDeleteRemovesEntryAndRow(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	for _, id := range []string{"one", "two"} {
		must(t, "put", k.Put(t.Context(), entry(id)))
	}
	must(t, "delete", k.Delete(t.Context(), "one"))
	must(t, "delete again", k.Delete(t.Context(), "one"))
	if got := b.accounts(); !slices.Equal(got, []string{"two"}) || !slices.Equal(ids(t, k), got) {
		t.Errorf("left: %q, and in the index %q", got, ids(t, k))
	}
	b.stuck = true
	fails(t, k.Delete(t.Context(), "two"), failure.Undelivered, keyring.ErrNotKept)
	if got := ids(t, k); !slices.Equal(got, []string{"two"}) {
		t.Errorf("the row of an entry that is still there is gone: %q", got)
	}
}

func TestDeleteOfWhatIsNotThereWritesNothing(t *testing.T) {
	k, folder := on(t, newBox())
	must(t, "delete", k.Delete(t.Context(), "one"))
	if _, err := os.Stat(filepath.Join(folder, "keyring.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an index was made: %v", err)
	}
}

func TestUnusableKeyringIsNotWrittenTo(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	b.openErr = failure.New(failure.Undelivered, "%w", keyring.ErrLocked)
	fails(t, k.Probe(t.Context()), failure.Undelivered, keyring.ErrLocked)
	fails(t, k.Put(t.Context(), entry("one")), failure.Undelivered, keyring.ErrLocked)
	fails(t, k.Delete(t.Context(), "one"), failure.Undelivered, keyring.ErrLocked)
	_, err := k.Get(t.Context(), "one")
	fails(t, err, failure.Undelivered, keyring.ErrLocked)
	if b.calls != 4 || len(ids(t, k)) != 0 {
		t.Errorf("%d calls, index %q", b.calls, ids(t, k))
	}
}

func TestOddIDsReachNoKeyring(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	for _, id := range []string{"", "a b", "a\nadd-generic-password", "a\x00", "é", strings.Repeat("x", 257)} {
		e := entry(id)
		fails(t, k.Put(t.Context(), e), failure.Undelivered, keyring.ErrRefused)
		fails(t, k.Delete(t.Context(), id), failure.Undelivered, keyring.ErrRefused)
		_, err := k.Get(t.Context(), id)
		fails(t, err, failure.Undelivered, keyring.ErrRefused)
	}
	if b.calls != 0 {
		t.Errorf("%d calls", b.calls)
	}
	must(t, "an id of DataHub's", k.Put(t.Context(), entry("x8MfQ2+/aZ0_-Yd5pFt3mVw9hBqE7rKcLsNuJgTiOb8=")))
}

func TestEntriesOfOthersAreNotTaken(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	for name, text := range map[string]string{
		"text":          "sesame",
		"empty":         "",
		"other json":    `{"token":"sesame"}`,
		"no version":    `{"id":"one","secret":"sesame"}`,
		"no secret":     `{"v":1,"id":"one"}`,
		"another id":    `{"v":1,"id":"two","secret":"sesame"}`,
		"newer version": `{"v":2,"id":"one","secret":"sesame"}`,
		"wrong type":    `{"v":1,"id":"one","secret":["sesame"]}`,
		"wrong time":    `{"v":1,"id":"one","secret":"sesame","end":"sesame"}`,
	} {
		b.values["one"] = text
		got, err := k.Get(t.Context(), "one")
		fails(t, err, failure.Undelivered, keyring.ErrForeign)
		if got != (keyring.Entry{}) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	b.values["one"] = `{"v":1,"id":"one","secret":"sesame","later":true}`
	if got, err := k.Get(t.Context(), "one"); err != nil || got.Secret != "sesame" {
		t.Errorf("a field that is not known: %+v, %v", got, err)
	}
}

func TestInterruptedBeforeItBegins(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	fails(t, k.Put(ctx, entry("one")), failure.Interrupted, context.Canceled)
	fails(t, k.Probe(ctx), failure.Interrupted, context.Canceled)
	fails(t, k.Delete(ctx, "one"), failure.Interrupted, context.Canceled)
	_, err := k.Get(ctx, "one")
	fails(t, err, failure.Interrupted, context.Canceled)
	if b.calls != 0 {
		t.Errorf("%d calls", b.calls)
	}
}
