package delivery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// Leftover is what an interrupted delivery may have left in a place.
type Leftover struct {
	Place        string // as [Destination] spells it; with the absolute path where it is a file: [Drafted.Place]
	Draft        string // of a file: where its contents were prepared; empty if unknown
	ID           string // the token's
	SecretSHA256 string // hex, of the secret that was to be delivered
}

// Drafted is a destination that is a file, and prepares what it delivers in
// another beside it.
type Drafted interface {
	// Place is the destination as it is found again from another folder.
	Place() string
	// Draft is the file in which its contents are prepared, while there is a
	// reservation.
	Draft() string
}

// Place is the file with its absolute path.
func (d *inFile) Place() string { return kindFile + ":" + absolute(d.path) }

// Place is the file with its absolute path.
func (d *inDatahubenv) Place() string { return kindDatahubenv + ":" + absolute(d.path) }

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// Draft is where the file is prepared.
func (d *inDatahubenv) Draft() string {
	if d.place == nil {
		return ""
	}
	return d.place.Draft()
}

// Draft is where the file is prepared.
func (d *inFile) Draft() string {
	if d.place == nil {
		return ""
	}
	return d.place.Draft()
}

// Holds reports whether the place has the secret. What was printed cannot be
// looked up again and counts as not held.
func (l Leftover) Holds(ctx context.Context, ring *keyring.Keyring) (bool, error) {
	if l.Place == kindKeyring {
		entry, err := ring.Get(ctx, l.ID)
		if failure.KindOf(err) == failure.NotFound {
			return false, nil
		}
		return err == nil && l.isSecret([]byte(entry.Secret)), err
	}
	kind, path, _ := strings.Cut(l.Place, ":")
	switch kind {
	case kindDatahubenv:
		file, _, err := datahubenv.Read(path)
		return err == nil && l.isSecret([]byte(file.Token)), err
	case kindFile:
		return l.isIn(path)
	}
	return false, nil
}

func (l Leftover) isIn(path string) (bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && l.isSecret(data), err
}

func (l Leftover) isSecret(data []byte) bool {
	sum := sha256.Sum256(bytes.TrimSuffix(data, []byte("\n")))
	return l.SecretSHA256 != "" && hex.EncodeToString(sum[:]) == l.SecretSHA256
}

// Withdraw takes the secret out of the place, and puts back what was there.
func (l Leftover) Withdraw(ctx context.Context, ring *keyring.Keyring) error {
	if l.Place == kindKeyring && l.ID != "" {
		return ring.Delete(ctx, l.ID)
	}
	kind, path, _ := strings.Cut(l.Place, ":")
	if kind != kindFile && kind != kindDatahubenv {
		return nil
	}
	held, err := l.Holds(ctx, ring)
	if err != nil {
		return err
	}
	return atomicfile.Abandon(l.Draft, path, held)
}

// Keep leaves the secret in the place and removes what was only needed to put
// it there.
func (l Leftover) Keep() error {
	if l.Draft == "" {
		return nil
	}
	return atomicfile.Clear(l.Draft)
}
