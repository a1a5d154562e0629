package store

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Store is safe for concurrent use, and for use by several processes where it has a file.
type Store struct {
	options Options
	mu      sync.RWMutex
	state   *state
	log     *log // nil in memory
}

// Options say how a store is kept.
type Options struct {
	Path      string        // the file; empty keeps all in memory
	IndexLag  time.Duration // how late the search index learns of a change
	Memory    time.Duration // how long revoked tokens are remembered at least
	Now       func() time.Time
	Salt, Key func() string // make the secrets of a new store
	Populate  func(*Tx)     // fills a new store
}

// ErrClosed says that the store was closed.
var ErrClosed = errors.New("the store is closed")

// Open opens the store, and makes it where there is none.
func Open(o Options) (*Store, error) {
	s := &Store{options: o}
	if o.Path == "" {
		s.state = newState(o.Salt(), o.Key(), o.IndexLag)
		tx := s.begin()
		o.Populate(tx)
		tx.commit()
		return s, nil
	}
	s.log = newLog(o.Path)
	return s, s.openFile()
}

// View calls read with the store as it is now. The view must not be used after it returns.
func (s *Store) View(read func(View)) error {
	if err := s.refresh(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.state == nil {
		return ErrClosed
	}
	read(View{s.state})
	return nil
}

// refresh takes in what other processes did and what the index is due to learn.
func (s *Store) refresh() error {
	now := s.options.Now().UnixMilli()
	s.mu.RLock()
	current := s.state != nil && s.log == nil && !s.state.index.due(now)
	s.mu.RUnlock()
	if current {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil {
		return ErrClosed
	}
	if s.log != nil {
		if err := s.log.share(s.pull); err != nil {
			return err
		}
	}
	s.state.index.catchUp(now)
	return nil
}

// Update calls change and keeps what it puts into the transaction, all of it or, at an error, nothing.
func (s *Store) Update(change func(*Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil {
		return ErrClosed
	}
	if s.log == nil {
		tx := s.begin()
		if err := change(tx); err != nil {
			return err
		}
		tx.commit()
		return nil
	}
	return s.log.exclusive(func() error { return s.updateFile(change) })
}

// Close forgets everything; a file stays.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = nil
}

// View is the store at one moment.
type View struct{ state *state }

// Salt and Key are the server's secrets.
func (v View) Salt() string { return v.state.salt }
func (v View) Key() string  { return v.state.key }

// User is the user with this name; nil where there is none.
func (v View) User(name string) *User {
	u := v.state.users[name]
	if u == nil || u.Deleted {
		return nil
	}
	return u
}

// Users are all users in the order they came.
func (v View) Users() []*User {
	var users []*User
	for _, name := range v.state.names {
		if u := v.User(name); u != nil {
			users = append(users, u)
		}
	}
	return users
}

// Token is the token with this id; nil where there is none.
func (v View) Token(id string) *Token { return v.state.tokens[id] }

// RevokedAt tells when a token was revoked, if it is remembered.
func (v View) RevokedAt(id string) (time.Time, bool) {
	g, ok := v.state.gone[id]
	return time.UnixMilli(g.at), ok
}

// Find searches the index: the tokens from start on that fit (nil fits all), at most count, in the order of lists,
// and how many fit, counting no further than window. Tokens that are in the index no longer exist, it may be.
func (v View) Find(fits func(*Token) bool, start, count, window int) (page []*Token, total int) {
	return v.state.index.find(fits, start, count, window)
}

// Tx is a change under way. What it puts is seen by its own View only after it is kept.
type Tx struct {
	View
	at     int64
	events []event
}

func (s *Store) begin() *Tx { return &Tx{View: View{s.state}, at: s.options.Now().UnixMilli()} }

func (tx *Tx) commit() {
	for _, e := range tx.events {
		tx.state.apply(e)
	}
}

// Now is the time of the change.
func (tx *Tx) Now() time.Time { return time.UnixMilli(tx.at) }

// PutUser stores a user, in place of the one with that name. The user must not be changed afterwards.
func (tx *Tx) PutUser(u *User) { tx.put(event{At: tx.at, User: u}) }

// PutToken stores a token. The token must not be changed afterwards.
func (tx *Tx) PutToken(t *Token) { tx.put(event{At: tx.at, Token: t}) }

// PutOldToken stores a token that the index has known for long.
func (tx *Tx) PutOldToken(t *Token) { tx.put(event{At: t.CreatedAt, Token: t}) }

// Revoke removes a token.
func (tx *Tx) Revoke(id string) { tx.put(event{At: tx.at, Revoke: &id}) }

// SetKey changes the signing key.
func (tx *Tx) SetKey(key string) { tx.put(event{At: tx.at, Key: &key}) }

func (tx *Tx) put(e event) { tx.events = append(tx.events, e) }

// Changed is a copy of a user to be changed and put; nil where there is none.
func (tx *Tx) Changed(name string) *User {
	u := tx.User(name)
	if u == nil {
		return nil
	}
	c := *u
	c.Privileges = slices.Clone(u.Privileges)
	return &c
}
