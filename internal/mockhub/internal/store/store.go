package store

import (
	"errors"
	"io/fs"
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
		if err := s.readFile(); err != nil {
			return err
		}
	}
	s.state.index.catchUp(now)
	return nil
}

// readFile takes in what is new in the file.
func (s *Store) readFile() error {
	err := s.log.share(s.pull)
	if errors.Is(err, fs.ErrNotExist) {
		return s.openFile()
	}
	return err
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

func (s *Store) begin() *Tx { return &Tx{View: View{s.state}, at: s.options.Now().UnixMilli()} }
