package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// loginTarget is what somebody signs in to, and the profile that will know it.
type loginTarget struct {
	name   string         // the profile's
	before config.Profile // as it was; zero if it is new
	exists bool
	pair   session.Pair // without a credential
	way    transport.Options
	said   datahub.Description
}

func (t *loginTarget) server() datahub.Address { return t.pair.Server }

// findTarget settles the server and the profile, and asks the server what it is:
// whoever signs in should not find out after typing a password that nobody is
// there.
func (l *login) findTarget(ctx context.Context, args []string) error {
	address := l.w.global.server
	if len(args) == 1 {
		address = args[0]
	}
	if err := l.findServer(ctx, address); err != nil {
		return err
	}
	t := &l.target
	if t.server().IsMock() {
		return failure.New(failure.Usage, "the embedded DataHub inside pat needs no sign-in: --server mock: is enough").
			WithHint("`pat mock serve` serves it on a port, where one can sign in")
	}
	var err error
	if t.way, err = l.w.way(t.pair); err != nil {
		return err
	}
	t.said, err = datahub.Describe(ctx, t.server(), t.way)
	return err
}

// findServer settles the server, and with it the profile.
func (l *login) findServer(ctx context.Context, address string) error {
	file, err := l.w.configuration()
	if err != nil {
		return err
	}
	name := l.w.global.profile
	if name != "" {
		if err := config.CheckName(name); err != nil {
			return err
		}
	}
	if its := l.w.profileInEnv(); name == "" && address != "" && its != "" && !file.Has(its) {
		name = its // it is going to be used, so it had better be there
	}
	if address == "" {
		if address, err = l.missingAddress(ctx, file, name); err != nil {
			return err
		}
	}
	if address == "" {
		return l.resolve(ctx, file, session.Flags{Profile: name})
	}
	server, err := datahub.ParseAddress(address)
	if err != nil {
		return err
	}
	if name == "" {
		name = profileOf(file, server)
	}
	if !file.Has(name) {
		l.target.name = name
		return l.resolve(ctx, file, session.Flags{Server: address})
	}
	if err := isFor(file, name, server); err != nil {
		return err
	}
	return l.resolve(ctx, file, session.Flags{Profile: name})
}

// missingAddress asks for the address where nothing else says it. Empty means
// that something does.
func (l *login) missingAddress(ctx context.Context, file *config.File, name string) (string, error) {
	var err error
	switch {
	case name != "" && file.Has(name):
		return "", nil
	case name != "":
		err = failure.New(failure.Usage, "there is no profile %s yet, and no address to make one for", name).
			WithHint("pat login URL --profile %s", name)
	default:
		if _, err = session.ResolveServer(ctx, l.sources(session.Flags{})); err == nil {
			return "", nil
		}
		if !errors.Is(err, session.ErrNothingConfigured) {
			return "", err
		}
	}
	if !l.w.Interactive() {
		return "", err
	}
	return l.w.Ask(ctx, "Address of DataHub (as in the browser, or GMS's):")
}

// sources are those of every command, but for what the flags choose.
func (l *login) sources(flags session.Flags) session.Sources {
	s := l.w.sources()
	flags.CACert, flags.ClientCert, flags.ClientKey = s.Flags.CACert, s.Flags.ClientCert, s.Flags.ClientKey
	s.Flags = flags
	return s
}

// resolve finds the server by the rules of every command, and the profile that
// knows it.
func (l *login) resolve(ctx context.Context, file *config.File, flags session.Flags) error {
	pair, err := session.ResolveServer(ctx, l.sources(flags))
	if err != nil {
		return err
	}
	l.w.tell(pair.Notices)
	t := &l.target
	t.pair = pair
	if pair.Profile != "" {
		t.name = pair.Profile
	}
	if t.name == "" {
		t.name = profileOf(file, pair.Server)
	}
	if t.exists = file.Has(t.name); !t.exists {
		return config.CheckName(t.name)
	}
	t.before, err = file.Profile(t.name)
	if err == nil {
		err = isFor(file, t.name, pair.Server)
	}
	return err
}

// isFor refuses a profile that is for another server.
func isFor(file *config.File, name string, server datahub.Address) error {
	profile, err := file.Profile(name)
	if err != nil {
		return err
	}
	if its, err := datahub.ParseAddress(profile.Server); err == nil && its.SameServer(server) {
		return nil
	}
	return failure.New(failure.Exists, "the profile %s is for another server, %s", name, profile.Server).
		WithHint("give another name with --profile, or first `pat profile remove %s`", name)
}

// profileOf is the profile for a server: the current one if it is for that
// server, else the first that is, else a new one that is called as the host is.
func profileOf(file *config.File, server datahub.Address) string {
	for _, name := range append([]string{file.Current}, file.Names()...) {
		profile, err := file.Profile(name)
		if err != nil {
			continue
		}
		if address, err := datahub.ParseAddress(profile.Server); err == nil && address.SameServer(server) {
			return name
		}
	}
	return newProfileName(server)
}

// newProfileName is the host's name, as far as a profile may be called so.
func newProfileName(server datahub.Address) string {
	host := server.Host()
	if at := strings.LastIndexByte(host, ':'); at >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	name := strings.Map(func(r rune) rune {
		if r == ':' || r == '%' {
			return '.'
		}
		return r
	}, strings.Trim(host, "[]"))
	if len(name) > 64 {
		name = name[:64]
	}
	if config.CheckName(name) != nil {
		return "datahub"
	}
	return name
}
