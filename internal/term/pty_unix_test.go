//go:build unix

package term_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/datahub-pat/pat/internal/term"
)

// childVariable names what a re-executed test binary does in place of tests.
const childVariable = "PAT_TERM_TEST_CHILD"

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		children[name](term.System())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// children are the programs that the tests below run on a terminal of theirs.
// They report on stdout.
var children = map[string]func(*term.Terminal){
	"confirm": func(t *term.Terminal) {
		ok, err := t.Confirm(context.Background(), "Revoke ci?")
		rest, _ := io.ReadAll(t.Stdin())
		fmt.Printf("%v %v, stdin %q", ok, err, rest)
	},
	"ask": func(t *term.Terminal) {
		answer, err := t.Ask(context.Background(), "Name:")
		fmt.Printf("%q %v", answer, err)
	},
	"foreground": func(t *term.Terminal) { fmt.Print(t.InForeground()) },
	"secret": func(t *term.Terminal) {
		answer, err := t.AskSecret(context.Background(), "Password:")
		fmt.Printf("%q %v", answer, err)
	},
	"two secrets": func(t *term.Terminal) {
		first, err := t.AskSecret(context.Background(), "Password:")
		second, err2 := t.AskSecret(context.Background(), "Again:")
		fmt.Printf("%q %v %q %v", first, err, second, err2)
	},
	"cancelled": func(t *term.Terminal) {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR1)
		defer stop()
		answer, err := t.AskSecret(ctx, "Password:")
		fmt.Printf("%q %v", answer, err)
	},
	"facts": func(t *term.Terminal) {
		fmt.Printf("interactive %v, out %v, err %v, width %d",
			t.Interactive(), t.StdoutIsTerminal(), t.StderrIsTerminal(), t.Width())
	},
	"facts to stderr": func(t *term.Terminal) {
		fmt.Fprintf(os.Stderr, "open %v, width %d, out %v\n", t.StdoutOpen(), t.Width(), t.StdoutIsTerminal())
	},
	"pour": func(t *term.Terminal) {
		for {
			if _, err := t.Stdout().Write(make([]byte, 4096)); err != nil {
				fmt.Fprint(t.Stderr(), err)
				return
			}
		}
	},
	"pour errors": func(t *term.Terminal) {
		for {
			if _, err := t.Stderr().Write(make([]byte, 4096)); err != nil {
				fmt.Fprint(t.Stdout(), err)
				return
			}
		}
	},
	"open and write": func(t *term.Terminal) {
		f, err := os.CreateTemp(os.Getenv("TMPDIR"), "opened")
		if err != nil {
			panic(err)
		}
		_, err = io.WriteString(t.Stdout(), "not for the file")
		fmt.Fprintf(os.Stderr, "%v %v %s", t.StdoutOpen(), err, f.Name())
	},
}

// program is a child with a terminal of its own.
type program struct {
	*exec.Cmd
	t           *testing.T
	screen, tty *os.File // the two ends of the terminal
	shown       string   // what was read from the screen
	out, errs   bytes.Buffer
	before      unix.Termios
}

// child prepares a child whose stdin, stdout and stderr are not the terminal.
func child(t *testing.T, name string) *program {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { screen.Close(); tty.Close() })
	p := &program{Cmd: exec.CommandContext(t.Context(), os.Args[0]), t: t, screen: screen, tty: tty}
	p.Env = childEnv(name)
	p.Stdin = strings.NewReader("piped")
	p.Stdout, p.Stderr = &p.out, &p.errs
	p.ExtraFiles = []*os.File{tty}
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	p.before = p.modes()
	return p
}

// childEnv is the environment that makes this binary a child; under the race
// detector it ends without a pause.
func childEnv(name string) []string {
	return append(os.Environ(), childVariable+"="+name, "GORACE=atexit_sleep_ms=0", "COLUMNS=")
}

func (p *program) start() *program {
	p.t.Helper()
	if err := p.Start(); err != nil {
		p.t.Fatal(err)
	}
	return p
}

// finish waits for the child, and checks what it wrote to stdout and that the
// terminal is as it was.
func (p *program) finish(want string) {
	p.t.Helper()
	if err := p.Wait(); err != nil {
		p.t.Errorf("%v: %s", err, p.errs.String())
	}
	if got := p.out.String(); got != want {
		p.t.Errorf("got %s, want %s", got, want)
	}
	if p.modes() != p.before {
		p.t.Errorf("the terminal's modes are %+v, were %+v", p.modes(), p.before)
	}
}

func (p *program) modes() unix.Termios {
	p.t.Helper()
	modes, err := unix.IoctlGetTermios(int(p.tty.Fd()), term.GetModes)
	if err != nil {
		p.t.Fatal(err)
	}
	return *modes
}

func (p *program) echoes() bool { return p.modes().Lflag&unix.ECHO != 0 }

// expect reads from the screen until it shows text.
func (p *program) expect(text string) {
	p.t.Helper()
	var chunk [1024]byte
	for !strings.Contains(p.shown, text) {
		n, err := p.screen.Read(chunk[:])
		if err != nil {
			p.t.Fatalf("%v, waiting for %q in %q", err, text, p.shown)
		}
		p.shown += string(chunk[:n])
	}
}

func (p *program) enter(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.screen, text); err != nil {
		p.t.Fatal(err)
	}
}

// all is everything that the screen showed, up to now.
func (p *program) all() string {
	p.t.Helper()
	if _, err := io.WriteString(p.tty, "(end)"); err != nil {
		p.t.Fatal(err)
	}
	p.expect("(end)")
	return p.shown
}

