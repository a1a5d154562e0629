package session_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
)

// ring is a system keyring: the secrets by their keys. One for another server
// than here has "SERVER " before it; a nil one must not be asked.
type ring map[string]string

// broken is a keyring's reason in place of a secret.
const broken = "broken: "

func (r ring) Get(_ context.Context, id string) (keyring.Entry, error) {
	if r == nil {
		panic("the keyring was asked for " + id)
	}
	secret, there := r[id]
	if !there {
		return keyring.Entry{}, &failure.Error{Kind: failure.NotFound, Message: "the system keyring has no secret", Err: keyring.ErrAbsent}
	}
	for _, reason := range []error{keyring.ErrLocked, keyring.ErrSilent, keyring.ErrNoBus, keyring.ErrForeign} {
		if secret == broken+reason.Error() {
			return keyring.Entry{}, &failure.Error{Kind: failure.Undelivered, Message: reason.Error(), Hint: "the keyring's own hint", Err: reason}
		}
	}
	server, token, other := strings.Cut(secret, " ")
	if !other {
		server, token = here, secret
	}
	return keyring.Entry{Server: server, ID: id, Secret: token}, nil
}

// tokenUntil is a DataHub token that ends then.
func tokenUntil(end time.Time) string {
	claims := jwt.MapClaims{"actorId": "jdoe", "type": "PERSONAL", "version": "2", "exp": end.Unix()}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("key"))
	if err != nil {
		panic(err)
	}
	return text
}

// folderThatIsRun is what is said of a folder named as a program: Windows looks
// for files with an ending of programs.
var folderThatIsRun = map[bool]string{false: "ROOT/ cannot be run: ", true: "there is no program ROOT/"}[runtime.GOOS == "windows"]

// profiles are pat's configuration in most cases.
const profiles = `current: prod
profiles:
  prod:
    server: https://here.example.com/
    frontend: https://web.example.com
    duration: ONE_WEEK
    protected: true
    token: id1
    ca_cert: ROOT/etc/ca.pem
    client_cert: ~/me.pem
    client_key: ~/me.key
    headers: {X-Gate: "${literal}"}
  dev:
    server: there.example.com
    token_file: FILE
  trial:
    server: http://localhost:8080
    as: datahub
  bare:
    server: https://here.example.com
`

// prodPair is what the profile prod gives.
func prodPair(how string) found {
	return found{
		Server: here, ServerSource: "profile prod (" + how + ")", Secret: "tok", SecretSource: "the system keyring (profile prod)",
		TLS: session.TLS{CACert: root + "/etc/ca.pem", ClientCert: "HOME/me.pem", ClientKey: "HOME/me.key"}, Headers: map[string]string{"X-Gate": "${literal}"},
		Profile: "prod", Frontend: "https://web.example.com", Duration: "ONE_WEEK", Protected: true,
	}
}

// devPair is what the profile dev gives.
func devPair(how string) found {
	return found{Server: there, ServerSource: "profile dev (" + how + ")", Secret: "from-profile", SecretSource: "token_file FILE (profile dev)", Profile: "dev"}
}

// hides is a pair that takes the place of the current profile.
func hides(name string, pair found) found {
	pair.Hidden = name
	return pair
}

func TestProfileOrder(t *testing.T) {
	full := env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "from-env"}
	named := func(name string, more env) env {
		all := env{"PAT_PROFILE": name}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{"--profile before all", machine{flags: session.Flags{Profile: "dev"}, env: named("prod", full), file: theirs, tokenFile: "from-profile\n"}, devPair("--profile")},
		{"--profile, whatever PAT_PROFILE is", machine{flags: session.Flags{Profile: "trial"}, env: named("none", nil)},
			found{Server: "http://localhost:8080", ServerSource: "profile trial (--profile)", As: "urn:li:corpuser:datahub", Profile: "trial"}},
		{"--profile and a file for --server", machine{flags: session.Flags{Profile: "dev"}, env: env{"PAT_TOKEN_FILE": "FILE"}, tokenFile: "from-profile"}, devPair("--profile")},
		{"PAT_PROFILE before the environment", machine{env: named("dev", full), tokenFile: "from-profile"}, hides("prod", devPair("PAT_PROFILE"))},
		{"PAT_PROFILE is the current one", machine{env: named("prod", full), ring: ring{"id1": "tok"}}, prodPair("PAT_PROFILE")},
		{"the environment before the current profile", machine{env: full}, hides("prod", found{Server: here, ServerSource: envURL, Secret: "from-env", SecretSource: envToken})},
		{"the current profile before the file", machine{file: theirs, ring: ring{"id1": "tok"}}, prodPair("current")},
		{"the current profile, whatever becomes of the file", machine{file: theirs, env: env{"DATAHUB_SKIP_CONFIG": "true"}, ring: ring{"id1": "tok"}}, prodPair("current")},
		{"--server before the current profile", machine{flags: session.Flags{Server: there}}, found{Server: there, ServerSource: "--server"}},
		{"--server with a file before all", machine{flags: session.Flags{Server: there, TokenFile: "FILE"}, env: named("none", full), tokenFile: "x"},
			found{Server: there, ServerSource: "--server", Secret: "x", SecretSource: "--token-file FILE"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.on.config = profiles
			tt.on.check(t, tt.want)
		})
	}
}

