package term

import (
	"bytes"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

const (
	// footerDelay is how long something takes before anything tells of it.
	footerDelay = 300 * time.Millisecond
	// footerPause is between two pictures of a footer.
	footerPause = 100 * time.Millisecond
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

// Progress begins to show how far what is, of total parts, which it calls units.
// It has to be ended, before the next one begins.
func (t *Terminal) Progress(what, units string, total int) *Progress {
	p := &Progress{terminal: t, stop: func() {}}
	if total <= 0 || !t.moves() {
		return p
	}
	t.waiting.hold()
	t.footer.users.Add(1)
	p.bar = progressbar.NewOptions(total, append(t.barOptions(what, units),
		progressbar.OptionSetWriter(canvas{p}),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionShowCount(),
		progressbar.OptionUseANSICodes(true),
	)...)
	p.bar.StartWithoutRender()
	p.stop = t.after(footerDelay, p.appear)
	return p
}

// How many columns the parts of a bar's line take, for up to 100000 units and
// hours, and how wide the bar itself is.
const (
	countColumns, timeColumns, rateColumns = 24, 21, 10
	narrowBar, widestBar                   = 4, 40
)

// barOptions is how much of a bar the terminal has room for: how many parts are
// done always, then what time is left, then how many are done in a second.
func (t *Terminal) barOptions(what, units string) []progressbar.Option {
	room := t.lineWidth() - len(what) - countColumns
	rate := rateColumns + len(units)
	var options []progressbar.Option
	if room >= narrowBar+timeColumns {
		room -= timeColumns
	} else {
		options = append(options, progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false))
	}
	if room >= narrowBar+rate+timeColumns || room >= narrowBar+rate && len(options) == 0 {
		room -= rate
		options = append(options, progressbar.OptionShowIts(), progressbar.OptionSetItsString(units))
	}
	return append(options, progressbar.OptionSetWidth(max(1, min(widestBar, room))))
}

// lineWidth is how many columns stderr has.
func (t *Terminal) lineWidth() int {
	if columns := t.errColumns(); columns > 0 {
		return columns
	}
	return DefaultWidth
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
	if now := time.Now(); c.visible && now.Sub(c.drawn) >= footerPause {
		c.drawn = now
		c.terminal.footer.show(picture)
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
	p.visible = true
	p.terminal.footer.show(p.picture)
}

// Step notes that one more part is done.
func (p *Progress) Step() { p.Steps(1) }

// Steps notes that so many more parts are done.
func (p *Progress) Steps(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// End takes the bar away. It may be called twice.
func (p *Progress) End() {
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.visible {
		p.terminal.footer.hide()
	}
	if p.bar != nil {
		p.terminal.footer.users.Add(-1)
		p.terminal.waiting.release()
	}
	p.bar, p.visible = nil, false
}
