package session_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// Who is about to sign in needs a server and no credential: no keyring is asked,
// no program run and no file read, whatever is set. (The keyring of a machine
// without one panics when it is asked.)
func TestServerWithoutACredential(t *testing.T) {
	const command = "profiles: {prod: {server: 'https://here.example.com', token_command: [ROOT/nonexistent/program]}}\ncurrent: prod\n"
	tests := []struct {
		name            string
		on              machine
		server, profile string
	}{
		{"current profile", machine{config: profiles}, here, "prod"},
		{"named profile", machine{config: profiles, flags: session.Flags{Profile: "dev"}}, there, "dev"},
		{"profile that acts as a user", machine{config: profiles, flags: session.Flags{Profile: "trial"}}, "http://localhost:8080", "trial"},
		{"profile with a program", machine{config: command}, here, "prod"},
		{"PAT_PROFILE", machine{config: profiles, env: env{"PAT_PROFILE": "dev"}}, there, "dev"},
		{"flag", machine{config: profiles, flags: session.Flags{Server: there}}, there, ""},
		{"flag beside a file that is not there", machine{flags: session.Flags{Server: there, TokenFile: "nowhere"}, env: env{"PAT_TOKEN_FILE": "nowhere"}}, there, ""},
		{"profile beside a file", machine{config: profiles, flags: session.Flags{Profile: "dev", TokenFile: "nowhere"}}, there, "dev"},
		{"environment", machine{config: profiles, env: env{"DATAHUB_GMS_URL": there, "DATAHUB_GMS_TOKEN": "two words"}}, there, ""},
		{"token without a server", machine{config: profiles, env: env{"DATAHUB_GMS_TOKEN": "x"}}, here, "prod"},
		{"~/.datahubenv", machine{file: theirs}, here, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair, err := session.ResolveServer(t.Context(), tt.on.sources(t))
			if err != nil {
				t.Fatalf("%v (%s)", err, failure.Of(err).Hint)
			}
			if pair.Server.String() != tt.server || pair.Profile != tt.profile || pair.Secret != "" || pair.As != "" {
				t.Errorf("%+v", pair)
			}
		})
	}
}

// What belongs to reaching the server comes along.
func TestWayToTheServer(t *testing.T) {
	pair, err := session.ResolveServer(t.Context(), machine{config: profiles}.sources(t))
	if err != nil || pair.TLS.CACert != root+"/etc/ca.pem" || pair.Headers["X-Gate"] == "" || pair.Frontend != "https://web.example.com" || !pair.Protected {
		t.Errorf("%+v, %v", pair, err)
	}
}

func TestNothingConfiguredIsTold(t *testing.T) {
	if _, err := session.ResolveServer(t.Context(), machine{}.sources(t)); !errors.Is(err, session.ErrNothingConfigured) || failure.KindOf(err) != failure.Usage {
		t.Errorf("%v", err)
	}
	if _, err := session.Resolve(t.Context(), machine{}.sources(t)); !errors.Is(err, session.ErrNothingConfigured) {
		t.Errorf("%v", err)
	}
	for name, on := range map[string]machine{
		"half set":        {env: env{"DATAHUB_GMS_PORT": "8080"}},
		"unknown profile": {flags: session.Flags{Profile: "nowhere"}},
		"bad address":     {flags: session.Flags{Server: "ftp://x"}},
	} {
		if _, err := session.ResolveServer(t.Context(), on.sources(t)); err == nil || errors.Is(err, session.ErrNothingConfigured) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := session.ResolveServer(ctx, machine{file: theirs}.sources(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestGivenTokens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("\ufeffBearer tok\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if secret, notices, err := session.ReadTokenFile(file, nil); err != nil || secret != "tok" || len(notices) != 0 {
		t.Errorf("%q, %q, %v", secret, notices, err)
	}
	stdin := func() (string, error) { return " tok \n", nil }
	if secret, _, err := session.ReadTokenFile("-", stdin); err != nil || secret != "tok" {
		t.Errorf("%q, %v", secret, err)
	}
	for _, file := range []string{"nowhere", "eyJhbGciOiJIUzI1NiJ9.hunter2"} {
		if _, _, err := session.ReadTokenFile(file, stdin); failure.KindOf(err) != failure.Usage || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
	if secret, err := session.CleanSecret("what was pasted", " bearer tok\n"); err != nil || secret != "tok" {
		t.Errorf("%q, %v", secret, err)
	}
	for _, text := range []string{"", " ", "hunter2 x", "hunter2\nx", "'hunter2'", "${hunter2}", "hunter2\x1b[0m", strings.Repeat("hunter2", 4000)} {
		_, err := session.CleanSecret("what was pasted", text)
		if failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), "what was pasted") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}
