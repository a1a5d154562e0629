package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/google/go-cmp/cmp"
)

// file puts a text where a configuration can be.
func file(t *testing.T, text string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load reads a text as a configuration.
func load(t *testing.T, text string) *config.File {
	t.Helper()
	f, err := config.Load(file(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// root begins a path that is whole on every system.
var root = filepath.VolumeName(os.TempDir())

// prod is a profile with everything that goes together.
var prod = `# where we work
current: prod
profiles:
  prod:
    server: https://datahub.example.com/gms   # the real one
    frontend: https://datahub.example.com
    duration: ONE_MONTH
    protected: true
    token: secret-sha256:00ff
    ca_cert: ` + root + `/etc/ca.pem
    client_cert: ~/me.pem
    client_key: ~/me.key
    headers: {X-Gate: open}
    actor: urn:li:corpuser:jdoe
    ends: 2026-12-22T10:00:00Z
    endpoint: gms
    issued: yes

  # for trying things
  dev:
    server: localhost:8080
    as: datahub
    ends: never
`

var wantProd = config.Profile{
	Server: "https://datahub.example.com/gms", Frontend: "https://datahub.example.com", Duration: "ONE_MONTH", Protected: true,
	Token: "secret-sha256:00ff", CACert: root + "/etc/ca.pem", ClientCert: "~/me.pem", ClientKey: "~/me.key",
	Headers: map[string]string{"X-Gate": "open"}, Actor: "urn:li:corpuser:jdoe",
	Ends: config.End{At: time.Date(2026, 12, 22, 10, 0, 0, 0, time.UTC)}, Endpoint: "gms", Issued: true,
}

func TestLoad(t *testing.T) {
	f := load(t, prod)
	if diff := cmp.Diff([]string{"prod", "dev"}, f.Names()); diff != "" {
		t.Error(diff)
	}
	if f.Current != "prod" || len(f.Notices) > 0 || !f.Has("dev") || f.Has("x") {
		t.Errorf("%+v", f)
	}
	got, err := f.Profile("prod")
	if diff := cmp.Diff(wantProd, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	got, err = f.Profile("dev")
	if diff := cmp.Diff(config.Profile{Server: "localhost:8080", As: "datahub", Ends: config.End{Never: true}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestLoadForms(t *testing.T) {
	tests := []struct {
		name, text string
		want       config.Profile
	}{
		{"numbers and dates are texts", "profiles: {p: {server: 1, duration: 2026-01-01, token: 007}}", config.Profile{Server: "1", Duration: "2026-01-01", Token: "007"}},
		{"nothing is empty", "profiles:\n  p:\n    server:\n    as: ~\n    ends:\n    headers:\n    protected:\n    token_command:\n", config.Profile{}},
		{"an empty profile", "profiles:\n  p:\n", config.Profile{}},
		{"an alias", "x: &x {server: s}\nprofiles:\n  p: *x\n", config.Profile{Server: "s"}},
		{"a command", "profiles: {p: {token_command: [pass, show, 1]}}", config.Profile{TokenCommand: []string{"pass", "show", "1"}}},
		{"an end elsewhere", "profiles: {p: {ends: '2026-12-22T11:00:00+01:00'}}", config.Profile{Ends: wantProd.Ends}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := load(t, tt.text).Profile("p")
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func TestNothingToLoad(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "profiles:\n", "current:\nprofiles: {}\n", "~", "---\n"} {
		if f := load(t, text); f.Current != "" || len(f.Names()) > 0 || len(f.Notices) > 0 {
			t.Errorf("%q: %+v", text, f)
		}
	}
	f, err := config.Load(filepath.Join(t.TempDir(), "none", "config.yaml"))
	if err != nil || len(f.Names()) > 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestUnknownProfile(t *testing.T) {
	_, err := load(t, prod).Profile("stage")
	if failure.KindOf(err) != failure.NotFound || !strings.Contains(failure.Of(err).Hint, "prod, dev") {
		t.Errorf("%v (%s)", err, failure.Of(err).Hint)
	}
	_, err = load(t, "").Profile("stage")
	if failure.KindOf(err) != failure.NotFound || !strings.Contains(failure.Of(err).Hint, "pat login") {
		t.Errorf("%v (%s)", err, failure.Of(err).Hint)
	}
}

func TestUnknownKeysAreNoticed(t *testing.T) {
	f := load(t, "x: 1\nprofiles:\n  p:\n    server: s\n    token-file: hunter2\n")
	if len(f.Notices) != 2 || !strings.Contains(f.Notices[0], "line 1: pat does not know the key x") ||
		!strings.Contains(f.Notices[1], "line 5: pat does not know the key p.token-file") {
		t.Errorf("%q", f.Notices)
	}
	if strings.Contains(strings.Join(f.Notices, ""), "hunter2") {
		t.Errorf("a value is repeated: %q", f.Notices)
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := []struct{ name, text, says string }{
		{"no YAML", "profiles:\n  p: hunter2: x\n", "line 2: this is not YAML"},
		{"text", "hunter2", "line 1: the file is not a list of keys"},
		{"a list", "- hunter2", "line 1: the file is not"},
		{"profiles are a list", "profiles: [hunter2]", "line 1: profiles is not"},
		{"a profile is text", "profiles:\n  p: hunter2", "line 2: profile p is not"},
		{"a key twice", "current: hunter2\ncurrent: x\n", "line 2: a key is given twice"},
		{"a profile twice", "profiles:\n  p: {server: s}\n  p: {server: hunter2}\n", "line 3: a key is given twice"},
		{"a merge key", "x: &x {server: s}\nprofiles:\n  p:\n    <<: *x\n", "line 4: profile p has a key that is not a plain word"},
		{"a key that is a list", "profiles:\n  p:\n    ? [hunter2]\n    : x\n", "profile p has a key"},
		{"an odd name", "profiles:\n  'a b': {server: s}\n", "line 2: \"a b\" cannot be the name"},
		{"an option as name", "profiles:\n  --all: {server: s}\n", "cannot be the name"},
		{"current is a list", "current: [hunter2]\n", "line 1: current is not text"},
		{"server is a list", "profiles:\n  p:\n    server: [hunter2]\n", "line 3: p.server is not text"},
		{"a command is text", "profiles:\n  p:\n    token_command: pass hunter2\n", "line 3: p.token_command is not a list"},
		{"headers are text", "profiles:\n  p:\n    headers: hunter2\n", "line 3: p.headers is not"},
		{"a header is a list", "profiles:\n  p:\n    headers: {X: [hunter2]}\n", "p.headers is not"},
		{"neither true nor false", "profiles:\n  p:\n    protected: hunter2\n", "line 3: p.protected is not true or false"},
		{"an end that is none", "profiles:\n  p:\n    ends: hunter2\n", "line 3: p.ends is not a time"},
		{"a key twice in headers", "profiles:\n  p:\n    headers: {X: hunter2, X: y}\n", "p.headers is not"},
		{"huge", "# " + strings.Repeat("hunter2", 1<<18), "too large"},
		{"binary", "profiles: \"hunter2\xff\"", "not YAML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t, tt.text)
			f, err := config.Load(path)
			refuses(t, err, tt.says)
			if f != nil {
				t.Errorf("%+v", f)
			}
			refuses(t, config.Store{Path: path}.SetCurrent(t.Context(), "p"), tt.says)
		})
	}
	_, err := config.Load(t.TempDir())
	refuses(t, err, "is not a file")
}

// refuses checks that err is wrong usage, says what is wrong, and repeats no
// value.
func refuses(t *testing.T, err error, says string) {
	t.Helper()
	if failure.KindOf(err) != failure.Usage {
		t.Fatalf("kind %q: %v", failure.KindOf(err), err)
	}
	text := err.Error() + "; " + failure.Of(err).Hint
	if !strings.Contains(text, says) {
		t.Errorf("%q does not say %q", text, says)
	}
	if strings.Contains(text, "hunter2") {
		t.Errorf("a value is repeated: %q", text)
	}
}

func TestCheck(t *testing.T) {
	if err := wantProd.Check(); err != nil {
		t.Error(err)
	}
	tests := []struct {
		profile config.Profile
		says    string
	}{
		{config.Profile{Token: "id"}, "server is missing"},
		{config.Profile{Server: "s", As: "x", Token: "id"}, "as and token exclude each other"},
		{config.Profile{Server: "s", TokenFile: "/t", TokenCommand: []string{"x"}, Token: "id"}, "token and token_command and token_file exclude"},
		{config.Profile{Server: "s", ClientKey: "/k"}, "client_cert is missing"},
		{config.Profile{Server: "s", Token: "eyJhunter2"}, "looks like a token itself"},
		{config.Profile{Server: "s", TokenFile: "t"}, "token_file is not a whole path"},
		{config.Profile{Server: "s", TokenFile: "-"}, "token_file is not a whole path"},
		{config.Profile{Server: "s", CACert: "./ca"}, "ca_cert is not a whole path"},
		{config.Profile{Server: "s", ClientCert: "~"}, "client_cert is not a whole path"},
		{config.Profile{Server: "s", TokenCommand: []string{"./x"}}, "token_command does not start with a whole path"},
		{config.Profile{Server: "s", TokenCommand: []string{"", "x"}}, "names no program"},
	}
	for _, tt := range tests {
		refuses(t, tt.profile.Check(), tt.says)
	}
	for _, fine := range []config.Profile{
		{Server: "s"}, {Server: "s", TokenFile: "~/t"}, {Server: "s", TokenCommand: []string{"pass", "./x"}}, {Server: "s", TokenCommand: []string{"~/bin/x"}},
	} {
		if err := fine.Check(); err != nil {
			t.Errorf("%+v: %v", fine, err)
		}
	}
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "prod-eu.1_x", "0", "_", strings.Repeat("a", 64)} {
		if err := config.CheckName(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "-a", "a b", "a/b", "ä", "a\n", "a$", strings.Repeat("a", 65)} {
		if config.CheckName(name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

func TestEnd(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	tests := []struct {
		end    config.End
		text   string
		passed bool
	}{
		{config.End{}, "", false},
		{config.EndOf(time.Time{}), "never", false},
		{config.EndOf(at), "2026-01-02T02:04:05Z", true},
		{config.EndOf(at.Add(time.Second)), "2026-01-02T02:04:06Z", false},
	}
	for _, tt := range tests {
		if tt.end.String() != tt.text || tt.end.Passed(at) != tt.passed {
			t.Errorf("%+v: %q, %v", tt.end, tt.end, tt.end.Passed(at))
		}
	}
}
