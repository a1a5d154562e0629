// Package journal remembers the operations that must not half-happen while they
// are under way, so that what a kill or a lost reply left open can be found and
// settled.
//
// Each operation has a file of its own, locked for as long as its process
// lives, to which a line is added for each step. It never holds a secret, and
// knows neither the server nor the places secrets go to.
package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/rights"
)

// What the files of operations end in, and those that lock them.
const (
	suffix     = ".op"
	lockSuffix = ".lock"
)

// Recent is how long what was delivered is remembered: until then the server's
// search index may not show the token.
const Recent = time.Minute

// Journal is a folder of operations.
type Journal struct{ folder string }

// In is the journal in a folder, which is made when it is first needed.
func In(folder string) *Journal { return &Journal{folder} }

// State is how far an operation came.
type State string

// The states, in their order.
const (
	Intended  State = "intended"  // a token was about to be asked for
	Issued    State = "issued"    // there is a token, with a known id
	Handed    State = "handed"    // its secret is in all places; what was there before may lie beside it
	Delivered State = "delivered" // and nothing is left to clean up
)

// Record is what is known of an operation.
type Record struct {
	Mark      string    `json:"mark"`      // of the token, which names the operation
	Operation string    `json:"operation"` // create, rotate, …
	Server    string    `json:"server"`
	Owner     string    `json:"owner"` // URN of who asks for the token
	Actor     string    `json:"actor"` // URN of whom it represents
	Name      string    `json:"name"`
	Places    []Place   `json:"places"`             // where the secret was to go
	Replaces  string    `json:"replaces,omitempty"` // id of the token that goes when this one is there
	StartedAt time.Time `json:"startedAt"`

	State        State     `json:"state"`
	ID           string    `json:"id,omitempty"`           // from Issued on
	SecretSHA256 string    `json:"secretSHA256,omitempty"` // hex; tells whether a place holds this secret
	CreatedAt    time.Time `json:"createdAt,omitzero"`     // by the server's clock
	ExpiresAt    time.Time `json:"expiresAt,omitzero"`     // zero: never
	DeliveredAt  time.Time `json:"deliveredAt,omitzero"`
}

// Place is where a secret goes, with what is needed to find what was left there.
type Place struct {
	Name  string `json:"name"`            // such as keyring or file:/absolute/path
	Draft string `json:"draft,omitempty"` // the file in which its contents are prepared
}

// Begin writes an operation down before it happens. Its file is locked until it
// is ended or the process is.
func (j *Journal) Begin(r Record) (*Operation, error) {
	if err := j.prepare(); err != nil {
		return nil, err
	}
	r.State = Intended
	o := &Operation{name: j.path(r.Mark), record: r}
	if err := o.begin(); err != nil {
		return nil, j.unusable(err)
	}
	return o, nil
}

// prepare makes the folder where need be, and sees to it that it is the user's
// alone: what is settled later is what its files say.
func (j *Journal) prepare() error {
	if err := os.MkdirAll(j.folder, 0o700); err != nil {
		return j.unusable(err)
	}
	return j.own()
}

func (j *Journal) own() error {
	if err := rights.OnlyOwnerWrites(j.folder); err != nil {
		return j.unusable(err)
	}
	return nil
}

func (j *Journal) path(mark string) string { return filepath.Join(j.folder, mark+suffix) }

// Open are the operations that no living process holds and that did not come to
// their end, and those delivered less than [Recent] ago. What was delivered
// earlier is forgotten.
func (j *Journal) Open(now time.Time) ([]Record, error) {
	entries, err := os.ReadDir(j.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, j.unusable(err)
	}
	if err := j.own(); err != nil {
		return nil, err
	}
	var open []Record
	for _, entry := range entries {
		mark, ok := strings.CutSuffix(entry.Name(), suffix)
		if !ok {
			continue
		}
		record, left, err := j.look(mark, now)
		if err != nil {
			return nil, err
		}
		if left {
			open = append(open, record)
		}
	}
	return open, nil
}

// look reads one operation, and forgets it if it is long over.
func (j *Journal) look(mark string, now time.Time) (Record, bool, error) {
	o, err := j.take(mark, 0)
	if err != nil || o == nil {
		return Record{}, false, err
	}
	if o.record.State == Delivered && now.Sub(o.record.DeliveredAt) > Recent {
		return Record{}, false, o.Forget()
	}
	return o.record, true, o.Leave()
}

// Forget forgets the operations that are over, or that nobody holds, where gone
// says that what they left is gone.
func (j *Journal) Forget(now time.Time, gone func(Record) bool) error {
	records, err := j.Open(now)
	for _, r := range records {
		if !gone(r) {
			continue
		}
		o, takeErr := j.Take(r.Mark)
		if o != nil {
			takeErr = o.Forget()
		}
		err = errors.Join(err, takeErr)
	}
	return err
}

// Take makes an operation that no living process holds one's own. It is nil if
// there is none with that mark any more, or somebody holds it for longer than it
// takes to look at it.
func (j *Journal) Take(mark string) (*Operation, error) {
	if err := j.own(); err != nil {
		return nil, err
	}
	return j.take(mark, glance)
}

// glance is how long another process may hold an operation that it only looks at.
const glance = 200 * time.Millisecond

func (j *Journal) take(mark string, wait time.Duration) (*Operation, error) {
	o := &Operation{name: j.path(mark)}
	if _, err := os.Stat(o.name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	free, err := o.lock(wait)
	if err != nil {
		return nil, j.unusable(err)
	}
	if !free {
		return nil, nil
	}
	switch err := o.load(); {
	case errors.Is(err, fs.ErrNotExist): // whoever held it has just forgotten it
		return nil, o.unlock()
	case err != nil:
		return nil, j.unusable(errors.Join(err, o.guard.Unlock()))
	case o.record.Mark != mark: // begun, and not a whole line written: nothing was asked for
		return nil, o.Forget()
	}
	return o, nil
}

func (j *Journal) unusable(cause error) error {
	hint := "make that folder writable, or set XDG_STATE_HOME to one that is"
	if known := failure.Of(cause).Hint; known != "" {
		hint = known
	}
	return failure.New(failure.Undelivered, "the journal of operations in %s cannot be used: %w", j.folder, cause).WithHint("%s", hint)
}
