package term_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/term"
)

func TestColour(t *testing.T) {
	type env = map[string]string
	for name, c := range map[string]struct {
		mode     term.ColourMode
		env      env
		terminal bool
		want     bool
	}{
		"terminal":                    {"", nil, true, true},
		"auto on a terminal":          {term.ColourAuto, env{"TERM": "xterm"}, true, true},
		"no terminal":                 {term.ColourAuto, nil, false, false},
		"always":                      {term.ColourAlways, env{"NO_COLOR": "1", "TERM": "dumb"}, false, true},
		"never":                       {term.ColourNever, env{"CLICOLOR_FORCE": "1"}, true, false},
		"NO_COLOR":                    {term.ColourAuto, env{"NO_COLOR": "1"}, true, false},
		"NO_COLOR empty":              {term.ColourAuto, env{"NO_COLOR": ""}, true, true},
		"NO_COLOR beats force":        {term.ColourAuto, env{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		"CLICOLOR_FORCE":              {term.ColourAuto, env{"CLICOLOR_FORCE": "1"}, false, true},
		"CLICOLOR_FORCE beats dumb":   {term.ColourAuto, env{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, false, true},
		"CLICOLOR_FORCE off":          {term.ColourAuto, env{"CLICOLOR_FORCE": "0"}, false, false},
		"CLICOLOR_FORCE empty":        {term.ColourAuto, env{"CLICOLOR_FORCE": ""}, false, false},
		"CLICOLOR off":                {term.ColourAuto, env{"CLICOLOR": "0"}, true, false},
		"CLICOLOR on needs terminal":  {term.ColourAuto, env{"CLICOLOR": "1"}, false, false},
		"dumb terminal":               {term.ColourAuto, env{"TERM": "dumb"}, true, false},
		"TERM unset on some machines": {term.ColourAuto, env{"TERM": ""}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			out := term.New(term.Streams{Env: c.env, OutTerminal: c.terminal})
			if got := out.Colour(c.mode, term.Stdout); got != c.want {
				t.Errorf("stdout: %v", got)
			}
			errs := term.New(term.Streams{Env: c.env, ErrTerminal: c.terminal})
			if got := errs.Colour(c.mode, term.Stderr); got != c.want {
				t.Errorf("stderr: %v", got)
			}
		})
	}
}

func TestColourAsksTheStreamItIsFor(t *testing.T) {
	half := term.New(term.Streams{OutTerminal: true})
	if !half.Colour(term.ColourAuto, term.Stdout) || half.Colour(term.ColourAuto, term.Stderr) {
		t.Error("stdout is a terminal, stderr is not")
	}
}

func TestParseColourMode(t *testing.T) {
	for in, want := range map[string]term.ColourMode{
		"": term.ColourAuto, "auto": term.ColourAuto, "always": term.ColourAlways, "never": term.ColourNever,
	} {
		if got, err := term.ParseColourMode(in); got != want || err != nil {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	if _, err := term.ParseColourMode("yes"); failure.KindOf(err) != failure.Usage {
		t.Errorf("yes: %v", err)
	}
}

func TestWidth(t *testing.T) {
	for name, c := range map[string]struct {
		streams term.Streams
		want    int
	}{
		"terminal":                 {term.Streams{OutTerminal: true, Columns: 123, Env: map[string]string{"COLUMNS": "40"}}, 123},
		"terminal of unknown size": {term.Streams{OutTerminal: true, Env: map[string]string{"COLUMNS": "40"}}, 40},
		"piped":                    {term.Streams{Columns: 123, Env: map[string]string{"COLUMNS": "40"}}, 40},
		"nothing known":            {term.Streams{}, 80},
		"COLUMNS is nonsense":      {term.Streams{Env: map[string]string{"COLUMNS": "wide"}}, 80},
		"COLUMNS is nothing":       {term.Streams{Env: map[string]string{"COLUMNS": "-3"}}, 80},
	} {
		if got := term.New(c.streams).Width(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// screen is a fake terminal device: what is typed on it, and what it shows.
type screen struct {
	io.Reader
	bytes.Buffer
}

func (s *screen) Read(p []byte) (int, error) { return s.Reader.Read(p) }

func typing(s string) *screen { return &screen{Reader: strings.NewReader(s)} }

func TestConfirm(t *testing.T) {
	for typed, want := range map[string]bool{
		"y\n": true, "Y\n": true, "yes\n": true, " YES \r\n": true, "y": true,
		"\n": false, "n\n": false, "no\n": false, "yess\n": false, "": false, "ja\n": false,
	} {
		device := typing(typed)
		got, err := term.New(term.Streams{Device: device}).Confirm(t.Context(), "Revoke ci?")
		if got != want || err != nil {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
		if shown := device.String(); !strings.HasPrefix(shown, "Revoke ci? [y/N] ") {
			t.Errorf("shown: %q", shown)
		}
	}
}

func TestPromptCannotBeForged(t *testing.T) {
	device := typing("n\n")
	question := "token \"a\x1b[2Kb\u202e\" of jdoe\nRevoke it?"
	if _, err := term.New(term.Streams{Device: device}).Confirm(t.Context(), question); err != nil {
		t.Fatal(err)
	}
	if want := "token \"a^[[2Kb\\u{202e}\" of jdoe\nRevoke it? [y/N] "; device.String() != want {
		t.Errorf("shown: %q", device.String())
	}
}

func TestAskTakesOneLineAPrompt(t *testing.T) {
	terminal := term.New(term.Streams{Device: typing(" 12 \n  pass word \r\nrest")})
	if got, err := terminal.Ask(t.Context(), "How many?"); got != "12" || err != nil {
		t.Errorf("Ask: %q, %v", got, err)
	}
	if got, err := terminal.AskSecret(t.Context(), "Password:"); got != "  pass word " || err != nil {
		t.Errorf("AskSecret: %q, %v", got, err)
	}
	if got, err := terminal.Ask(t.Context(), "More:"); got != "rest" || err != nil {
		t.Errorf("Ask: %q, %v", got, err)
	}
	if _, err := terminal.Ask(t.Context(), "More:"); failure.KindOf(err) != failure.Declined {
		t.Errorf("at the end: %v", err)
	}
	if _, err := terminal.AskSecret(t.Context(), "More:"); failure.KindOf(err) != failure.Declined {
		t.Errorf("at the end: %v", err)
	}
}

func TestPromptWithoutTerminalIsWrongUsage(t *testing.T) {
	terminal := term.New(term.Streams{In: strings.NewReader("y\n"), ErrTerminal: true})
	if terminal.Interactive() {
		t.Error("interactive without a device")
	}
	if ok, err := terminal.Confirm(t.Context(), "Revoke?"); ok || failure.KindOf(err) != failure.Usage {
		t.Errorf("Confirm: %v, %v", ok, err)
	}
	if rest, _ := io.ReadAll(terminal.Stdin()); string(rest) != "y\n" {
		t.Errorf("stdin was read: %q is left", rest)
	}
}

// interrupter is a device on which somebody presses Ctrl-C instead of typing.
type interrupter struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (i *interrupter) Read([]byte) (int, error) { i.cancel(); return 0, io.EOF }

func TestCancelledPrompt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	terminal := term.New(term.Streams{Device: &interrupter{cancel: cancel}})
	if _, err := terminal.Ask(ctx, "Name:"); !errors.Is(err, context.Canceled) {
		t.Errorf("during: %v", err)
	}
	untouched := typing("y\n")
	if ok, err := term.New(term.Streams{Device: untouched}).Confirm(ctx, "Sure?"); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("before: %v, %v", ok, err)
	}
	if untouched.Len() != 0 {
		t.Errorf("a cancelled prompt was shown: %q", untouched.String())
	}
}

func TestInteractive(t *testing.T) {
	if !term.New(term.Streams{ErrTerminal: true, Device: typing("")}).Interactive() {
		t.Error("with both")
	}
	if term.New(term.Streams{Device: typing("")}).Interactive() {
		t.Error("with stderr redirected")
	}
}

func TestStreamsOfParts(t *testing.T) {
	var out, errs bytes.Buffer
	terminal := term.New(term.Streams{
		Out: &out, Err: &errs, OutClosed: syscall.EBADF, OutTerminal: true, Env: map[string]string{"A": ""},
	})
	_, _ = io.WriteString(terminal.Stdout(), "result")
	terminal.Say("%d tokens\n", 3)
	terminal.Say("done")
	if out.String() != "result" || errs.String() != "3 tokens\ndone\n" {
		t.Errorf("stdout %q, stderr %q", out.String(), errs.String())
	}
	if err := terminal.StdoutOpen(); err != syscall.EBADF {
		t.Errorf("StdoutOpen: %v", err)
	}
	if !terminal.StdoutIsTerminal() || terminal.StderrIsTerminal() {
		t.Error("which is a terminal")
	}
	if v, ok := terminal.Env("A"); v != "" || !ok {
		t.Errorf("A is %q, %v", v, ok)
	}
	if _, ok := terminal.Env("B"); ok {
		t.Error("B is set")
	}
	if all := terminal.Environ(); !slices.Equal(all, []string{"A="}) {
		t.Errorf("the environment is %q", all)
	}
}

func TestZeroStreams(t *testing.T) {
	terminal := term.New(term.Streams{})
	terminal.Say("into the void")
	if rest, err := io.ReadAll(terminal.Stdin()); len(rest) != 0 || err != nil {
		t.Errorf("stdin: %q, %v", rest, err)
	}
	if _, err := terminal.Stdout().Write([]byte("x")); err != nil || terminal.StdoutOpen() != nil {
		t.Errorf("stdout: %v, %v", err, terminal.StdoutOpen())
	}
}

func TestSystemHandsOutTheProcessItself(t *testing.T) {
	terminal := term.System()
	if terminal.Stdout() != os.Stdout || terminal.Stderr() != os.Stderr || terminal.Stdin() != os.Stdin {
		t.Error("not the process's own streams")
	}
	t.Setenv("PAT_TERM_TEST", "here")
	if v, ok := terminal.Env("PAT_TERM_TEST"); v != "here" || !ok {
		t.Errorf("environment: %q, %v", v, ok)
	}
	if !slices.Equal(terminal.Environ(), os.Environ()) {
		t.Errorf("environment: %q", terminal.Environ())
	}
}

func BenchmarkSystem(b *testing.B) {
	for b.Loop() {
		term.System()
	}
}
