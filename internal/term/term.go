// Package term is the terminal: the process's streams and environment, what of
// them is a terminal and how wide, whether to colour, and prompts.
//
// The rules it keeps, for all of pat:
//
//   - Whatever needs an answer goes to the terminal device (/dev/tty, CONIN$ and
//     CONOUT$), never to stdout, and is never read from stdin: a prompt works
//     while both are pipes.
//   - "On a terminal" means that stderr is one and that the device opens.
//   - A prompt leaves the terminal as it found it, also when it is interrupted.
//   - A reader that went away (EPIPE) is an error of the write, not the end of
//     the process: there may be something to undo.
//
// It knows nothing of commands, formats or tokens, and decides nothing about
// exit codes. Nobody else asks whether something is a terminal or reads the
// environment, except the command line itself.
package term

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	xterm "golang.org/x/term"
)

// DefaultWidth is how many columns are assumed where nothing tells.
const DefaultWidth = 80

// Terminal is where a run of pat reads and writes. Make one with [System] or
// [New]; it is safe for use by several goroutines, one prompt at a time.
type Terminal struct {
	in          io.Reader
	out, err    io.Writer
	env         func(string) (string, bool)
	environ     func() []string
	inTerminal  func() bool
	outTerminal func() bool
	errTerminal func() bool
	columns     func() int // of stdout, 0 for unknown
	errColumns  func() int // of stderr
	outOpen     func() error
	open        func() (device, error)
	foreground  func() bool
	guard       func() // before the first write
	after       func(time.Duration, func()) (stop func())
	footer      footer
	waiting     waiting
	resultBegun sync.Once
}

// Stream is one of the two streams that are written to.
type Stream int

// The streams, for [Terminal.Colour].
const (
	Stdout Stream = iota
	Stderr
)

// Streams is a terminal made of parts, for tests. The zero value of a field is
// a stream that is empty, swallows everything and is no terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Env      map[string]string

	InTerminal               bool  // whether In passes for a terminal
	OutTerminal, ErrTerminal bool  // whether Out and Err do
	Columns                  int   // the size of the terminals; 0 for unknown
	OutClosed                error // what [Terminal.StdoutOpen] returns

	// After calls a function when a time has passed. Nil: never.
	After func(time.Duration, func())

	// Device is where prompts are written and answers are read from, line by
	// line. Nil: the process has no terminal device. An answer may cancel the
	// prompt's context, as Ctrl-C would.
	Device io.ReadWriter
}

// System is the process's own terminal. It costs nothing: no file is opened
// and nothing is looked up until it is asked for.
func System() *Terminal {
	var once sync.Once
	return withFooter(&Terminal{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		env:         os.LookupEnv,
		environ:     os.Environ,
		inTerminal:  func() bool { return xterm.IsTerminal(int(os.Stdin.Fd())) },
		outTerminal: func() bool { return xterm.IsTerminal(int(os.Stdout.Fd())) },
		errTerminal: func() bool { return xterm.IsTerminal(int(os.Stderr.Fd())) },
		columns:     func() int { return columnsOf(os.Stdout) },
		errColumns:  func() int { return columnsOf(os.Stderr) },
		outOpen:     stdoutOpen,
		open:        openDevice,
		foreground:  inForeground,
		guard:       func() { once.Do(survivePipes) },
		after: func(d time.Duration, f func()) func() {
			timer := time.AfterFunc(d, f)
			return func() { timer.Stop() }
		},
	})
}

// withFooter is t with what can be shown below all else.
func withFooter(t *Terminal) *Terminal {
	t.footer.terminal, t.waiting.terminal = t, t
	return t
}

// New is a terminal made of the given parts.
func New(s Streams) *Terminal {
	t := &Terminal{
		in: s.In, out: s.Out, err: s.Err,
		env:         func(name string) (string, bool) { v, ok := s.Env[name]; return v, ok },
		environ:     s.environ,
		inTerminal:  func() bool { return s.InTerminal },
		outTerminal: func() bool { return s.OutTerminal },
		errTerminal: func() bool { return s.ErrTerminal },
		columns:     func() int { return s.Columns },
		errColumns:  func() int { return s.Columns },
		outOpen:     func() error { return s.OutClosed },
		open:        func() (device, error) { return openFake(s.Device) },
		foreground:  func() bool { return false },
		guard:       func() {},
		after: func(d time.Duration, f func()) func() {
			if s.After != nil {
				s.After(d, f)
			}
			return func() {}
		},
	}
	if t.in == nil {
		t.in = strings.NewReader("")
	}
	if t.out == nil {
		t.out = io.Discard
	}
	if t.err == nil {
		t.err = io.Discard
	}
	return withFooter(t)
}

