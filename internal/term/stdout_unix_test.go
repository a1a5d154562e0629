//go:build unix

package term_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// piped runs a child with the given stdout, through a shell where that is a
// redirection, and returns what it says on stderr.
func piped(t *testing.T, name, redirection string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `exec "$0" `+redirection, os.Args[0])
	cmd.Env = append(childEnv(name), "TMPDIR="+t.TempDir())
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	return errs.String()
}

func TestStdoutOpenOfAProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for redirection, want := range map[string]string{
		">&-":           "open standard output is closed: bad file descriptor",
		"1<>/dev/null":  "open standard output is closed: bad file descriptor",
		"1<" + file:     "open standard output is not open for writing: bad file descriptor",
		"1</dev/null":   "open standard output is not open for writing: bad file descriptor",
		">/dev/null":    "open <nil>",
		">" + file:      "open <nil>",
		"1<>" + file:    "open <nil>",
		"| cat":         "open <nil>",
		"<&- >&- 2>&2 ": "open standard output is closed: bad file descriptor",
	} {
		if got := piped(t, "facts to stderr", redirection); !strings.HasPrefix(got, want+", ") {
			t.Errorf("%s: %q, want %q", redirection, got, want)
		}
	}
}

// brokenPipe is the writing end of a pipe that nobody reads.
func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func TestReaderThatWentAwayIsSeen(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnv("facts to stderr")
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = brokenPipe(t), &errs
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if got := errs.String(); !strings.HasPrefix(got, "open nobody reads standard output: broken pipe, ") {
		t.Errorf("got %q", got)
	}
}

func TestBrokenPipeIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ out, errs bool }{
		"pour":        {out: true},
		"pour errors": {errs: true},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = childEnv(name)
			var said strings.Builder
			cmd.Stdout, cmd.Stderr = io.Writer(&said), io.Writer(&said)
			if c.out {
				cmd.Stdout = brokenPipe(t)
			}
			if c.errs {
				cmd.Stderr = brokenPipe(t)
			}
			if err := cmd.Run(); err != nil {
				t.Fatalf("the process did not survive: %v", err)
			}
			if !strings.HasSuffix(said.String(), "broken pipe") {
				t.Errorf("said %q", said.String())
			}
		})
	}
}

func TestFullDeviceIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no full device")
	}
	if got := piped(t, "pour", ">/dev/full"); !strings.HasSuffix(got, "no space left on device") {
		t.Errorf("got %q", got)
	}
}

// TestNoFileTakesTheNumberOfAClosedStdout guards against a result, or a secret,
// ending up in whatever file was opened next.
func TestNoFileTakesTheNumberOfAClosedStdout(t *testing.T) {
	got := piped(t, "open and write", ">&-")
	said, file, found := strings.Cut(got, "descriptor <nil> ")
	if !found || !strings.HasPrefix(said, "standard output is closed") {
		t.Fatalf("got %q", got)
	}
	if content, err := os.ReadFile(file); len(content) > 0 || err != nil {
		t.Errorf("the file holds %q, %v", content, err)
	}
}
