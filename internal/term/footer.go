package term

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
)

// erased takes away the line that the cursor is in.
const erased = "\x1b[2K\r"

// footer is a last line on stderr, below all else that is written there: what
// tells of the work that goes on.
type footer struct {
	terminal *Terminal
	users    atomic.Int32 // who may show something at any moment

	mu      sync.Mutex
	shown   bool
	picture []byte
}

// show draws the line, in place of the one that is there.
func (f *footer) show(picture []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.terminal.guard()
	f.picture = bytes.Clone(picture)
	f.shown = true
	f.draw()
}

// hide takes the line away.
func (f *footer) hide() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shown {
		f.shown = false
		f.erase()
	}
}

// Write writes to stderr above the line, which comes back below.
func (f *footer) Write(text []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.shown {
		return f.terminal.err.Write(text)
	}
	f.erase()
	n, err := f.terminal.err.Write(text)
	f.draw()
	return n, err
}

func (f *footer) draw()  { _, _ = f.terminal.err.Write(f.picture) }
func (f *footer) erase() { _, _ = io.WriteString(f.terminal.err, erased) }