func TestProfileCredentialOfTheSameServer(t *testing.T) {
	from := func(server string, how string) found {
		pair := prodPair("")
		pair.Server, pair.ServerSource = server, how
		return pair
	}
	bare := found{Server: here, ServerSource: "profile bare (--profile)", Secret: "from-env", SecretSource: envToken, Profile: "bare"}
	both := prodPair("current")
	both.ServerSource, both.Profile, both.Frontend, both.Duration = "profile bare (--profile)", "bare", "", ""
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{"--server takes that of the current profile", machine{flags: session.Flags{Server: here}, ring: ring{"id1": "tok"}}, from(here, "--server")},
		{"and of PAT_PROFILE first", machine{flags: session.Flags{Server: there}, env: env{"PAT_PROFILE": "dev"}, tokenFile: "from-profile"},
			found{Server: there, ServerSource: "--server", Secret: "from-profile", SecretSource: "token_file FILE (profile dev)", Profile: "dev"}},
		{"the environment's server takes that of the current profile", machine{env: env{"DATAHUB_GMS_URL": here}, ring: ring{"id1": "tok"}}, from(here, envURL)},
		{"a profile without one takes the environment's", machine{flags: session.Flags{Profile: "bare"}, env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "from-env"}}, bare},
		{"or the current profile's, which protects", machine{flags: session.Flags{Profile: "bare"}, ring: ring{"id1": "tok"}}, both},
		{"not of another server, nor is the keyring asked", machine{flags: session.Flags{Server: there}, env: env{"PAT_PROFILE": "prod"}}, found{Server: there, ServerSource: "--server"}},
		{"not where the user says who it is", machine{flags: session.Flags{Server: here, As: "jdoe"}}, found{Server: here, ServerSource: "--server", As: "urn:li:corpuser:jdoe"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.on.config = profiles
			tt.on.check(t, tt.want)
		})
	}
}

func TestAsOnAProfilesServer(t *testing.T) {
	pair := prodPair("current")
	pair.Secret, pair.SecretSource, pair.As = "", "", "urn:li:corpuser:jdoe"
	machine{config: profiles, flags: session.Flags{As: "jdoe"}}.check(t, pair)
	machine{config: profiles, flags: session.Flags{As: "jdoe"}, env: env{"PAT_PROFILE": "trial"}}.
		check(t, found{Server: "http://localhost:8080", ServerSource: "profile trial (PAT_PROFILE)", As: "urn:li:corpuser:jdoe", Profile: "trial", Hidden: "prod"})
}

func TestProfileFlagsExclude(t *testing.T) {
	for says, flags := range map[string]session.Flags{
		"--profile and --server":           {Profile: "prod", Server: here},
		"--profile and --token-file":       {Profile: "prod", TokenFile: "FILE"},
		"--profile and --as":               {Profile: "prod", As: "jdoe"},
		"--system-client and --profile":    {Profile: "prod", SystemClient: true},
		"--system-client and --as":         {SystemClient: true, As: "jdoe"},
		"--system-client and --token-file": {SystemClient: true, Server: here, TokenFile: "FILE"},
	} {
		machine{config: profiles, flags: flags, tokenFile: "hunter2"}.refuses(t, says+" exclude each other")
	}
	machine{config: profiles, env: env{"PAT_PROFILE": "prod", "PAT_TOKEN_FILE": "FILE"}, tokenFile: "hunter2"}.
		refuses(t, "PAT_TOKEN_FILE gives a credential, and --server is missing", "profile prod has "+here)
}

