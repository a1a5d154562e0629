package term

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

const (
	// progressDelay is how long something takes before a bar shows how far it is.
	progressDelay = 300 * time.Millisecond
	// progressPause is between two pictures of a bar.
	progressPause = 100 * time.Millisecond
	// progressText is how many columns stand beside a bar, and widestBar how wide
	// one is at the most.
	progressText, widestBar = 52, 40
)

// Progress shows how far something that has many parts is: on stderr, where that
// is a terminal, and after 300 ms. Elsewhere, and for what is over sooner,
// nothing is shown. What is written to stderr meanwhile stands above the bar.
type Progress struct {
	terminal *Terminal
	mu       sync.Mutex
	bar      *progressbar.ProgressBar // nil: nothing is ever shown
	picture  []byte                   // of the bar, the last one
	drawn    time.Time
	visible  bool
	stop     func()
}

// Progress begins to show how far what is, of total parts. It has to be ended,
// before the next one begins.
func (t *Terminal) Progress(what string, total int) *Progress {
	p := &Progress{terminal: t, stop: func() {}}
	if total <= 0 || !t.moves() {
		return p
	}
	p.bar = progressbar.NewOptions(total,
		progressbar.OptionSetWriter(canvas{p}),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(t.barWidth(what)),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionShowCount(),
		progressbar.OptionUseANSICodes(true),
	)
	p.bar.StartWithoutRender()
	p.stop = t.after(progressDelay, p.appear)
	return p
}

// barWidth is how wide a bar can be beside its text.
func (t *Terminal) barWidth(what string) int {
	columns := t.errColumns()
	if columns == 0 {
		columns = DefaultWidth
	}
	return max(1, min(widestBar, columns-progressText-len(what)))
}

// moves tells whether stderr is a terminal on which a line can be drawn anew.
func (t *Terminal) moves() bool {
	if v, _ := t.env("TERM"); v == "dumb" {
		return false
	}
	return t.obeysColour(Stderr)
}

// canvas is what a bar is drawn on, by whoever holds the lock: seldom enough for
// slow lines, and at first never.
type canvas struct{ *Progress }

// Write takes a picture of the bar.
func (c canvas) Write(picture []byte) (int, error) {
	c.picture = bytes.Clone(picture)
	if now := time.Now(); c.visible && now.Sub(c.drawn) >= progressPause {
		c.drawn = now
		return c.terminal.err.Write(picture)
	}
	return len(picture), nil
}

// appear makes the bar visible. Before the first part is done there is none:
// nobody knows how long it will take.
func (p *Progress) appear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil {
		return
	}
	p.terminal.guard()
	p.visible = true
	p.terminal.progress.Store(p)
	p.draw()
}

func (p *Progress) draw()  { _, _ = p.terminal.err.Write(p.picture) }
func (p *Progress) clear() { _, _ = io.WriteString(p.terminal.err, "\x1b[2K\r") }

// Step notes that one more part is done.
func (p *Progress) Step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Add(1)
	}
}

// End takes the bar away. It may be called twice.
func (p *Progress) End() {
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.visible {
		p.clear()
		p.terminal.progress.Store(nil)
	}
	p.bar, p.visible = nil, false
}

// above writes to stderr above the bar, which comes back below.
type above struct{ *Progress }

// Write takes the bar away, writes, and draws the bar again.
func (a above) Write(text []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.visible {
		return a.terminal.err.Write(text)
	}
	a.clear()
	n, err := a.terminal.err.Write(text)
	a.draw()
	return n, err
}
