//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// onTerminal runs a program on a pseudo-terminal and answers its prompts:
//
//	terminal [-code N] [-cols N] [-stdin FILE] [-stdout FILE] [-waiting shown] [PROMPT ANSWER]... -- PROGRAM ARGUMENTS...
//
// ANSWER is typed when PROMPT has appeared; ^C and ^U in it are the keys. What was on the
// screen becomes the script's stdout, without what tells of waiting unless that is asked
// for: how long that takes is the machine's business.
func onTerminal(ts *testscript.TestScript, neg bool, args []string) {
	run := terminalRun{columns: 120}
	run.parse(ts, args)
	screen, code := run.play(ts)
	if run.waiting == "" {
		screen = toldWaiting.ReplaceAll(screen, nil)
	}
	_, err := ts.Stdout().Write(screen)
	ts.Check(err)
	if code != run.code {
		ts.Fatalf("exit code %d, want %d; the screen:\n%s", code, run.code, screen)
	}
}

// toldWaiting is what tells of waiting, from when it is drawn to when it is taken away.
var toldWaiting = regexp.MustCompile(`(?:\x1b\[2K\r[-|/\\] asking [^\x1b]*)+\x1b\[2K\r`)

// keys are how an answer spells what one types.
var keys = strings.NewReplacer(`\n`, "\n", `\t`, "\t", "^C", "\x03", "^U", "\x15")

type terminalRun struct {
	code, columns          int
	stdin, stdout, waiting string
	dialogue               []string
	command                []string
}

func (r *terminalRun) parse(ts *testscript.TestScript, args []string) {
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		ts.Check(err)
		return n
	}
	for len(args) > 1 && args[0] != "--" {
		switch args[0] {
		case "-code":
			r.code = number(args[1])
		case "-cols":
			r.columns = number(args[1])
		case "-stdin":
			r.stdin = ts.MkAbs(args[1])
		case "-stdout":
			r.stdout = ts.MkAbs(args[1])
		case "-waiting":
			r.waiting = args[1]
		default:
			r.dialogue = append(r.dialogue, args[0], args[1])
		}
		args = args[2:]
	}
	if len(args) < 2 {
		ts.Fatalf("usage: terminal [-code N] [-cols N] [-stdin FILE] [-stdout FILE] [-waiting shown] [PROMPT ANSWER]... -- PROGRAM ARGUMENTS...")
	}
	r.command = args[1:]
}

// play runs the program and returns what the screen showed and the exit code.
func (r *terminalRun) play(ts *testscript.TestScript) ([]byte, int) {
	keyboard, tty, err := pty.Open()
	ts.Check(err)
	defer keyboard.Close()
	ts.Check(pty.Setsize(keyboard, &pty.Winsize{Rows: 40, Cols: uint16(r.columns)}))
	cmd := r.start(ts, tty)
	tty.Close()
	shown, ended := make(chan []byte), make(chan error, 1)
	go watch(keyboard, shown)
	go func() { ended <- cmd.Wait() }()
	screen, err := r.converse(ts, cmd, keyboard, shown, ended)
	return screen, exitCode(ts, err)
}

// watch passes on what the screen shows until nobody has the terminal open.
func watch(keyboard *os.File, shown chan<- []byte) {
	defer close(shown)
	for {
		chunk := make([]byte, 4096)
		n, err := keyboard.Read(chunk)
		if n > 0 {
			shown <- chunk[:n]
		}
		if err != nil {
			return
		}
	}
}

// start runs the program with the pseudo-terminal as its controlling one.
func (r *terminalRun) start(ts *testscript.TestScript, tty *os.File) *exec.Cmd {
	cmd := exec.Command(lookPath(ts, r.command[0]), r.command[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 2}
	if r.stdin != "" {
		file, err := os.Open(r.stdin)
		ts.Check(err)
		ts.Defer(func() { file.Close() })
		cmd.Stdin = file
	}
	if r.stdout != "" {
		file, err := os.Create(r.stdout)
		ts.Check(err)
		ts.Defer(func() { file.Close() })
		cmd.Stdout = file
	}
	ts.Check(cmd.Start())
	return cmd
}

// converse types each answer when its prompt has appeared, until the program has
// ended and nothing more is shown.
func (r *terminalRun) converse(ts *testscript.TestScript, cmd *exec.Cmd, keyboard *os.File, shown <-chan []byte, ended <-chan error) ([]byte, error) {
	const patience = time.Minute
	killer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer killer.Stop()
	var screen bytes.Buffer
	var quiet <-chan time.Time // once the program has ended
	var result error
	read, rest := 0, r.dialogue
	for open := true; open; {
		select {
		case chunk, more := <-shown:
			open = more
			screen.Write(chunk)
		case result = <-ended:
			ended, quiet = nil, time.After(5*time.Second)
		case <-quiet:
			open = false // a terminal that stays open though its last program has ended
		}
		for len(rest) > 0 && strings.Contains(screen.String()[read:], rest[0]) {
			read = screen.Len()
			_, err := keyboard.WriteString(keys.Replace(rest[1]))
			ts.Check(err)
			rest = rest[2:]
		}
	}
	if ended != nil {
		result = <-ended
	}
	if len(rest) > 0 {
		ts.Logf("screen:\n%s", screen.String())
		ts.Fatalf("the prompt %q did not appear", rest[0])
	}
	return bytes.ReplaceAll(screen.Bytes(), []byte("\r\n"), []byte("\n")), result
}
