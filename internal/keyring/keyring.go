// Package keyring keeps the secrets of tokens in the keyring of the operating
// system, and an index of what is there in a file.
//
// Keyrings hang, are locked, are not there, or acknowledge what they do not
// do. So every call has a limit, every write is read back, and what is wrong
// is told apart by [ErrNoBus] and the other reasons. There is no fall-back to
// a plain file: what to do instead is the user's choice.
//
// It knows tokens only as entries to keep: it does not talk to DataHub, asks
// no question itself and prints nothing.
package keyring

import (
	"sync/atomic"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// How long the keyring may take over one operation, unless Options.Limit says
// otherwise.
const (
	limitAlone      = 2 * time.Second  // no person is there to unlock it
	limitWithPerson = 60 * time.Second // time to type a password
)

// limitLock is how long others may hold the index before that is a failure.
// They do so for a moment each; many at once on a slow disk take longer.
const limitLock = 10 * time.Second

// noticeDelay is how long a person waits before being told what for.
const noticeDelay = time.Second

// notice is what the person is told.
const notice = "waiting for the system keyring…"

// Options are what a keyring needs to know of its surroundings.
type Options struct {
	StateDir    string                           // folder of the index; made when first needed
	Limit       time.Duration                    // for each operation; 0 means 2 s, or 60 s if Interactive
	Interactive bool                             // a person is there: a locked keyring may ask for its password
	Notice      func(text string)                // tells that person what is being waited for; may be nil
	Env         func(name string) (string, bool) // the environment; it names the D-Bus session bus; may be nil
}

// Keyring is the system's keyring as far as it is pat's: service "pat", one
// entry for each token. Its methods may be called concurrently.
//
// All errors are of kind failure.Undelivered and carry one of the reasons,
// except where a method says otherwise; an interruption of the context is of
// kind failure.Interrupted. A keyring that did not answer within the limit is
// not asked again by the same Keyring.
type Keyring struct {
	vault       vault
	index       index
	limit       time.Duration
	notice      func()
	noticeAfter time.Duration
	busy        chan struct{}                 // holds a value while an operation is under way
	asking      atomic.Bool                   // the keyring's own prompt is in front of the person
	silent      atomic.Pointer[failure.Error] // set once the keyring has not answered in time
}

// New is a keyring. It touches nothing yet.
func New(o Options) *Keyring {
	k := newKeyring(o, nil)
	env := o.Env
	if env == nil {
		env = func(string) (string, bool) { return "", false }
	}
	k.vault = &system{interactive: o.Interactive, env: env, asking: k.asking.Store}
	return k
}

func newKeyring(o Options, v vault) *Keyring {
	k := &Keyring{
		vault:       v,
		limit:       o.Limit,
		notice:      func() {},
		noticeAfter: noticeDelay,
		busy:        make(chan struct{}, 1),
	}
	if o.Interactive && o.Notice != nil {
		k.notice = func() { o.Notice(notice) }
	}
	if k.limit <= 0 {
		k.limit = limitAlone
		if o.Interactive {
			k.limit = limitWithPerson
		}
	}
	k.index = index{folder: o.StateDir, limit: limitLock}
	return k
}

// Entry is a token with its secret, as the keyring keeps it.
type Entry struct {
	Server    string    // canonical address of the server that the token is for
	ID        string    // the token's id; the entry's account in the keyring
	Name      string    // the token's name
	Actor     string    // URN of whom the token represents
	Owner     string    // URN of who created it
	CreatedAt time.Time // zero if unknown
	ExpiresAt time.Time // zero means never
	Secret    string    // the token itself
}

// Record is what the index says of an entry: all but the secret, of which it
// has the SHA-256. Times are UTC.
type Record struct {
	Server       string    `json:"server"`
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Actor        string    `json:"actor"`
	Owner        string    `json:"owner"`
	CreatedAt    time.Time `json:"createdAt,omitzero"`
	ExpiresAt    time.Time `json:"expiresAt,omitzero"`
	SecretSHA256 string    `json:"secretSha256"` // lower-case hex
	StoredAt     time.Time `json:"storedAt"`
}

// record is the index row of an entry stored at the given time.
func (e Entry) record(stored time.Time) Record {
	return Record{
		Server: e.Server, ID: e.ID, Name: e.Name, Actor: e.Actor, Owner: e.Owner,
		CreatedAt: utc(e.CreatedAt), ExpiresAt: utc(e.ExpiresAt),
		SecretSHA256: fingerprint(e.Secret), StoredAt: utc(stored),
	}
}

// utc is t in UTC without the clock reading that only this process has.
func utc(t time.Time) time.Time { return t.Round(0).UTC() }