func TestUnknownProfile(t *testing.T) {
	machine{config: profiles, flags: session.Flags{Profile: "hunter"}}.fails(t, failure.NotFound, `--profile: there is no profile "hunter"`, "prod, dev, trial, bare")
	unknown := env{"PAT_PROFILE": "stage", "DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "hunter2"}
	machine{config: profiles, env: unknown, file: theirs}.fails(t, failure.NotFound, `PAT_PROFILE: there is no profile "stage"`, "prod, dev")
	machine{config: profiles, env: unknown, flags: session.Flags{Server: here}}.fails(t, failure.NotFound, "PAT_PROFILE")
	machine{env: unknown}.fails(t, failure.NotFound, "there are no profiles yet", "pat login")
	machine{config: "current: stage\n" + "profiles: {prod: {server: s}}", file: theirs}.
		fails(t, failure.NotFound, "config.yaml: current: there is no profile \"stage\"", "there are: prod")
	s := machine{env: unknown}.sources(t)
	s.Config = nil
	if _, err := session.Resolve(t.Context(), s); failure.KindOf(err) != failure.NotFound {
		t.Errorf("without a configuration: %v", err)
	}
}

func TestNoCurrentProfile(t *testing.T) {
	machine{config: strings.Replace(profiles, "current: prod\n", "", 1)}.refuses(t, "no DataHub server", "prod, dev, trial, bare", "pat profile use")
	machine{config: strings.Replace(profiles, "current: prod\n", "", 1), file: theirs}.check(t, theirPair)
}

func TestBrokenConfiguration(t *testing.T) {
	const twice = "current: prod\ncurrent: hunter2\n"
	machine{config: twice, file: theirs}.refuses(t, "config.yaml, line 2: a key is given twice")
	machine{config: twice, env: env{"PAT_PROFILE": "prod"}}.refuses(t, "line 2")
	machine{config: twice, env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "x"}}.
		check(t, found{Server: here, ServerSource: envURL, Secret: "x", SecretSource: envToken})
}

func TestConfigurationIsReadAtMostOnce(t *testing.T) {
	on := machine{config: profiles, ring: ring{"id1": "tok"}, env: env{"DATAHUB_GMS_URL": here}}
	s, times := on.sources(t), 0
	load := s.Config
	s.Config = func() (*config.File, error) { times++; return load() }
	if _, err := session.Resolve(t.Context(), s); err != nil || times != 1 {
		t.Errorf("read %d times (%v)", times, err)
	}
	s.Flags = session.Flags{Server: here, TokenFile: s.Home + "/ca.pem"}
	if _, err := session.Resolve(t.Context(), s); err != nil || times != 1 {
		t.Errorf("read %d times in all (%v)", times, err)
	}
}

func TestUnknownKeysOfAUsedConfiguration(t *testing.T) {
	odd := "current: prod\nprofiles: {prod: {server: '" + here + "', tokenfile: hunter2, as: x}}"
	pair := found{Server: here, ServerSource: "profile prod (current)", As: "urn:li:corpuser:x", Profile: "prod", Notices: []string{"prod.tokenfile"}}
	machine{config: odd}.check(t, pair)
	machine{config: odd, flags: session.Flags{Server: there}}.check(t, found{Server: there, ServerSource: "--server"})
}

