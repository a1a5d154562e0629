package session

import (
	"maps"
	"os"
	"path/filepath"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// fromFlaggedProfile is the profile that --profile names.
func (s Sources) fromFlaggedProfile() (offer, error) {
	return s.fromProfile(s.Flags.Profile, "--profile")
}

// fromNamedProfile is the profile that PAT_PROFILE names.
func (s Sources) fromNamedProfile() (offer, error) {
	name := s.env("PAT_PROFILE")
	if name == "" {
		return offer{}, nil
	}
	found, err := s.fromProfile(name, "PAT_PROFILE")
	found.ambient = true
	return found, err
}

// fromCurrentProfile is the profile that is used where nothing else is said.
func (s Sources) fromCurrentProfile() (offer, error) {
	file, err := s.Config()
	if err != nil || file.Current == "" {
		return offer{}, err
	}
	found, err := s.fromProfile(file.Current, "current")
	if !file.Has(file.Current) {
		err = within(file.Path, err)
	}
	return found, err
}

// currentProfile is that profile with its name, which is empty if there is none.
func (s Sources) currentProfile() (string, config.Profile, error) {
	file, err := s.Config()
	if err != nil || !file.Has(file.Current) {
		return "", config.Profile{}, err
	}
	profile, err := file.Profile(file.Current)
	return file.Current, profile, err
}

// hiddenBy is the current profile if the pair is not from it. A configuration
// that cannot be read hides nothing.
func (s Sources) hiddenBy(pair Pair) string {
	name, _, err := s.currentProfile()
	if err != nil || name == pair.Profile {
		return ""
	}
	return name
}

// fromProfile is what a profile has; how says who chose it.
func (s Sources) fromProfile(name, how string) (offer, error) {
	file, err := s.Config()
	if err != nil {
		return offer{}, err
	}
	profile, err := file.Profile(name)
	if err == nil {
		err = within("profile "+name, profile.Check())
	} else {
		err = within(how, err)
	}
	if err != nil {
		return offer{}, err
	}
	found := offer{Pair: Pair{
		ServerSource: "profile " + name + " (" + how + ")",
		Profile:      name, Protected: profile.Protected, Frontend: profile.Frontend, Duration: profile.Duration,
		TLS:     TLS{CACert: s.atHome(profile.CACert), ClientCert: s.atHome(profile.ClientCert), ClientKey: s.atHome(profile.ClientKey)},
		Headers: maps.Clone(profile.Headers), Notices: file.Notices,
	}}
	if found.Server, err = parseServer("profile "+name+": server", profile.Server); err != nil {
		return offer{}, err
	}
	return found, s.addCredential(&found, name, profile)
}

// addCredential adds how the profile's user is known to the server.
func (s Sources) addCredential(found *offer, name string, profile config.Profile) error {
	p := profileSecret{Sources: s, name: name, profile: profile}
	switch {
	case s.Flags.As != "":
	case profile.As == "me":
		return failure.New(failure.Usage, "profile %s: as needs a user: without a credential nobody knows who “me” is", name)
	case profile.As != "":
		as, err := datahub.ParseUser(profile.As)
		found.As = as
		return within("profile "+name+": as", err)
	case profile.Token != "":
		found.fetch = p.fromKeyring
	case profile.TokenFile != "":
		found.fetch = p.fromFile
	case len(profile.TokenCommand) > 0:
		found.fetch = p.fromCommand
	}
	return nil
}

func (s Sources) atHome(path string) string { return AtHome(s.Home, path) }

// AtHome is a path, as profiles and flags have it, with the user's home folder
// in place of a leading ~/; unchanged if that is not known.
func AtHome(home, path string) string {
	if len(path) < 2 || path[0] != '~' || !os.IsPathSeparator(path[1]) || home == "" {
		return path
	}
	return filepath.Join(home, path[2:])
}
