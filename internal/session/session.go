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
	"sync"
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

// offer is what a source has.
type offer struct {
	Pair
	fetch   func(context.Context, *Pair) error // gets the secret, once the offer is taken; nil: there is none to get
	ambient bool                               // nobody asked for it on the command line
}

// Resolve finds the pair. The sources are, in this order: the flags, PAT_PROFILE,
// the environment as DataHub's Python client reads it, the current profile, and
// ~/.datahubenv. The first that names a server decides; a later one is looked at
// only for a missing credential, and only counts if it names the very same
// server. Whatever is looked at and is wrong or half set is refused, rather than
// passed over for a pair that nobody meant.
//
// Failures are of kind Usage, but for these: an unknown profile is NotFound, a
// profile whose token is gone, expired or not to be had is Unauthenticated, and
// what is wrong with the keyring keeps the keyring's own kind.
func Resolve(ctx context.Context, s Sources) (Pair, error) {
	as, err := s.Flags.check()
	if err != nil {
		return Pair{}, err
	}
	s = s.readOnce()
	pair, ambient := Pair{As: as}, false
	for _, source := range s.inOrder() {
		if err := ctx.Err(); err != nil {
			return Pair{}, err
		}
		if !pair.isMissing() {
			break
		}
		next, err := source()
		if err != nil {
			return Pair{}, err
		}
		ambient = ambient || next.ambient && pair.Server == (datahub.Address{})
		if err := pair.accept(ctx, next); err != nil {
			return Pair{}, err
		}
	}
	if err := s.checkFound(pair); err != nil {
		return Pair{}, err
	}
	if ambient {
		pair.Hidden = s.hiddenBy(pair)
	}
	return s.finish(pair)
}

// readOnce is s with a configuration that is read at most once.
func (s Sources) readOnce() Sources {
	if s.Config == nil {
		s.Config = func() (*config.File, error) { return &config.File{}, nil }
	}
	s.Config = sync.OnceValues(s.Config)
	return s
}

// inOrder are the sources by rank. Each gives the zero offer if it is not in use.
func (s Sources) inOrder() []func() (offer, error) {
	flags := func() (offer, error) { return asOffer(false)(s.fromFlags()) }
	environment := func() (offer, error) { return asOffer(true)(s.fromEnvironment()) }
	file := func() (offer, error) { return asOffer(false)(s.fromDatahubenv()) }
	switch {
	case s.Flags.SystemClient:
		return []func() (offer, error){flags, environment}
	case s.Flags.Profile != "":
		return []func() (offer, error){s.fromFlaggedProfile, environment, s.fromCurrentProfile, file}
	}
	return []func() (offer, error){flags, s.fromNamedProfile, environment, s.fromCurrentProfile, file}
}

// asOffer makes an offer of a pair that has its secret already.
func asOffer(ambient bool) func(Pair, error) (offer, error) {
	return func(pair Pair, err error) (offer, error) { return offer{Pair: pair, ambient: ambient}, err }
}

// isMissing says whether a further source is needed. The embedded DataHub signs
// in the user in its address by itself.
func (p *Pair) isMissing() bool {
	if p.Server == (datahub.Address{}) {
		return true
	}
	return !p.HasCredential() && !p.Server.IsMock()
}

// accept takes over what the pair lacks from an offer of lower rank, if it is
// for the same server, and gets the secret then.
func (p *Pair) accept(ctx context.Context, next offer) error {
	if next.Server == (datahub.Address{}) || p.Server != (datahub.Address{}) && !next.Server.SameServer(p.Server) {
		return nil
	}
	p.complete(next.Pair)
	if next.fetch == nil || p.As != "" {
		return nil
	}
	return next.fetch(ctx, p)
}

// complete takes over what the pair lacks: all of it, or, where the server is
// known, the credential with what belongs to its use.
func (p *Pair) complete(next Pair) {
	if p.Server == (datahub.Address{}) {
		as := p.As
		if *p = next; as != "" {
			p.As = as
		}
		return
	}
	p.Secret, p.SecretSource, p.As = next.Secret, next.SecretSource, next.As
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
	if p.Profile == "" {
		p.Profile, p.Frontend, p.Duration = next.Profile, next.Frontend, next.Duration
	}
	p.Protected = p.Protected || next.Protected
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