func TestProfileRefused(t *testing.T) {
	for text, says := range map[string][]string{
		"{token: id1}":                                      {"profile p: server is missing"},
		"{server: 'ftp://hunter2'}":                         {"profile p: server: ", "http://"},
		"{server: s, as: me}":                               {"profile p: as needs a user"},
		"{server: s, as: 'urn:li:corpGroup:x'}":             {"profile p: as: "},
		"{server: s, as: x, token: y}":                      {"profile p: as and token exclude each other"},
		"{server: s, token_file: token}":                    {"token_file is not a whole path"},
		"{server: s, token: eyJhunter2}":                    {"looks like a token itself"},
		"{server: s, token_file: HOME/none}":                {"token_file HOME/none (profile p): cannot be read", "pat login --profile p"},
		"{server: s, token_file: HOME}":                     {"cannot be read"},
		"{server: s, token_file: FILE}":                     {"profile p", "several lines"},
		"{server: s, token_command: [pat-no-such-program]}": {"token_command of profile p: there is no program pat-no-such-program"},
		"{server: s, token_command: [ROOT/]}":               {"token_command of profile p: " + folderThatIsRun},
		"{server: s, token_command: ['']}":                  {"names no program"},
	} {
		on := machine{config: "profiles: {p: " + text + "}", flags: session.Flags{Profile: "p"}, tokenFile: "hunter2\nhunter2"}
		s := on.sources(t)
		pair, err := session.Resolve(t.Context(), s)
		if failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: %+v, %v", text, pair, err)
			continue
		}
		said := err.Error() + "; " + failure.Of(err).Hint
		for _, part := range says {
			if !strings.Contains(said, strings.NewReplacer("HOME", slashed(s.Home), "ROOT", root).Replace(part)) {
				t.Errorf("%s: %q does not say %q", text, said, part)
			}
		}
		if strings.Contains(said, "hunter2") {
			t.Errorf("a secret is repeated: %q", said)
		}
	}
}

func TestProfileTokenInTheKeyring(t *testing.T) {
	const absent, login = "no token for profile prod any more", "pat login --profile prod"
	on := func(secret string) machine { return machine{config: profiles, file: theirs, ring: ring{"id1": secret}} }
	unanswered := func(reason error) machine { return on(broken + reason.Error()) }
	machine{config: profiles, file: theirs, ring: ring{}}.fails(t, failure.Unauthenticated, absent, login)
	on(tokenUntil(now)).fails(t, failure.Unauthenticated, "the token of profile prod expired on 2026-11-22 at 10:00 UTC", login)
	on("https://evil.example.com hunter2").refuses(t, "for another server (https://evil.example.com)", login)
	on("nonsense hunter2").refuses(t, "for another server")
	on(here+" hunter2 x").refuses(t, "characters that no token has")
	unanswered(keyring.ErrLocked).fails(t, failure.Undelivered, "the token of profile prod cannot be read: the system keyring is locked", "unlock it", "--token-file")
	unanswered(keyring.ErrSilent).fails(t, failure.Undelivered, "does not answer", "--keyring-timeout")
	unanswered(keyring.ErrNoBus).fails(t, failure.Undelivered, "no D-Bus session bus", "DATAHUB_GMS_TOKEN")
	unanswered(keyring.ErrForeign).fails(t, failure.Undelivered, "not written by pat", "the keyring's own hint")
	for _, reason := range []error{keyring.ErrLocked, keyring.ErrSilent, keyring.ErrNoBus} {
		_, err := session.Resolve(t.Context(), unanswered(reason).sources(t))
		if said := err.Error() + failure.Of(err).Hint; !errors.Is(err, reason) || strings.Contains(said, "login") || strings.Contains(said, "--to ") {
			t.Errorf("%q", said)
		}
	}
	pair := prodPair("current")
	pair.Secret = tokenUntil(now.Add(time.Second))
	on(pair.Secret).check(t, pair)
}

