package keyring_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// box is a keyring in memory that can be made to misbehave.
type box struct {
	mu      sync.Mutex
	values  map[string]string
	openErr error
	setErr  error
	getErr  error
	keep    func(value string) string // what a write really stores; nil: the value
	stuck   bool                      // Remove says yes and does nothing
	hang    chan struct{}             // calls of Set wait until it is closed; nil: they do not
	began   chan struct{}             // closed when Set is first called; may be nil
	once    sync.Once
	opens   int // calls of Open
	calls   int // all calls
}

func newBox() *box { return &box{values: map[string]string{}} }

func (b *box) Open(context.Context, string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	b.opens++
	return b.openErr
}

func (b *box) Get(account string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.getErr != nil {
		return "", b.getErr
	}
	v, there := b.values[account]
	if !there {
		return "", keyring.ErrAbsent
	}
	return v, nil
}

func (b *box) Set(account, value string) error {
	if b.began != nil {
		b.once.Do(func() { close(b.began) })
	}
	if b.hang != nil {
		<-b.hang
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.setErr != nil {
		return b.setErr
	}
	if b.keep != nil {
		value = b.keep(value)
	}
	b.values[account] = value
	return nil
}

func (b *box) Remove(account string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if _, there := b.values[account]; !there {
		return keyring.ErrAbsent
	}
	if !b.stuck {
		delete(b.values, account)
	}
	return nil
}

func (b *box) accounts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.values))
}

// on is a keyring on b with an index of its own.
func on(t *testing.T, b *box) (*keyring.Keyring, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "state")
	return keyring.NewWith(keyring.Options{StateDir: folder, Limit: time.Minute}, b), folder
}

func entry(id string) keyring.Entry {
	return keyring.Entry{
		Server: "https://datahub.test", ID: id, Name: "ci " + id,
		Actor: "urn:li:corpuser:jdoe", Owner: "urn:li:corpuser:admin",
		CreatedAt: time.Date(2026, 5, 1, 12, 0, 0, 0, time.FixedZone("", 3600)),
		ExpiresAt: time.Date(2026, 6, 1, 12, 0, 0, 5e6, time.UTC),
		Secret:    "sesame-" + id,
	}
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// fails checks an error's kind and reason, and that it tells no secret.
func fails(t *testing.T, err error, kind failure.Kind, reason error) {
	t.Helper()
	if got := failure.KindOf(err); got != kind {
		t.Errorf("kind %q, want %q: %v", got, kind, err)
	}
	if !errors.Is(err, reason) {
		t.Errorf("the reason is not %q: %v", reason, err)
	}
	if err != nil && strings.Contains(err.Error(), "sesame") {
		t.Errorf("the secret is in the error: %v", err)
	}
}

func TestWhatIsPutCanBeHad(t *testing.T) {
	b := newBox()
	k, folder := on(t, b)
	for _, id := range []string{"one", "two", "three"} {
		must(t, "put", k.Put(t.Context(), entry(id)))
	}
	got, err := k.Get(t.Context(), "two")
	must(t, "get", err)
	if diff := cmp.Diff(entry("two"), got, cmpopts.EquateApproxTime(0)); diff != "" {
		t.Error(diff)
	}
	rows, err := k.Stored()
	must(t, "stored", err)
	if len(rows) != 3 || rows[0].ID != "one" || rows[2].ID != "three" {
		t.Errorf("stored: %+v", rows)
	}
	row, found, err := k.RecordOf("sesame-three")
	must(t, "recognise", err)
	if !found || row.ID != "three" || !row.ExpiresAt.Equal(entry("").ExpiresAt) || row.StoredAt.IsZero() {
		t.Errorf("recognised %v as %+v", found, row)
	}
	if _, found, err = k.RecordOf("sesame"); found || err != nil {
		t.Errorf("recognised what is not stored: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "keyring.json"))
	must(t, "read", err)
	if strings.Contains(string(text), "sesame") {
		t.Errorf("a secret is in the index:\n%s", text)
	}
}
