package session

import (
	"context"
	"sync"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
)

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
	return s.resolve(ctx, as)
}

// Server is the server of the pair that [Resolve] finds, and nothing is done to
// get the credential.
func Server(s Sources) (datahub.Address, error) {
	s.Flags.TokenFile = ""
	s = s.readOnce()
	for _, source := range s.inOrder() {
		if next, err := source(); err != nil || next.Server != (datahub.Address{}) {
			return next.Server, err
		}
	}
	return datahub.Address{}, s.nothingConfigured()
}

// resolve finds the pair; with as given no credential is looked for.
func (s Sources) resolve(ctx context.Context, as datahub.URN) (Pair, error) {
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
	p.Secret, p.SecretSource, p.SecretIn, p.As = next.Secret, next.SecretSource, next.SecretIn, next.As
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