// Stdin is standard input. It has one reader: whoever the user told to read it.
func (t *Terminal) Stdin() io.Reader { return t.in }

// Stdout is where the result goes. Of the process's own it is the [os.File], to
// hand to a child. A reader that went away makes writes fail with EPIPE. From
// then on [Terminal.Waiting] shows nothing.
func (t *Terminal) Stdout() io.Writer {
	t.guard()
	t.resultBegun.Do(t.waiting.hold)
	return t.out
}

// Unguarded is a stream for what costs nothing to lose, such as help: if its
// reader goes away, the process ends as others do then. Nothing has to be made
// ready for it.
func (t *Terminal) Unguarded(stream Stream) io.Writer {
	if stream == Stderr {
		return t.err
	}
	return t.out
}

// Stderr is where everything but the result goes. See [Terminal.Stdout]. While
// something tells of the work that goes on, it writes above that.
func (t *Terminal) Stderr() io.Writer {
	t.guard()
	if t.footer.users.Load() > 0 {
		return &t.footer
	}
	return t.err
}

// Env is the environment variable name, and whether it is set.
func (t *Terminal) Env(name string) (string, bool) { return t.env(name) }

// Environ is the whole environment, as NAME=VALUE, to hand to a child.
func (t *Terminal) Environ() []string { return t.environ() }

// StdinIsTerminal tells whether what is read from stdin is typed, and shown, on a
// terminal.
func (t *Terminal) StdinIsTerminal() bool { return t.inTerminal() }

// StdoutIsTerminal tells whether the result goes to a terminal.
func (t *Terminal) StdoutIsTerminal() bool { return t.outTerminal() }

// StdoutOpen is nil if what is written to stdout can arrive somewhere, as far
// as can be known without writing. It is an error where stdout was closed when
// the process started (pat … >&-), is not open for writing, or is a pipe whose
// reader is gone.
//
// Go's runtime opens the null device, for reading and writing, in place of a
// standard stream that is closed, so that no other file gets its number. Stdout
// on a null device opened like that therefore counts as closed, whoever opened
// it; on one opened for writing only (>/dev/null) it counts as open.
func (t *Terminal) StdoutOpen() error { return t.outOpen() }

// InForeground tells whether the keys that interrupt reach this process, and
// with it all that it has started and left in its process group.
func (t *Terminal) InForeground() bool { return t.foreground() }

// Interactive tells whether there is somebody to ask: stderr is a terminal and
// the terminal device opens. What stdin and stdout are does not matter.
func (t *Terminal) Interactive() bool {
	if !t.errTerminal() {
		return false
	}
	d, err := t.open()
	if err != nil {
		return false
	}
	return d.close() == nil
}

// Width is how many columns stdout has: the size of its terminal, else COLUMNS,
// else [DefaultWidth].
func (t *Terminal) Width() int {
	if t.outTerminal() {
		if n := t.columns(); n > 0 {
			return n
		}
	}
	v, _ := t.env("COLUMNS")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return n
	}
	return DefaultWidth
}

// columnsOf is the width of the terminal that a stream is, 0 for unknown.
func columnsOf(stream *os.File) int {
	n, _, err := xterm.GetSize(int(stream.Fd()))
	if err != nil {
		return 0
	}
	return n
}

// Say writes a line to stderr, in one piece. Whoever puts foreign text into it
// has made that safe. That stderr cannot be written to is nobody's concern.
func (t *Terminal) Say(format string, args ...any) {
	line := strings.TrimSuffix(fmt.Sprintf(format, args...), "\n")
	_, _ = io.WriteString(t.Stderr(), line+"\n")
}

// errNoDevice is why a terminal made of parts without a device cannot ask.
var errNoDevice = errors.New("no terminal device")
