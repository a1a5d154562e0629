package keyring_test

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// TestSystemKeyring uses the keyring of whoever runs the tests, where they allow
// it: that of a machine of its own, in CI. What it leaves there is nothing.
func TestSystemKeyring(t *testing.T) {
	if os.Getenv("PAT_TEST_SYSTEM_KEYRING") == "" {
		t.Skip("PAT_TEST_SYSTEM_KEYRING is not set")
	}
	k := keyring.New(keyring.Options{StateDir: t.TempDir(), Limit: 30 * time.Second, Env: os.LookupEnv})
	if err := k.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	entry := keyring.Entry{
		Server: "https://datahub.test/api/gms", ID: "pat-test-" + strings.Repeat("x", 30) + "=", Name: "a 'quoted' \"name\" of ünïcode",
		Actor: "urn:li:corpuser:jdoe", Owner: "urn:li:corpuser:datahub", Secret: strings.Repeat("s", 300),
		CreatedAt: time.Unix(1, 0).UTC(), ExpiresAt: time.Unix(2, 0).UTC(),
	}
	t.Cleanup(func() { _ = k.Delete(t.Context(), entry.ID) })
	for _, secret := range []string{entry.Secret, "another"} {
		entry.Secret = secret
		if err := k.Put(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
		if got, err := k.Get(t.Context(), entry.ID); err != nil || got != entry {
			t.Errorf("%+v, %v", got, err)
		}
	}
	tryTooBig(t, k, entry)
	for range 2 { // what is gone is fine
		if err := k.Delete(t.Context(), entry.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := k.Get(t.Context(), entry.ID); failure.KindOf(err) != failure.NotFound {
		t.Errorf("after its end: %v", err)
	}
}

// tryTooBig stores what the systems do not take: it is refused, and what was there
// stays.
func tryTooBig(t *testing.T, k *keyring.Keyring, entry keyring.Entry) {
	t.Helper()
	big := entry
	big.Secret = strings.Repeat("s", 8<<10)
	err := k.Put(t.Context(), big)
	if limited := runtime.GOOS == "windows" || runtime.GOOS == "darwin"; limited != errors.Is(err, keyring.ErrTooBig) {
		t.Errorf("8 KiB: %v", err)
	}
	if err := k.Put(t.Context(), entry); err != nil {
		t.Error(err)
	}
}
