package cli

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// relay takes the signals of this process on behalf of a program that it runs.
// Until the program runs the first one calls that off, and the next one kills,
// as for every command; from then on they are the program's; once that has
// ended, the first is let pass, for what is left to do takes a moment.
type relay struct {
	callOff   context.CancelFunc
	keyboards func() bool // whether what the keyboard sends reaches the program by itself
	signals   chan os.Signal
	done      chan struct{}

	mu      sync.Mutex
	process *os.Process // the program, while it runs
	until   time.Time   // when the last that was sent to the program has come here too
	heard   bool        // one came while none ran
}

// late is how long after its end a program's signals may come: what a terminal
// sends to both is not taken here at the same moment on a busy machine.
const late = 500 * time.Millisecond

// newRelay takes the signals from now on, but for those that whoever started
// pat ignores: these the program is to ignore too.
func (w *world) newRelay(callOff context.CancelFunc) *relay {
	if w.deafToInterrupts {
		signal.Ignore(os.Interrupt)
	}
	r := &relay{callOff: callOff, keyboards: w.InForeground, signals: make(chan os.Signal, 16), done: make(chan struct{})}
	for _, s := range relayed {
		if !signal.Ignored(s) {
			signal.Notify(r.signals, s)
		}
	}
	go r.work()
	return r
}

func (r *relay) work() {
	for {
		select {
		case s := <-r.signals:
			r.take(s)
		case <-r.done:
			return
		}
	}
}

func (r *relay) take(s os.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.process != nil:
		if !fromKeyboard(s) || !r.keyboards() {
			passOn(r.process, s)
		}
	case time.Now().Before(r.until):
	case !r.heard:
		r.heard = true
		r.callOff()
	default:
		dieOf(s)
	}
}

// start starts the program, unless it was called off.
func (r *relay) start(program *exec.Cmd) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.heard {
		return failure.New(failure.Interrupted, "interrupted before the command was started")
	}
	if err := program.Start(); err != nil {
		return cannotRun(program.Args[0], err)
	}
	r.process = program.Process
	return nil
}

// ended says that the program has.
func (r *relay) ended() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.process, r.until, r.heard = nil, time.Now().Add(late), false
}

// close gives the signals back.
func (r *relay) close() {
	signal.Stop(r.signals)
	close(r.done)
}
