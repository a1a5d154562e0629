package config

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// Profile is a server with what is needed to use it. What the file does not say
// is empty. At most one of As, Token, TokenFile and TokenCommand is given.
type Profile struct {
	Server   string // server: the address
	Frontend string // frontend: the address of the web interface, where that is another
	Duration string // duration: how long new tokens are valid, unless something else is said

	As           string   // as: the user to act as where the server does not check credentials
	Token        string   // token: which entry of the keyring has the token: its id, or SecretPrefix with a SHA-256
	TokenFile    string   // token_file: the file that holds the token
	TokenCommand []string // token_command: a program with its arguments that prints the token

	Protected  bool              // protected: destructive commands want the name to be given
	CACert     string            // ca_cert: a file of certificates to trust
	ClientCert string            // client_cert: a file with the client's certificate
	ClientKey  string            // client_key: a file with its key, unless that is in the same file
	Headers    map[string]string // headers: to be added to each request

	Actor    string // actor: URN of whom the token represents, as login found it
	Ends     End    // ends: when the token ends, as login found it
	Endpoint string // endpoint: gms or frontend, as login found it
	Issued   bool   // issued: pat itself issued the token at login, and may revoke it when it is replaced
}

// SecretPrefix comes before the SHA-256, in lower-case hex, of a token whose id
// is not known: together they are its key in the keyring.
const SecretPrefix = "secret-sha256:"

// profileName is what a profile may be called: nothing that a shell or a flag
// would take for something else.
var profileName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._-]{0,63}$`)
})

// CheckName refuses what cannot be the name of a profile, as wrong usage.
func CheckName(name string) error {
	if !profileName().MatchString(name) {
		return failure.New(failure.Usage, "%.40q cannot be the name of a profile", name).
			WithHint("a name has up to 64 letters, digits and . _ -, and does not start with -")
	}
	return nil
}

// Check refuses a profile that contradicts itself or lacks something, as wrong
// usage. The message does not name the profile.
func (p Profile) Check() error {
	if p.Server == "" {
		return failure.New(failure.Usage, "server is missing")
	}
	var credentials []string
	for key, given := range map[string]bool{
		"as": p.As != "", "token": p.Token != "", "token_file": p.TokenFile != "", "token_command": len(p.TokenCommand) > 0,
	} {
		if given {
			credentials = append(credentials, key)
		}
	}
	slices.Sort(credentials)
	switch {
	case len(credentials) > 1:
		return failure.New(failure.Usage, "%s exclude each other", strings.Join(credentials, " and "))
	case p.ClientKey != "" && p.ClientCert == "":
		return failure.New(failure.Usage, "client_key is given and client_cert is missing")
	case strings.HasPrefix(p.Token, "eyJ"):
		return failure.New(failure.Usage, "token says which entry of the keyring has the token, and looks like a token itself").
			WithHint("take it for leaked and revoke it; `pat login` keeps a new one in the keyring")
	case len(p.TokenCommand) > 0 && p.TokenCommand[0] == "":
		return failure.New(failure.Usage, "token_command names no program")
	}
	return p.checkPaths()
}

// checkPaths refuses paths that mean another file in each folder: nothing is
// read from the working directory.
func (p Profile) checkPaths() error {
	for _, f := range p.texts() {
		if f.isPath && *f.value != "" && !isFixed(*f.value) {
			return failure.New(failure.Usage, "%s is not a whole path", f.key).WithHint("start it with %s", wholePath)
		}
	}
	if len(p.TokenCommand) > 0 {
		if program := p.TokenCommand[0]; strings.ContainsFunc(program, isSeparator) && !isFixed(program) {
			return failure.New(failure.Usage, "token_command does not start with a whole path").
				WithHint("start it with %s, or with the bare name of a program", wholePath)
		}
	}
	return nil
}

func isSeparator(r rune) bool { return r < 0x80 && os.IsPathSeparator(byte(r)) }

// isFixed says whether a path means the same file everywhere.
func isFixed(path string) bool {
	return filepath.IsAbs(path) || len(path) > 1 && path[0] == '~' && os.IsPathSeparator(path[1])
}

// clone is a copy that shares nothing.
func (p Profile) clone() Profile {
	p.TokenCommand, p.Headers = slices.Clone(p.TokenCommand), maps.Clone(p.Headers)
	return p
}

// textKey is a key whose value is a text, and where the value is kept.
type textKey struct {
	key    string
	value  *string
	isPath bool
}

// texts are the keys of a profile that have a text, in the order in which they
// are written.
func (p *Profile) texts() []textKey {
	return []textKey{
		{"server", &p.Server, false}, {"frontend", &p.Frontend, false}, {"as", &p.As, false}, {"duration", &p.Duration, false},
		{"token", &p.Token, false}, {"token_file", &p.TokenFile, true},
		{"ca_cert", &p.CACert, true}, {"client_cert", &p.ClientCert, true}, {"client_key", &p.ClientKey, true},
		{"actor", &p.Actor, false}, {"endpoint", &p.Endpoint, false},
	}
}

// truthKey is a key whose value is true or false, and where the value is kept.
type truthKey struct {
	key   string
	value *bool
}

func (p *Profile) truths() []truthKey {
	return []truthKey{{"protected", &p.Protected}, {"issued", &p.Issued}}
}

// The other keys of a profile.
const (
	endsKey    = "ends"
	commandKey = "token_command"
	headersKey = "headers"
)

// never is how the file says that a token does not end.
const never = "never"

// End is when a token ends. The zero End is not known.
type End struct {
	At    time.Time // UTC, whole seconds; zero if unknown, or if it never ends
	Never bool
}

// EndOf is the end of a token whose end is known; the zero time is never.
func EndOf(at time.Time) End {
	if at.IsZero() {
		return End{Never: true}
	}
	return End{At: at.UTC().Truncate(time.Second)}
}

// String is the end as the file has it: never, a time, or nothing.
func (e End) String() string {
	switch {
	case e.Never:
		return never
	case e.At.IsZero():
		return ""
	}
	return e.At.Format(time.RFC3339)
}

// Passed says whether the token has ended, as far as that is known.
func (e End) Passed(now time.Time) bool { return !e.Never && !e.At.IsZero() && !now.Before(e.At) }

// parseEnd reads what String writes.
func parseEnd(text string) (End, error) {
	if text == never || text == "" {
		return End{Never: text == never}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.IsZero() {
		return End{}, failure.New(failure.Usage, "not a time")
	}
	return EndOf(at), nil
}
