package store

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

// A store's file is a line of JSON saying whose it is, then one line per transaction. Changes are appended as one write
// under an exclusive lock on a file beside it, so a process that is killed leaves at most a part of a line at the end;
// what has no end of line was never acknowledged, and the next writer cuts it off. When most lines no longer matter
// the file is written anew under another generation, and renamed into place. So a kill at any moment loses nothing that
// was acknowledged; a loss of power may lose the last changes, for appending does not wait for the disk.

// header is the first line.
type header struct {
	Format     string `json:"mockhub"`
	Generation string `json:"generation"`
	Salt       string `json:"salt"`
	Key        string `json:"key"`
}

const format = "1"

// log is the file and how far it was read.
type log struct {
	path       string
	lock       *flock.Flock
	generation string
	read       int64 // bytes
}

func newLog(path string) *log { return &log{path: path, lock: flock.New(path + ".lock")} }

func (l *log) share(do func() error) error {
	if err := l.lock.RLock(); err != nil {
		return fmt.Errorf("locking %s: %w", l.path, err)
	}
	defer l.lock.Unlock()
	return do()
}

func (l *log) exclusive(do func() error) error {
	if err := l.lock.Lock(); err != nil {
		return fmt.Errorf("locking %s: %w", l.path, err)
	}
	defer l.lock.Unlock()
	return do()
}

// openFile reads the file, or makes it.
func (s *Store) openFile() error {
	if err := os.MkdirAll(filepath.Dir(s.log.path), 0o700); err != nil {
		return err
	}
	return s.log.exclusive(s.pullOrMake)
}

// pullOrMake reads the file; where there is none, or none any more, a new store begins. The exclusive lock must be
// held.
func (s *Store) pullOrMake() error {
	err := s.pull()
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.state = newState(s.options.Salt(), s.options.Key(), s.options.IndexLag)
	tx := s.begin()
	s.options.Populate(tx)
	tx.commit()
	return s.rewrite(tx.events)
}

// pull reads what is new in the file, or all of it where it was written anew. A lock must be held.
func (s *Store) pull() error {
	f, err := os.Open(s.log.path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	first, err := in.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return err
	}
	var h header
	if err := json.Unmarshal(first, &h); err != nil || h.Format != format || !bytes.HasSuffix(first, []byte("\n")) {
		return fmt.Errorf("%s is not a file of the embedded DataHub", s.log.path)
	}
	if h.Generation != s.log.generation || s.state == nil {
		s.state = newState(h.Salt, h.Key, s.options.IndexLag)
		s.log.generation, s.log.read = h.Generation, int64(len(first))
		return s.replay(in)
	}
	if _, err := f.Seek(s.log.read, io.SeekStart); err != nil {
		return err
	}
	in.Reset(f)
	return s.replay(in)
}

// replay applies the lines from where the file was read to; a line without an end is left alone.
func (s *Store) replay(in *bufio.Reader) error {
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var events []event
		if err := json.Unmarshal(line, &events); err != nil {
			return fmt.Errorf("%s at byte %d: %w", s.log.path, s.log.read, err)
		}
		for _, e := range events {
			s.state.apply(e)
		}
		s.log.read += int64(len(line))
	}
}

// updateFile makes a change and appends it. The exclusive lock must be held.
func (s *Store) updateFile(change func(*Tx) error) error {
	if err := s.pullOrMake(); err != nil {
		return err
	}
	tx := s.begin()
	if err := change(tx); err != nil || len(tx.events) == 0 {
		return err
	}
	if err := s.log.append(tx.events); err != nil {
		return err
	}
	tx.commit()
	if live := len(s.state.tokens) + len(s.state.users); s.state.events > 2*live+1000 {
		forget := time.UnixMilli(tx.at).Add(-s.options.Memory - s.options.IndexLag)
		return s.rewrite(s.state.snapshot(forget.UnixMilli()))
	}
	return nil
}

// append writes the events after what was read, over any part of a line a killed process left there.
func (l *log) append(events []event) error {
	text, err := line(events)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(l.read); err != nil {
		return err
	}
	if _, err := f.WriteAt(text, l.read); err != nil {
		return err
	}
	l.read += int64(len(text))
	return f.Close()
}

// line is a transaction as it stands in the file.
func line(events []event) ([]byte, error) {
	text, err := json.Marshal(events)
	return append(text, '\n'), err
}

// rewrite puts a new file in place whose content is these events, and reads on from it.
func (s *Store) rewrite(events []event) error {
	h := header{Format: format, Generation: rand.Text(), Salt: s.state.salt, Key: s.state.key}
	whole, err := json.Marshal(h)
	if err != nil {
		return err
	}
	whole = append(whole, '\n')
	for _, e := range events {
		text, err := line([]event{e})
		if err != nil {
			return err
		}
		whole = append(whole, text...)
	}
	if err := atomicfile.Write(s.log.path, whole, 0o600); err != nil {
		return err
	}
	s.log.generation, s.log.read = h.Generation, int64(len(whole))
	s.state.events = len(events)
	return nil
}
