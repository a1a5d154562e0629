//go:build unix

package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/session"
)

func TestFilesThatOthersCanRead(t *testing.T) {
	tests := []struct {
		mode   os.FileMode
		notice bool
	}{{0o600, false}, {0o640, false}, {0o400, false}, {0o644, true}, {0o604, true}, {0o602, true}}
	for name, on := range map[string]struct {
		machine machine
		file    string
	}{
		"token file":  {machine{flags: session.Flags{Server: here, TokenFile: "FILE"}, tokenFile: "tok"}, "token"},
		"a profile's": {machine{flags: session.Flags{Profile: "dev"}, config: profiles, tokenFile: "tok"}, "token"},
		".datahubenv": {machine{file: "gms: {server: s, token: tok}"}, ".datahubenv"},
	} {
		s := on.machine.sources(t)
		path := filepath.Join(s.Home, on.file)
		for _, tt := range tests {
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			pair, err := session.Resolve(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Contains(strings.Join(pair.Notices, "\n"), "chmod 600")
			if said != tt.notice || len(pair.Notices) > 1 {
				t.Errorf("%s with %v: %q", name, tt.mode, pair.Notices)
			}
		}
	}
}

func TestOpenFileWithoutATokenIsNoMatter(t *testing.T) {
	s := machine{file: "gms: {server: s}"}.sources(t)
	if err := os.Chmod(filepath.Join(s.Home, ".datahubenv"), 0o644); err != nil {
		t.Fatal(err)
	}
	if pair, err := session.Resolve(t.Context(), s); err != nil || len(pair.Notices) > 0 {
		t.Errorf("%q, %v", pair.Notices, err)
	}
}

// A shell's <(command) is a pipe that anybody could name and only we can read.
func TestTokenFromAPipe(t *testing.T) {
	s := machine{flags: session.Flags{Server: here, TokenFile: "HOME/pipe"}}.sources(t)
	if err := syscall.Mkfifo(s.Flags.TokenFile, 0o644); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(s.Flags.TokenFile, []byte("tok\n"), 0) }()
	pair, err := session.Resolve(t.Context(), s)
	if err != nil || pair.Secret != "tok" || len(pair.Notices) > 0 {
		t.Errorf("%q, %q, %v", pair.Secret, pair.Notices, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}
