package session_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// env is an environment.
type env map[string]string

// machine is where a case takes place. FILE in flags and environment stands for
// a file that holds the text of tokenFile, BUNDLE for one of certificates.
type machine struct {
	flags     session.Flags
	env       env
	file      string // ~/.datahubenv, none if empty
	tokenFile string
	stdin     string
	config    string // pat's own configuration, none if empty
	ring      ring   // the system keyring, by the keys of its entries
}

// now is when all cases take place.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// sources sets the machine up.
func (m machine) sources(t *testing.T) session.Sources {
	t.Helper()
	home := t.TempDir()
	files := strings.NewReplacer("FILE", filepath.Join(home, "token"), "BUNDLE", filepath.Join(home, "ca.pem"), "HOME", home)
	// In YAML a backslash may begin an escape.
	inYAML := strings.NewReplacer("FILE", slashed(home)+"/token", "HOME", slashed(home), "ROOT", root)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", m.tokenFile)
	write("ca.pem", "certificates")
	if m.file != "" {
		write(".datahubenv", m.file)
	}
	m.flags.TokenFile = files.Replace(m.flags.TokenFile)
	return session.Sources{
		Flags: m.flags,
		Env: func(name string) (string, bool) {
			value, ok := m.env[name]
			return files.Replace(value), ok
		},
		Home:  home,
		Stdin: func() (string, error) { return m.stdin, nil },
		Config: func() (*config.File, error) {
			path := filepath.Join(home, "pat", "config.yaml")
			if m.config == "" {
				return config.Load(path)
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			write(filepath.Join("pat", "config.yaml"), inYAML.Replace(m.config))
			return config.Load(path)
		},
		Keyring: func() (session.Keyring, error) { return m.ring, nil },
		Now:     func() time.Time { return now },
	}
}

// root begins a path that is whole on every system.
var root = filepath.VolumeName(os.TempDir())

// slashed is a path as it may stand in YAML.
func slashed(path string) string { return filepath.ToSlash(path) }

// found is a pair as a case expects it. Notices need only contain the texts.
type found struct {
	Server, ServerSource, Secret, SecretSource string
	As                                         datahub.URN
	TLS                                        session.TLS
	Headers                                    map[string]string
	Timeout                                    time.Duration
	Notices                                    []string

	Profile, Frontend, Duration, Hidden string
	Protected                           bool
}

// check resolves the pair on the machine.
func (m machine) check(t *testing.T, want found) {
	t.Helper()
	s := m.sources(t)
	pair, err := session.Resolve(t.Context(), s)
	if err != nil {
		t.Fatalf("%v (%s)", err, failure.Of(err).Hint)
	}
	notices := pair.Notices
	plain := strings.NewReplacer(filepath.Join(s.Home, "token"), "FILE", slashed(s.Home)+"/token", "FILE", filepath.Join(s.Home, "ca.pem"), "BUNDLE")
	pair.TLS.CACert = plain.Replace(pair.TLS.CACert)
	atHome := strings.NewReplacer(s.Home+string(filepath.Separator), "HOME/")
	pair.TLS.ClientCert, pair.TLS.ClientKey = atHome.Replace(pair.TLS.ClientCert), atHome.Replace(pair.TLS.ClientKey)
	got := found{
		pair.Server.String(), pair.ServerSource, pair.Secret, plain.Replace(pair.SecretSource),
		pair.As, pair.TLS, pair.Headers, pair.Timeout, want.Notices,
		pair.Profile, pair.Frontend, pair.Duration, pair.Hidden, pair.Protected,
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if len(notices) != len(want.Notices) {
		t.Fatalf("notices %q, want %q", notices, want.Notices)
	}
	for i, text := range want.Notices {
		if !strings.Contains(notices[i], text) {
			t.Errorf("%q does not say %q", notices[i], text)
		}
	}
}

// refuses resolves the pair on a machine where that is wrong usage. The texts
// must be in the message or the hint; "hunter2" must not.
func (m machine) refuses(t *testing.T, says ...string) {
	t.Helper()
	m.fails(t, failure.Usage, says...)
}

// fails is refuses for another kind of failure.
func (m machine) fails(t *testing.T, kind failure.Kind, says ...string) {
	t.Helper()
	pair, err := session.Resolve(t.Context(), m.sources(t))
	if failure.KindOf(err) != kind {
		t.Fatalf("kind %q: %+v, %v", failure.KindOf(err), pair, err)
	}
	text := err.Error() + "; " + failure.Of(err).Hint
	for _, part := range says {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
	if strings.Contains(text, "hunter2") {
		t.Errorf("a secret is repeated: %q", text)
	}
}

const (
	here  = "https://here.example.com"
	there = "https://there.example.com"
)

// theirs is a ~/.datahubenv with everything.
const theirs = `gms:
  server: https://here.example.com/
  token: from-file
  timeout_sec: 10
  extra_headers: {X-Team: data}
  ca_certificate_path: /etc/ca.pem
  client_certificate_path: /etc/me.pem
  client_key_path: /etc/me.key
`

var (
	theirTLS     = session.TLS{CACert: "/etc/ca.pem", ClientCert: "/etc/me.pem", ClientKey: "/etc/me.key"}
	theirHeaders = map[string]string{"X-Team": "data"}
	theirPair    = found{
		Server: here, ServerSource: "~/.datahubenv", Secret: "from-file", SecretSource: "~/.datahubenv",
		TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second,
	}
	envURL   = "the environment (DATAHUB_GMS_URL)"
	envToken = "the environment (DATAHUB_GMS_TOKEN)"
	envParts = "the environment (DATAHUB_GMS_HOST and DATAHUB_GMS_PORT)"
)

func TestOrder(t *testing.T) {
	full := env{"DATAHUB_GMS_URL": there, "DATAHUB_GMS_TOKEN": "from-env"}
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{
			"flags before all", machine{flags: session.Flags{Server: "third.example.com", TokenFile: "FILE"}, env: full, file: theirs, tokenFile: "from-flag\n"},
			found{Server: "https://third.example.com", ServerSource: "--server", Secret: "from-flag", SecretSource: "--token-file FILE"},
		},
		{
			"environment before file", machine{env: full, file: theirs},
			found{Server: there, ServerSource: envURL, Secret: "from-env", SecretSource: envToken},
		},
		{"file", machine{file: theirs}, theirPair},
		{"file where variables are set and empty", machine{env: env{"DATAHUB_GMS_URL": " ", "DATAHUB_GMS_TOKEN": "", "PAT_PROFILE": "", "PAT_TOKEN_FILE": ""}, file: theirs}, theirPair},
		{"file without a token", machine{file: "gms: {server: 'http://localhost:8080'}"}, found{Server: "http://localhost:8080", ServerSource: "~/.datahubenv"}},
		{"environment without a token", machine{env: env{"DATAHUB_GMS_URL": "localhost:8080"}}, found{Server: "http://localhost:8080", ServerSource: envURL}},
		{"server without a credential anywhere", machine{flags: session.Flags{Server: here}}, found{Server: here, ServerSource: "--server"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.on.check(t, tt.want) })
	}
}

func TestNothingConfigured(t *testing.T) {
	ways := []string{"no DataHub server", "pat login", "--server", "--token-file", "DATAHUB_GMS_URL", "DATAHUB_GMS_TOKEN", "~/.datahubenv", "--server mock:"}
	machine{}.refuses(t, ways...)
	machine{file: "# empty"}.refuses(t, ways...)
	machine{file: theirs, env: env{"DATAHUB_SKIP_CONFIG": "True"}}.refuses(t, append(ways, "DATAHUB_SKIP_CONFIG")...)
	if _, err := session.Resolve(t.Context(), session.Sources{}); failure.KindOf(err) != failure.Usage {
		t.Errorf("without home and environment: %v", err)
	}
}

func TestCredentialOfTheSameServer(t *testing.T) {
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{
			"from the file, with what belongs to it",
			machine{flags: session.Flags{Server: "HERE.example.com:443"}, file: theirs},
			found{
				Server: here, ServerSource: "--server", Secret: "from-file", SecretSource: "~/.datahubenv",
				TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second,
			},
		},
		{
			"from the environment first",
			machine{flags: session.Flags{Server: here}, env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "from-env", "DATAHUB_CLIENT_CERT_PATH": "/c"}, file: theirs},
			found{Server: here, ServerSource: "--server", Secret: "from-env", SecretSource: envToken, TLS: session.TLS{ClientCert: "/c"}},
		},
		{
			"from the file for the environment's server",
			machine{env: env{"DATAHUB_GMS_URL": here}, file: theirs},
			found{
				Server: here, ServerSource: envURL, Secret: "from-file", SecretSource: "~/.datahubenv",
				TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second,
			},
		},
		{
			"past an environment that has none",
			machine{flags: session.Flags{Server: here}, env: env{"DATAHUB_GMS_URL": here}, file: theirs},
			found{
				Server: here, ServerSource: "--server", Secret: "from-file", SecretSource: "~/.datahubenv",
				TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second,
			},
		},
		{
			"with the own way of proving who is asking",
			machine{env: env{"DATAHUB_GMS_URL": here, "DATAHUB_CLIENT_CERT_PATH": "/c"}, file: theirs},
			found{
				Server: here, ServerSource: envURL, Secret: "from-file", SecretSource: "~/.datahubenv",
				TLS: session.TLS{ClientCert: "/c"}, Headers: theirHeaders, Timeout: 10 * time.Second,
			},
		},
		{
			"past an environment for another server",
			machine{flags: session.Flags{Server: here}, env: env{"DATAHUB_GMS_URL": there, "DATAHUB_GMS_TOKEN": "from-env"}, file: "gms: {server: '" + here + "', token: from-file}"},
			found{Server: here, ServerSource: "--server", Secret: "from-file", SecretSource: "~/.datahubenv"},
		},
		{
			"not where the user says whose credential it is",
			machine{flags: session.Flags{Server: here, TokenFile: "FILE"}, tokenFile: "from-flag", file: theirs},
			found{Server: here, ServerSource: "--server", Secret: "from-flag", SecretSource: "--token-file FILE"},
		},
		{
			"not for the embedded DataHub, which has users of its own",
			machine{flags: session.Flags{Server: "mock:jdoe"}, env: env{"DATAHUB_GMS_URL": "mock:", "DATAHUB_GMS_TOKEN": "from-env"}},
			found{Server: "mock:jdoe", ServerSource: "--server"},
		},
		{
			"nor is the environment looked at for it",
			machine{flags: session.Flags{Server: "mock:"}, env: env{"DATAHUB_GMS_TOKEN": "from-env"}, file: "gms: ["},
			found{Server: "mock:", ServerSource: "--server"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.on.check(t, tt.want) })
	}
}

