package session_test

import (
	"errors"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// The server is found without anything being done for the credential: the
// keyring of these machines panics when it is asked.
func TestServer(t *testing.T) {
	printed := "current: p\nprofiles:\n  p:\n    server: " + there + "\n    token_command: [touch, ran]\n"
	for name, c := range map[string]struct {
		machine machine
		want    string
	}{
		"flag":             {machine{flags: session.Flags{Server: here, TokenFile: "nowhere"}, config: profiles}, here},
		"profile":          {machine{flags: session.Flags{Profile: "dev"}, config: profiles}, there},
		"PAT_PROFILE":      {machine{env: env{"PAT_PROFILE": "dev"}, config: profiles}, there},
		"environment":      {machine{env: env{"DATAHUB_GMS_URL": there}, config: profiles}, there},
		"current profile":  {machine{config: profiles}, here},
		"token_command":    {machine{config: printed}, there},
		"~/.datahubenv":    {machine{file: "gms:\n  server: " + there + "\n  token: x\n"}, there},
		"PAT_TOKEN_FILE=-": {machine{flags: session.Flags{Profile: "dev"}, env: env{"PAT_TOKEN_FILE": "-"}, config: profiles}, there},
	} {
		server, err := session.Server(c.machine.sources(t))
		if err != nil || server.String() != c.want {
			t.Errorf("%s: %s, %v", name, server, err)
		}
	}
	if _, err := session.Server(machine{}.sources(t)); !errors.Is(err, session.ErrNothingConfigured) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := session.Server(machine{flags: session.Flags{Profile: "none"}, config: profiles}.sources(t)); failure.KindOf(err) != failure.NotFound {
		t.Errorf("an unknown profile: %v", err)
	}
}

// Where nobody may be asked, no program is run.
func TestSilent(t *testing.T) {
	sources := machine{config: "current: p\nprofiles:\n  p:\n    server: " + here + "\n    token_command: [sh, -c, 'exit 99']\n"}.sources(t)
	sources.Silent = true
	_, err := session.Resolve(t.Context(), sources)
	if failure.KindOf(err) != failure.Undelivered {
		t.Errorf("%v", err)
	}
}
