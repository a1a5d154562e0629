package delivery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/datahub-pat/pat/internal/atomicfile"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// Leftover is what an interrupted delivery may have left in a place.
type Leftover struct {
	Place        string // as [Destination] spells it, files with their absolute path
	Draft        string // of a file: where its contents were prepared; empty if unknown
	ID           string // the token's
	SecretSHA256 string // hex, of the secret that was to be delivered
}

// Drafted is a destination that prepares what it delivers in a file of its own.
type Drafted interface {
	// Draft is that file, while there is a reservation.
	Draft() string
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
	path, ok := strings.CutPrefix(l.Place, kindFile+":")
	if !ok {
		return false, nil
	}
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
	path, ok := strings.CutPrefix(l.Place, kindFile+":")
	if !ok {
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