func TestCredentialNeverGoesToAnotherServer(t *testing.T) {
	for _, server := range []string{
		there, "http://here.example.com", "https://here.example.com:8443", "https://here.example.com/gms",
		"https://here.example.com.", "https://sub.here.example.com", "https://here.example.com.evil.example",
	} {
		for name, on := range map[string]machine{
			"flag against file":        {flags: session.Flags{Server: server}, file: theirs},
			"flag against environment": {flags: session.Flags{Server: server}, env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "from-env"}},
			"environment against file": {env: env{"DATAHUB_GMS_URL": server}, file: theirs},
		} {
			pair, err := session.Resolve(t.Context(), on.sources(t))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if pair.Secret != "" || pair.SecretSource != "" || pair.Headers != nil || pair.TLS != (session.TLS{}) {
				t.Errorf("%s: %s gets %+v", name, server, pair)
			}
		}
	}
}

func TestAs(t *testing.T) {
	const jdoe = "urn:li:corpuser:jdoe"
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{"with a server", machine{flags: session.Flags{Server: here, As: "jdoe"}, file: theirs}, found{Server: here, ServerSource: "--server", As: jdoe}},
		{
			"with the environment's server", machine{flags: session.Flags{As: jdoe}, env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "from-env"}},
			found{Server: here, ServerSource: envURL, As: jdoe},
		},
		{
			"with the file's server", machine{flags: session.Flags{As: "jdoe"}, file: theirs},
			found{Server: here, ServerSource: "~/.datahubenv", As: jdoe, TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second},
		},
		{
			"with credentials lying about", machine{flags: session.Flags{As: "jdoe"}, env: env{"DATAHUB_GMS_TOKEN": "from-env", "PAT_TOKEN_FILE": "FILE"}, file: theirs},
			found{Server: here, ServerSource: "~/.datahubenv", As: jdoe, TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second},
		},
		{"with another way to sign in", machine{flags: session.Flags{As: "jdoe"}, file: "gms: {server: s, auth: {x: y}}"}, found{Server: "https://s", ServerSource: "~/.datahubenv", As: jdoe}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.on.check(t, tt.want) })
	}
	machine{flags: session.Flags{Server: here, As: "jdoe", TokenFile: "FILE"}}.refuses(t, "--as and --token-file")
	machine{flags: session.Flags{Server: here, As: "urn:li:corpGroup:x"}}.refuses(t, "--as", "urn:li:corpuser:jdoe")
	machine{flags: session.Flags{Server: here, As: "me"}}.refuses(t, "--as needs a user")
	machine{flags: session.Flags{As: "jdoe"}, file: "gms: {token: hunter2}"}.refuses(t, "no DataHub server")
}

func TestFlagsRefused(t *testing.T) {
	machine{flags: session.Flags{Server: "ftp://hunter2"}}.refuses(t, "--server: ", "https://datahub.example.com")
	machine{flags: session.Flags{Server: here, ClientKey: "/k"}}.refuses(t, "--client-key needs --client-cert")
	machine{flags: session.Flags{TokenFile: "FILE"}, tokenFile: "hunter2"}.refuses(t, "--token-file", "--server is missing")
	machine{flags: session.Flags{TokenFile: "FILE"}, tokenFile: "hunter2", file: theirs, env: env{"DATAHUB_GMS_URL": there}}.
		refuses(t, "--server is missing", there, "~/.datahubenv has "+here)
	machine{env: env{"PAT_TOKEN_FILE": "FILE", "DATAHUB_GMS_URL": there}, tokenFile: "hunter2"}.refuses(t, "PAT_TOKEN_FILE", "--server is missing", there)
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := session.Resolve(ctx, machine{file: theirs}.sources(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
