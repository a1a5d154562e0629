package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// Operation is one entry of the journal, held by this process.
type Operation struct {
	name   string
	file   *os.File
	guard  *flock.Flock
	record Record
}

// Record is what is known of the operation.
func (o *Operation) Record() Record { return o.record }

// begin takes the lock before there is a file: whoever sees the file and finds
// it unlocked may take it for left behind.
func (o *Operation) begin() error {
	free, err := o.lock(0)
	if err == nil && !free {
		err = errors.New("another process has the same mark")
	}
	if err != nil {
		return err
	}
	if o.file, err = os.OpenFile(o.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return errors.Join(err, o.unlock())
	}
	if err := o.write(); err != nil {
		return errors.Join(err, o.Forget())
	}
	return nil
}

// lock holds the operation for as long as the process lives. The lock is a file
// beside it: some systems let nobody write what is locked.
func (o *Operation) lock(wait time.Duration) (free bool, err error) {
	o.guard = flock.New(o.name+lockSuffix, flock.SetPermissions(0o600))
	if wait == 0 {
		return o.guard.TryLock()
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	free, err = o.guard.TryLockContext(ctx, turnPoll)
	if errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return free, err
}

// load opens the file, which only who has the lock does: Windows removes none that
// somebody has open.
func (o *Operation) load() (err error) {
	if o.file, err = os.OpenFile(o.name, os.O_RDWR, 0); err != nil {
		return err
	}
	if o.record, err = o.read(); err != nil {
		err = errors.Join(err, o.file.Close())
	}
	return err
}

// read is what the last whole line says. A kill may have cut off one that was
// being written: that goes, or the next line would be spoiled.
func (o *Operation) read() (Record, error) {
	var r Record
	data, err := os.ReadFile(o.name)
	if err != nil {
		return r, err
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	for line := range bytes.Lines(whole) {
		var next Record
		if json.Unmarshal(line, &next) == nil {
			r = next
		}
	}
	if len(whole) < len(data) {
		err = o.file.Truncate(int64(len(whole)))
	}
	return r, err
}

// unlock lets go of the lock for good. Its file may stay where somebody is just
// trying it, who finds nothing to take then.
func (o *Operation) unlock() error {
	err := o.guard.Unlock()
	_ = os.Remove(o.name + lockSuffix)
	return err
}

// write adds a line with all that is known, and returns once it is on disk. What
// a full disk cuts off is taken away again, or the next line would be spoiled.
func (o *Operation) write() error {
	line, err := json.Marshal(o.record)
	if err != nil {
		return err
	}
	end, err := o.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := o.file.Write(append(line, '\n')); err != nil {
		return errors.Join(err, o.file.Truncate(end))
	}
	return o.file.Sync()
}

// Issued notes that there is a token now. secretSHA256 is the hexadecimal
// SHA-256 of its secret, by which the places are recognised that hold it.
func (o *Operation) Issued(id, secretSHA256 string, created, expires time.Time) error {
	o.record.State, o.record.ID, o.record.SecretSHA256 = Issued, id, secretSHA256
	o.record.CreatedAt, o.record.ExpiresAt = created, expires
	return o.write()
}

// Handed notes that the secret is where it was asked to be: from here on nothing
// may be taken back.
func (o *Operation) Handed() error {
	o.record.State = Handed
	return o.write()
}

// Delivered notes that nothing is left to do, and lets go of the operation. It is
// forgotten some time later, or at once where that cannot be noted: what stayed
// would look like an operation that came to no end.
func (o *Operation) Delivered(now time.Time) error {
	o.record.State, o.record.DeliveredAt = Delivered, now.UTC()
	if err := o.write(); err != nil {
		return errors.Join(err, o.Forget())
	}
	return o.Leave()
}

// Leave lets go of the operation and leaves it as it is.
func (o *Operation) Leave() error {
	return errors.Join(o.file.Close(), o.guard.Unlock())
}

// Forget ends an operation that has left nothing behind.
func (o *Operation) Forget() error {
	return errors.Join(o.file.Close(), os.Remove(o.name), o.unlock())
}
