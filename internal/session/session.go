// Package session decides which server this run talks to and with which
// credential: the pair. Both come from one source, so that a credential never
// reaches a server that it was not given for.
//
// It knows the sources and their order. It asks no server anything, prints
// nothing, and reads nothing from the working directory. What it refuses is
// wrong usage and says what is missing; no failure and no notice holds a
// secret.
package session

import (
	"context"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
)

// Flags are the options by which a command says what to use. Empty is not
// given.
type Flags struct {
	Server    string // an address
	TokenFile string // a file that holds a token, or - for stdin
	As        string // a user to act as where the server does not check credentials

	CACert     string // a file of certificates to trust
	ClientCert string // the client's certificate
	ClientKey  string // its key, unless it is in the same file
}

// Sources are all the places that a pair may come from.
type Sources struct {
	Flags Flags
	Env   func(name string) (string, bool)
	Home  string                 // the user's home folder, empty if unknown
	Stdin func() (string, error) // all of stdin, asked at most once and only for --token-file -
}

// TLS is how the server proves who it is, and the client to it. Files are PEM.
type TLS struct {
	CACert     string // trusted in place of the system's certificates
	ClientCert string // may hold the key too
	ClientKey  string
	SkipVerify bool // the server need not prove anything
}

// Pair is a server with the credential that goes to it.
type Pair struct {
	Server       datahub.Address
	ServerSource string // where the server was given, for people
	Secret       string // a bearer token; empty if there is none
	SecretSource string // where the secret was given, for people; empty if there is none
	As           datahub.URN

	TLS     TLS
	Headers map[string]string // to be added to each request
	Timeout time.Duration     // for one request; 0: the caller's own
	Notices []string          // what the user ought to know, one line each
}

// Resolve finds the pair. The sources are, in this order: the flags, PAT_PROFILE,
// the environment as DataHub's Python client reads it, and ~/.datahubenv. The
// first that names a server decides; a later one is looked at only for a missing
// credential, and only counts if it names the very same server. Whatever is
// looked at and is wrong or half set is refused with kind Usage, rather than
// passed over for a pair that nobody meant.
func Resolve(ctx context.Context, s Sources) (Pair, error) {
	as, err := s.Flags.check()
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{}
	for _, source := range s.inOrder() {
		if err := ctx.Err(); err != nil {
			return Pair{}, err
		}
		if !pair.isMissing(as) {
			break
		}
		next, err := source()
		if err != nil {
			return Pair{}, err
		}
		pair.complete(next)
	}
	if pair.Server == (datahub.Address{}) {
		return Pair{}, s.nothingConfigured()
	}
	pair.As = as
	return s.finish(pair)
}

// inOrder are the sources by rank. Each gives the zero pair if it is not in use.
func (s Sources) inOrder() []func() (Pair, error) {
	return []func() (Pair, error){s.fromFlags, s.fromProfile, s.fromEnvironment, s.fromDatahubenv}
}

// isMissing says whether a further source is needed. The embedded DataHub signs
// in the user in its address by itself.
func (p *Pair) isMissing(as datahub.URN) bool {
	if p.Server == (datahub.Address{}) {
		return true
	}
	return p.Secret == "" && as == "" && !p.Server.IsMock()
}

// complete takes over what the pair lacks from a source of lower rank: all of
// it, or, for the same server, the credential with what belongs to its use.
func (p *Pair) complete(next Pair) {
	switch {
	case p.Server == (datahub.Address{}):
		*p = next
	case next.Server.SameServer(p.Server):
		p.Secret, p.SecretSource = next.Secret, next.SecretSource
		p.Notices = append(p.Notices, next.Notices...)
		if p.TLS == (TLS{}) {
			p.TLS = next.TLS
		}
		if len(p.Headers) == 0 {
			p.Headers = next.Headers
		}
		if p.Timeout == 0 {
			p.Timeout = next.Timeout
		}
	}
}

// notice adds a line for the user.
func (p *Pair) notice(text string) { p.Notices = append(p.Notices, text) }

// env is the value of an environment variable without surrounding space. One
// that is empty is not set.
func (s Sources) env(name string) string {
	if s.Env == nil {
		return ""
	}
	value, _ := s.Env(name)
	return strings.TrimSpace(value)
}
