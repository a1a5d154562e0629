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

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/keyring"
)

// Flags are the options by which a command says what to use. Empty is not
// given.
type Flags struct {
	Server    string // an address
	TokenFile string // a file that holds a token, or - for stdin
	As        string // a user to act as where the server does not check credentials
	Profile   string // the name of a profile

	// SystemClient asks for the id and the secret with which DataHub's own
	// services sign in, from the environment.
	SystemClient bool

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

	Config  func() (*config.File, error) // pat's own configuration, read when profiles matter; nil: there is none
	Keyring func() (Keyring, error)      // asked only where the chosen profile's token is there; nil: there is none

	// Silent: nothing may be started that could ask somebody. A profile's
	// token_command is not run.
	Silent bool

	Now          func() time.Time // nil: the clock
	CommandLimit time.Duration    // how long a profile's token_command may take; 0: 30 s
}

// Keyring is what is needed of the system's keyring.
type Keyring interface {
	// Get is the entry of a token, as [keyring.Keyring.Get] has it.
	Get(ctx context.Context, id string) (keyring.Entry, error)
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
	SecretIn     string // where the secret is kept, as a destination spells it: a new one could go there; empty if unknown
	As           datahub.URN

	Profile   string // the profile that the server or the credential is from; empty if none is
	Protected bool   // that profile wants its name given for what destroys
	Frontend  string // the address of the web interface, as the profile says; may be empty
	Duration  string // how long new tokens are valid, as the profile says; may be empty
	Hidden    string // the current profile, where the environment takes its place; else empty

	TLS     TLS
	Headers map[string]string // to be added to each request; an Authorization among them is the credential
	Timeout time.Duration     // for one request; 0: the caller's own
	Notices []string          // what the user ought to know, one line each
}

// HasCredential says whether there is anything by which the server could know
// who is asking.
func (p Pair) HasCredential() bool {
	for name := range p.Headers {
		if strings.EqualFold(name, "Authorization") {
			return true
		}
	}
	return p.Secret != "" || p.As != ""
}

// Anonymous is the pair without anything by which the server could know who is
// asking.
func (p Pair) Anonymous() Pair {
	p.Secret, p.SecretSource, p.SecretIn, p.As = "", "", "", ""
	p.Headers = withoutCredential(p.Headers)
	return p
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
