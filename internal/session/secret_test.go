package session_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

func TestTokenFile(t *testing.T) {
	for name, text := range map[string]string{
		"bare":                 "tok.en_-1~+/=",
		"with a newline":       "tok.en_-1~+/=\n",
		"with a Windows one":   "tok.en_-1~+/=\r\n",
		"with space around":    " \t\n tok.en_-1~+/= \n\n",
		"with a scheme":        "Bearer tok.en_-1~+/=\n",
		"with a scheme's case": "bearer  tok.en_-1~+/=",
		"marked as UTF-8":      "\ufefftok.en_-1~+/=",
	} {
		t.Run(name, func(t *testing.T) {
			want := found{Server: here, ServerSource: "--server", Secret: "tok.en_-1~+/=", SecretSource: "--token-file FILE"}
			machine{flags: session.Flags{Server: here, TokenFile: "FILE"}, tokenFile: text}.check(t, want)
			want.SecretSource = "PAT_TOKEN_FILE FILE"
			machine{flags: session.Flags{Server: here}, env: env{"PAT_TOKEN_FILE": "FILE"}, tokenFile: text}.check(t, want)
		})
	}
}

func TestTokenFromStdin(t *testing.T) {
	want := found{Server: here, ServerSource: "--server", Secret: "tok", SecretSource: "stdin"}
	machine{flags: session.Flags{Server: here, TokenFile: "-"}, stdin: "tok\n"}.check(t, want)
	machine{flags: session.Flags{Server: here, TokenFile: "-"}, stdin: "hunter2\nhunter2\n"}.refuses(t, "stdin", "lines")
	machine{flags: session.Flags{Server: here, TokenFile: "-"}, stdin: ""}.refuses(t, "stdin is empty")
}

func TestStdinIsReadOnlyWhenAskedAndOnce(t *testing.T) {
	times := 0
	s := machine{flags: session.Flags{Server: here, TokenFile: "-"}}.sources(t)
	s.Stdin = func() (string, error) { times++; return "tok", nil }
	if _, err := session.Resolve(t.Context(), s); err != nil || times != 1 {
		t.Errorf("read %d times (%v)", times, err)
	}
	s.Flags.TokenFile = ""
	if _, err := session.Resolve(t.Context(), s); err != nil || times != 1 {
		t.Errorf("read %d times in all (%v)", times, err)
	}
}

func TestStdinFails(t *testing.T) {
	broken := errors.New("broken")
	s := machine{flags: session.Flags{Server: here, TokenFile: "-"}}.sources(t)
	s.Stdin = func() (string, error) { return "", broken }
	if _, err := session.Resolve(t.Context(), s); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	s.Stdin = nil
	if _, err := session.Resolve(t.Context(), s); failure.KindOf(err) != failure.Usage {
		t.Errorf("%v", err)
	}
}

func TestTokenFileRefused(t *testing.T) {
	for says, text := range map[string]string{
		"is empty":    " \n",
		"lines":       "hunter2\nhunter3\n",
		"too long":    strings.Repeat("hunter2", 4000),
		"placeholder": "${hunter2}",
		"characters":  "\"hunter2\"",
	} {
		machine{flags: session.Flags{Server: here, TokenFile: "FILE"}, tokenFile: text}.refuses(t, "--token-file", says)
	}
	for _, text := range []string{"hunter2\x00", "hunter2\x1b[2J", "hunter2é", "hunter2 x", "hunter2\tx", "<hunter2>", "hunter2,x", "\xff\xfeh\x00u\x00"} {
		machine{flags: session.Flags{Server: here, TokenFile: "FILE"}, tokenFile: text}.refuses(t, "characters that no token has")
	}
	machine{flags: session.Flags{Server: here, TokenFile: "HOME/none"}}.refuses(t, "--token-file", "none: cannot be read: ")
	machine{flags: session.Flags{Server: here, TokenFile: "HOME"}}.refuses(t, "--token-file", "cannot be read: ")
}

func TestTokenInPlaceOfItsFile(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiJ9.hunter2.x"
	machine{flags: session.Flags{Server: here, TokenFile: token}}.refuses(t, "--token-file", "looks like a token", "revoke it")
	machine{flags: session.Flags{Server: here}, env: env{"PAT_TOKEN_FILE": token}}.refuses(t, "PAT_TOKEN_FILE", "looks like a token")
}

func TestHugeTokenFileIsNotReadWhole(t *testing.T) {
	s := machine{flags: session.Flags{Server: here, TokenFile: "FILE"}}.sources(t)
	file, err := os.Create(filepath.Join(s.Home, "token"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Truncate(1 << 40); err != nil { // no more on disk than before
		t.Skipf("no sparse files here: %v", err)
	}
	if _, err := session.Resolve(t.Context(), s); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("%v", err)
	}
}
