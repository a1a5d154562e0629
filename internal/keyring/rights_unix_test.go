//go:build unix

package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// The index says which token a name means: nobody else may write it.
func TestIndexThatOthersCanWrite(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pat")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	ring := keyring.New(keyring.Options{StateDir: folder})
	if _, err := ring.Stored(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := ring.Stored()
	if !errors.Is(err, keyring.ErrIndex) || !strings.Contains(err.Error(), "others can write to "+folder) || !strings.Contains(failure.Of(err).Hint, "chmod go-w") {
		t.Errorf("%v", err)
	}
}
