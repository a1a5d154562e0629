package term

import (
	"sync"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// spinner is what turns while somebody is waited for, in characters that every
// terminal has.
const spinner = `|/-\`

// waiting shows on stderr, where that is a terminal, that somebody is waited
// for: after 300 ms, and until a result is written.
type waiting struct {
	terminal *Terminal

	mu       sync.Mutex
	what     string
	underWay int  // how many wait
	held     int  // how many want it not to be shown
	ticking  bool // a tick is to come
	late     bool // it has taken long
	shown    bool
	turns    int
}

// Waiting says that what is waited for from now on, such as "asking
// datahub.example.com", until over is called. Several may wait at once; the last
// one's words are shown.
func (t *Terminal) Waiting(what string) (over func()) {
	if !t.moves() {
		return func() {}
	}
	t.waiting.begin(sanitize.Line(what))
	return sync.OnceFunc(t.waiting.end)
}

func (w *waiting) begin(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what = what
	w.underWay++
	w.terminal.footer.users.Add(1)
	switch {
	case w.late:
		w.draw()
	case !w.ticking:
		w.ticking = true
		w.terminal.after(footerDelay, w.tick)
	}
}

func (w *waiting) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.underWay--; w.underWay == 0 {
		w.erase()
	}
	w.terminal.footer.users.Add(-1)
}

// tick draws, and comes again as long as anybody waits. Those who wait for one
// thing after the other are not told apart from those who wait long.
func (w *waiting) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ticking = w.underWay > 0
	w.late = w.ticking
	if w.ticking {
		w.turns++
		w.draw()
		w.terminal.after(footerPause, w.tick)
	}
}

// hold has nothing shown until it is released: something else is on the
// terminal.
func (w *waiting) hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held++
	w.erase()
}

func (w *waiting) release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held--
}

// draw shows the line, which never reaches the last column: some terminals
// would begin a new one.
func (w *waiting) draw() {
	if w.held > 0 {
		return
	}
	w.shown = true
	line := string(spinner[w.turns%len(spinner)]) + " " + w.what
	w.terminal.footer.show([]byte(erased + displaywidth.TruncateString(line, w.terminal.lineWidth()-1, "…")))
}

func (w *waiting) erase() {
	if w.shown {
		w.shown = false
		w.terminal.footer.hide()
	}
}