func TestKeyringThatIsNotThere(t *testing.T) {
	s := machine{config: profiles}.sources(t)
	s.Keyring = nil
	if _, err := session.Resolve(t.Context(), s); failure.KindOf(err) != failure.Undelivered {
		t.Errorf("%v", err)
	}
	broken := errors.New("broken")
	s.Keyring = func() (session.Keyring, error) { return nil, broken }
	if _, err := session.Resolve(t.Context(), s); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestRecordedEnd(t *testing.T) {
	ended := func(rest string) string {
		return "profiles: {p: {server: '" + here + "', ends: 2026-11-22T09:59:59Z, " + rest + "}}"
	}
	flags := session.Flags{Profile: "p"}
	// The keyring need not be asked for what is of no use.
	machine{config: ended("token: id1"), flags: flags}.fails(t, failure.Unauthenticated, "expired on 2026-11-22 at 09:59 UTC", "pat login --profile p")
	machine{config: ended("token_file: FILE"), flags: flags, tokenFile: "tok"}.fails(t, failure.Unauthenticated, "expired", "put a new one into", "pat login --profile p")
	// A token that says otherwise was put there by somebody else.
	renewed := tokenUntil(now.Add(time.Hour))
	machine{config: ended("token_file: FILE"), flags: flags, tokenFile: renewed}.
		check(t, found{Server: here, ServerSource: "profile p (--profile)", Secret: renewed, SecretSource: "token_file FILE (profile p)", Profile: "p"})
	never := "profiles: {p: {server: '" + here + "', ends: never, token_file: FILE}}"
	machine{config: never, flags: flags, tokenFile: tokenUntil(now)}.fails(t, failure.Unauthenticated, "expired")
	machine{config: never, flags: flags, tokenFile: "tok"}.
		check(t, found{Server: here, ServerSource: "profile p (--profile)", Secret: "tok", SecretSource: "token_file FILE (profile p)", Profile: "p"})
}

func TestSystemClient(t *testing.T) {
	client := env{"DATAHUB_GMS_URL": here, "DATAHUB_SYSTEM_CLIENT_ID": "__datahub_system", "DATAHUB_SYSTEM_CLIENT_SECRET": "Jo:hn/=="}
	with := func(name, value string) env {
		all := env{name: value}
		for k, v := range client {
			if _, there := all[k]; !there {
				all[k] = v
			}
		}
		return all
	}
	asked := session.Flags{SystemClient: true}
	pair := found{
		Server: here, ServerSource: envURL, SecretSource: "the environment (DATAHUB_SYSTEM_CLIENT_ID and DATAHUB_SYSTEM_CLIENT_SECRET)",
		Headers: map[string]string{"Authorization": "Basic __datahub_system:Jo:hn/=="},
	}
	machine{flags: asked, env: client}.check(t, pair)
	machine{flags: asked, env: with("DATAHUB_GMS_TOKEN", "tok"), config: profiles, file: theirs}.check(t, hides("prod", pair))
	machine{flags: asked, env: with("PAT_TOKEN_FILE", "FILE"), tokenFile: "tok"}.check(t, pair)
	flagged := pair
	flagged.ServerSource = "--server"
	machine{flags: session.Flags{SystemClient: true, Server: here}, env: client}.check(t, flagged)

	machine{flags: asked, env: with("DATAHUB_SYSTEM_CLIENT_ID", " ")}.refuses(t, "DATAHUB_SYSTEM_CLIENT_ID is missing")
	machine{flags: asked, env: with("DATAHUB_SYSTEM_CLIENT_SECRET", "")}.refuses(t, "DATAHUB_SYSTEM_CLIENT_SECRET is missing")
	machine{flags: asked, env: with("DATAHUB_SYSTEM_CLIENT_SECRET", "hunter2\r\nX: y")}.refuses(t, "characters that cannot be sent")
	machine{flags: asked, env: with("DATAHUB_GMS_URL", ""), file: theirs, config: profiles}.refuses(t, "DATAHUB_GMS_URL is missing")
	machine{flags: session.Flags{SystemClient: true, Server: there}, env: client}.refuses(t, "DATAHUB_GMS_URL does not name "+there)

	hint := []string{"only with --system-client"}
	machine{env: client}.check(t, found{Server: here, ServerSource: envURL, Notices: hint})
	machine{env: with("DATAHUB_GMS_TOKEN", "tok")}.check(t, found{Server: here, ServerSource: envURL, Secret: "tok", SecretSource: envToken})
	machine{env: client, file: theirs}.check(t, found{
		Server: here, ServerSource: envURL, Secret: "from-file", SecretSource: "~/.datahubenv", TLS: theirTLS, Headers: theirHeaders, Timeout: 10 * time.Second,
	})
	machine{env: client, flags: session.Flags{As: "jdoe"}}.check(t, found{Server: here, ServerSource: envURL, As: "urn:li:corpuser:jdoe"})
}

func TestHasCredential(t *testing.T) {
	for _, pair := range []session.Pair{{Secret: "x"}, {As: datahub.URN("x")}, {Headers: map[string]string{"authorization": "x"}}} {
		if !pair.HasCredential() {
			t.Errorf("%+v has none", pair)
		}
	}
	if (session.Pair{Headers: map[string]string{"X": "y"}, SecretSource: "x"}).HasCredential() {
		t.Error("nothing is a credential")
	}
}
