package term_test

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/term"
)

// clock is a time that passes when it is told to.
type clock struct {
	delay time.Duration
	later func()
}

func (c *clock) after(d time.Duration, f func()) { c.delay, c.later = d, f }

const cleared = "\x1b[2K\r"

func TestProgressAppearsLate(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	terminal := term.New(term.Streams{Err: &screen, ErrTerminal: true, After: c.after, Columns: 100})
	bar := terminal.Progress("revoking", "tokens", 4)
	bar.Step()
	if screen.Len() > 0 || c.delay != 300*time.Millisecond {
		t.Fatalf("at once: %q; a bar after %s", screen.String(), c.delay)
	}
	c.later()
	if got := screen.String(); !strings.Contains(got, "revoking  25% [") || !strings.Contains(got, "(1/4, ") {
		t.Errorf("the bar: %q", got)
	}
	terminal.Say("by the way")
	if got := screen.String(); !strings.Contains(got, cleared+"by the way\n") || strings.Count(got, "(1/4, ") != 2 {
		t.Errorf("a line above it: %q", got)
	}
	bar.End()
	bar.End()
	bar.Step()
	terminal.Say("over")
	if got := screen.String(); !strings.HasSuffix(got, cleared+"over\n") {
		t.Errorf("in the end: %q", got)
	}
}

func TestProgressThatIsOverSooner(t *testing.T) {
	var screen bytes.Buffer
	var c clock
	terminal := term.New(term.Streams{Err: &screen, ErrTerminal: true, After: c.after})
	bar := terminal.Progress("revoking", "tokens", 2)
	bar.Step()
	bar.End()
	c.later() // the timer had begun to run
	if screen.Len() > 0 {
		t.Errorf("%q", screen.String())
	}
}

func TestNoProgress(t *testing.T) {
	for name, s := range map[string]term.Streams{
		"stderr is no terminal": {OutTerminal: true, Env: map[string]string{"CLICOLOR_FORCE": "1"}},
		"dumb terminal":         {ErrTerminal: true, Env: map[string]string{"TERM": "dumb"}},
	} {
		var screen bytes.Buffer
		s.Err, s.Out = &screen, &screen
		s.After = func(_ time.Duration, f func()) { f() }
		bar := term.New(s).Progress("revoking", "tokens", 2)
		bar.Step()
		bar.Step()
		bar.End()
		if screen.Len() > 0 {
			t.Errorf("%s: %q", name, screen.String())
		}
	}
}

// A bar never wraps: each drawing of it stays within the terminal.
func TestProgressFitsTheTerminal(t *testing.T) {
	for _, columns := range []int{0, 40, 50, 60, 72, 80, 100, 300} {
		var screen bytes.Buffer
		terminal := term.New(term.Streams{Err: &screen, ErrTerminal: true, Columns: columns, After: func(_ time.Duration, f func()) { f() }})
		bar := terminal.Progress("revoking", "tokens", 100000)
		for range 500 {
			bar.Step()
		}
		bar.End()
		for _, line := range strings.Split(strings.ReplaceAll(screen.String(), "\x1b[2K", ""), "\r") {
			if len(line) > cmp.Or(columns, term.DefaultWidth) {
				t.Errorf("%d columns: %d characters: %q", columns, len(line), line)
			}
		}
	}
}

func TestProgressIsSafeForParallelUse(t *testing.T) {
	var screen lockedBuffer
	terminal := term.New(term.Streams{Err: &screen, ErrTerminal: true, After: func(_ time.Duration, f func()) { go f() }})
	bar := terminal.Progress("revoking", "tokens", 400)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 100 {
				bar.Step()
				fmt.Fprintln(terminal.Stderr(), "line of", i)
			}
		})
	}
	group.Wait()
	bar.End()
	if got := strings.Count(screen.String(), "line of"); got != 400 {
		t.Errorf("%d lines", got)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
