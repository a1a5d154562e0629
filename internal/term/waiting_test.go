package term_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/term"
)

// waited is a terminal of 40 columns on which time passes when it is told to.
func waited(screen *bytes.Buffer, c *clock) *term.Terminal {
	return term.New(term.Streams{Err: screen, ErrTerminal: true, Columns: 40, After: c.after, Device: answers{strings.NewReader("yes\n"), screen}})
}

type answers struct {
	*strings.Reader
	*bytes.Buffer
}

func (a answers) Read(p []byte) (int, error)  { return a.Reader.Read(p) }
func (a answers) Write(p []byte) (int, error) { return a.Buffer.Write(p) }

func TestWaitingAppearsLateAndTurns(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	over := waited(&screen, &c).Waiting("asking datahub.example.com")
	if screen.Len() > 0 || c.delay != 300*time.Millisecond {
		t.Fatalf("at once: %q; more after %s", screen.String(), c.delay)
	}
	for range 3 {
		c.later()
	}
	over()
	over()
	c.later()
	want := cleared + "/ asking datahub.example.com" + cleared + "- asking datahub.example.com" +
		cleared + `\ asking datahub.example.com` + cleared
	if got := screen.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWaitingThatIsOverSooner(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	waited(&screen, &c).Waiting("asking")()
	c.later()
	if screen.Len() > 0 {
		t.Errorf("%q", screen.String())
	}
}

// What is asked for piece by piece is one wait, and seen as soon as it is long.
func TestWaitingOneAfterTheOther(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	terminal := waited(&screen, &c)
	over := terminal.Waiting("asking")
	c.later()
	over()
	over = terminal.Waiting("asking")
	if got := screen.String(); !strings.HasSuffix(got, cleared+cleared+"/ asking") {
		t.Errorf("the second: %q", got)
	}
	over()
}

func TestMessagesStandAboveWaiting(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	terminal := waited(&screen, &c)
	over := terminal.Waiting("asking")
	c.later()
	terminal.Say("by the way")
	over()
	terminal.Say("over")
	if got, want := screen.String(), cleared+"/ asking"+cleared+"by the way\n"+cleared+"/ asking"+cleared+"over\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Whatever else wants the terminal has it alone.
func TestWaitingMakesRoom(t *testing.T) {
	for name, begin := range map[string]func(*term.Terminal) (end func()){
		"a result":    func(terminal *term.Terminal) func() { terminal.Stdout(); return func() {} },
		"a bar":       func(terminal *term.Terminal) func() { return terminal.Progress("revoking", "tokens", 2).End },
		"a question":  func(terminal *term.Terminal) func() { terminal.Ask(t.Context(), "well?"); return func() {} },
		"nobody else": func(*term.Terminal) func() { return func() {} },
	} {
		var screen bytes.Buffer
		var c clock
		terminal := waited(&screen, &c)
		defer terminal.Waiting("asking")()
		c.later()
		tick := c.later
		end := begin(terminal)
		before := screen.Len()
		tick()
		drawn, alone := screen.Len() > before, name == "nobody else" || name == "a question"
		if drawn != alone {
			t.Errorf("%s: drawn %v: %q", name, drawn, screen.String())
		}
		end()
		c.later()
		if shown := strings.HasSuffix(screen.String(), "asking"); shown == (name == "a result") {
			t.Errorf("%s, when it is over: %q", name, screen.String())
		}
	}
}

func TestWaitingFitsTheTerminal(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	over := waited(&screen, &c).Waiting("asking 日本語日本語日本語日本語日本語.example.com \x1b[31m")
	c.later()
	over()
	if got, want := screen.String(), cleared+"/ asking 日本語日本語日本語日本語日本…"+cleared; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNoWaiting(t *testing.T) {
	for name, s := range map[string]term.Streams{
		"stderr is no terminal": {OutTerminal: true, Env: map[string]string{"CLICOLOR_FORCE": "1"}},
		"dumb terminal":         {ErrTerminal: true, Env: map[string]string{"TERM": "dumb"}},
	} {
		var screen bytes.Buffer
		s.Err = &screen
		s.After = func(_ time.Duration, f func()) { f() }
		term.New(s).Waiting("asking")()
		if screen.Len() > 0 {
			t.Errorf("%s: %q", name, screen.String())
		}
	}
}
