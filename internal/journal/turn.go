package journal

import (
	"context"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// turnPoll is how often a turn that somebody else has is tried for.
const turnPoll = 20 * time.Millisecond

// Turn waits until no other process on this machine has the turn of that name,
// and takes it: for what looks first and acts on it later. end gives it back, as
// the end of the process does.
func (j *Journal) Turn(ctx context.Context, name string) (end func(), err error) {
	if err := j.prepare(); err != nil {
		return nil, err
	}
	// The file stays: who waits for one that is removed would wait beside those
	// who come later.
	guard := flock.New(filepath.Join(j.folder, name+".turn"), flock.SetPermissions(0o600))
	if _, err := guard.TryLockContext(ctx, turnPoll); err != nil {
		return nil, j.unusable(err)
	}
	return func() { _ = guard.Close() }, nil
}
