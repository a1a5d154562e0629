package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// program makes the test's own binary one that a profile names: the value is
// which of programs it is.
const program = "PAT_TEST_PROGRAM"

// programs are what a token_command can be.
var programs = map[string]func(){
	"token":    func() { fmt.Println("  tok  ") },
	"windows":  func() { fmt.Print("tok\r\n") },
	"nothing":  func() { fmt.Fprintln(os.Stderr, "the vault is sealed") },
	"lines":    func() { fmt.Println("hunter2\nhunter2") },
	"huge":     func() { fmt.Println(strings.Repeat("hunter2", 1<<20)) },
	"fails":    func() { fmt.Fprintln(os.Stderr, "first\nno such secret\n "); fmt.Println("hunter2"); os.Exit(3) },
	"repeats":  func() { fmt.Fprintln(os.Stderr, "found hunter2"); fmt.Println("hunter2"); os.Exit(1) },
	"rambles":  func() { fmt.Fprintln(os.Stderr, strings.Repeat("é", 5000)); os.Exit(1) },
	"hangs":    func() { fmt.Fprintln(os.Stderr, "waiting for a key"); hang() },
	"stdin":    func() { text, _ := io.ReadAll(os.Stdin); fmt.Printf("tok%d\n", len(text)) },
	"argument": func() { fmt.Println(os.Args[len(os.Args)-1]) },
}

// hang never ends by itself.
func hang() {
	for {
		time.Sleep(time.Hour)
	}
}

func TestMain(m *testing.M) {
	if play, ok := programs[os.Getenv(program)]; ok {
		play()
		return
	}
	os.Exit(m.Run())
}

// running is a machine whose profile p has its token printed by one of programs.
func running(t *testing.T, which string, arguments ...string) session.Sources {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(program, which)
	words := ""
	for _, word := range append([]string{slashed(self)}, arguments...) {
		words += fmt.Sprintf("%q, ", word)
	}
	return machine{
		config: "profiles: {p: {server: '" + here + "', token_command: [" + words + "]}}", flags: session.Flags{Profile: "p"},
	}.sources(t)
}

func TestTokenCommand(t *testing.T) {
	for which, want := range map[string]string{"token": "tok", "windows": "tok", "stdin": "tok0", "argument": "$HOME;`id`*"} {
		s := running(t, which, "$HOME;`id`*")
		pair, err := session.Resolve(t.Context(), s)
		if which == "argument" { // as it is, which no token is
			if err == nil || !strings.Contains(err.Error(), "characters that no token has") {
				t.Errorf("%s: %v", which, err)
			}
			continue
		}
		if err != nil || pair.Secret != want || pair.SecretSource != "token_command of profile p" || len(pair.Notices) > 0 {
			t.Errorf("%s: %+v, %v", which, pair, err)
		}
	}
	s := running(t, "argument", "plain-argument")
	if pair, err := session.Resolve(t.Context(), s); err != nil || pair.Secret != "plain-argument" {
		t.Errorf("%+v, %v", pair, err)
	}
}

func TestTokenCommandFails(t *testing.T) {
	for which, want := range map[string]struct {
		kind failure.Kind
		says string
	}{
		"nothing": {failure.Unauthenticated, "printed nothing: it says: the vault is sealed"},
		"lines":   {failure.Usage, "has several lines"},
		"huge":    {failure.Usage, "too long"},
		"fails":   {failure.Unauthenticated, "failed (exit status 3): it says: no such secret"},
		"repeats": {failure.Unauthenticated, "failed (exit status 1)"},
		"rambles": {failure.Unauthenticated, "é…"},
	} {
		_, err := session.Resolve(t.Context(), running(t, which))
		if failure.KindOf(err) != want.kind {
			t.Errorf("%s: kind %q: %v", which, failure.KindOf(err), err)
			continue
		}
		said := err.Error() + failure.Of(err).Hint
		if !strings.Contains(said, want.says) || !strings.Contains(said, "token_command of profile p") || len(said) > 1000 {
			t.Errorf("%s: %q does not say %q", which, said, want.says)
		}
		if strings.Contains(said, "hunter2") {
			t.Errorf("%s: a secret is repeated: %q", which, said)
		}
	}
}

func TestTokenCommandHangs(t *testing.T) {
	s := running(t, "hangs")
	s.CommandLimit = 300 * time.Millisecond
	_, err := session.Resolve(t.Context(), s)
	if failure.KindOf(err) != failure.Unauthenticated || !strings.Contains(err.Error(), "did not end within 300ms and was stopped") {
		t.Errorf("%v", err)
	}
}

func TestTokenCommandIsNotRunForAnotherServer(t *testing.T) {
	s := running(t, "hangs")
	s.Flags = session.Flags{Server: there}
	s.Env = func(name string) (string, bool) {
		return map[string]string{"PAT_PROFILE": "p"}[name], name == "PAT_PROFILE"
	}
	if pair, err := session.Resolve(t.Context(), s); err != nil || pair.Secret != "" {
		t.Errorf("%+v, %v", pair, err)
	}
}

func TestTokenCommandOutOfTime(t *testing.T) {
	s := running(t, "hangs")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := session.Resolve(ctx, s); failure.KindOf(err) != failure.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A program in the working directory is somebody else's.
func TestTokenCommandInTheWorkingDirectory(t *testing.T) {
	folder := t.TempDir()
	name := "helper"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\necho hunter2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	t.Setenv("PATH", "."+string(os.PathListSeparator)+os.Getenv("PATH"))
	machine{config: "profiles: {p: {server: s, token_command: [helper]}}", flags: session.Flags{Profile: "p"}}.
		refuses(t, "token_command of profile p: helper is in the working directory")
}