func TestPromptWhileStdinIsAPipe(t *testing.T) {
	p := child(t, "confirm").start()
	p.expect("Revoke ci? [y/N] ")
	p.enter("y\n")
	p.finish(`true <nil>, stdin "piped"`)
	if p.errs.Len() > 0 {
		t.Errorf("stderr: %q", p.errs.String())
	}
}

func TestPromptWithoutStdin(t *testing.T) {
	p := child(t, "confirm")
	p.Stdin = nil // the null device
	p.start()
	p.expect("[y/N] ")
	p.enter("\n")
	p.finish(`false <nil>, stdin ""`)
}

func TestPromptOnARawTerminal(t *testing.T) {
	p := child(t, "ask")
	raw := p.before
	raw.Lflag &^= unix.ICANON | unix.ECHO | unix.ISIG
	raw.Iflag &^= unix.ICRNL
	if err := unix.IoctlSetTermios(int(p.tty.Fd()), term.SetModes, &raw); err != nil {
		t.Fatal(err)
	}
	p.before = p.modes()
	p.start()
	p.expect("Name: ")
	p.enter("c\x7fbackup\r") // Enter sends CR; the erase key works
	p.finish(`"backup" <nil>`)
}

func TestSecretIsNotShown(t *testing.T) {
	p := child(t, "secret").start()
	p.expect("Password: ")
	if p.echoes() {
		t.Error("the terminal echoes")
	}
	p.enter(" hunter2 \n")
	p.finish(`" hunter2 " <nil>`)
	if shown := p.all(); strings.Contains(shown, "hunter2") || !strings.Contains(shown, "Password: \r\n") {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestSecretEndsWithTheInput(t *testing.T) {
	p := child(t, "secret").start()
	p.expect("Password: ")
	p.enter("\x04")
	p.finish(`"" no answer was given`)
}

func TestTextBeforeTheEndOfTheInput(t *testing.T) {
	p := child(t, "secret").start()
	p.expect("Password: ")
	p.enter("half\x04\x04")
	p.finish(`"half" <nil>`)
}

func TestLongSecret(t *testing.T) {
	long := strings.Repeat("x", 1000) // what every system takes as a line
	p := child(t, "secret").start()
	p.expect("Password: ")
	p.enter(long + "\n")
	p.finish(fmt.Sprintf("%q <nil>", long))
}

func TestTwoSecrets(t *testing.T) {
	p := child(t, "two secrets").start()
	p.expect("Password: ")
	p.enter("one\n")
	p.expect("Again: ")
	p.enter("two\n")
	p.finish(`"one" <nil> "two" <nil>`)
}

func TestCtrlC(t *testing.T) {
	for _, name := range []string{"secret", "cancelled", "ask"} {
		t.Run(name, func(t *testing.T) {
			p := child(t, name).start()
			p.expect(": ")
			p.enter("hunter2\x03")
			p.finish(`"" context canceled`)
			if shown := p.all(); name != "ask" && strings.Contains(shown, "hunter2") {
				t.Errorf("the screen shows %q", shown)
			}
		})
	}
}

func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1} {
		p := child(t, "cancelled").start()
		p.expect("Password: ")
		if err := p.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		p.finish(`"" context canceled`)
	}
}

func TestSecretStaysHiddenAfterAStop(t *testing.T) {
	p := child(t, "secret").start()
	p.expect("Password: ")
	shell := p.before // a shell takes the terminal back with its own modes
	if err := unix.IoctlSetTermios(int(p.tty.Fd()), term.SetModes, &shell); err != nil {
		t.Fatal(err)
	}
	if err := p.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for p.echoes() { // until the child has seen the signal
		time.Sleep(time.Millisecond)
	}
	p.enter("hunter2\n")
	p.finish(`"hunter2" <nil>`)
	if shown := p.all(); strings.Contains(shown, "hunter2") {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestInteractiveOfAProcess(t *testing.T) {
	for name, c := range map[string]struct {
		stderr, controlling bool
		want                string
	}{
		"stderr and device": {true, true, "interactive true, out false, err true, width 80"},
		"stderr elsewhere":  {false, true, "interactive false, out false, err false, width 80"},
		"no device":         {true, false, "interactive false, out false, err true, width 80"},
		"neither":           {false, false, "interactive false, out false, err false, width 80"},
	} {
		t.Run(name, func(t *testing.T) {
			p := child(t, "facts")
			if c.stderr {
				p.Stderr = p.tty
			}
			if !c.controlling {
				p.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			}
			p.start().finish(c.want)
		})
	}
}

func TestForeground(t *testing.T) {
	child(t, "foreground").start().finish("true")
	p := child(t, "foreground")
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.start().finish("false")
	if term.New(term.Streams{}).InForeground() {
		t.Error("a terminal made of parts has no keys")
	}
}

func TestPromptWithoutControllingTerminal(t *testing.T) {
	p := child(t, "ask")
	p.Stderr = p.tty
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.start().finish(`"" cannot ask "Name:": there is no terminal: /dev/tty: ` + unix.ENXIO.Error())
}

func TestWidthOfATerminal(t *testing.T) {
	p := child(t, "facts to stderr")
	if err := pty.Setsize(p.tty, &pty.Winsize{Rows: 24, Cols: 47}); err != nil {
		t.Fatal(err)
	}
	p.Stdout = p.tty
	p.start().finish("")
	if got := p.errs.String(); got != "open <nil>, width 47, out true\n" {
		t.Errorf("got %q", got)
	}
}
