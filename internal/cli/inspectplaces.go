package cli

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/session"
)

// places are where the token's secret is kept on this machine, as far as pat
// knows: the keyring, the files of profiles, ~/.datahubenv, where it was put
// within the last minute, and where the credential in use was found. A secret
// in a file is recognised by its actor and end, and so not where it never ends.
func (i *inspection) places(ctx context.Context, token datahub.Token) []tokenPlace {
	found := placeList{}
	home, _ := i.w.home()
	if i.isKept(token.ID) {
		found.add("keyring", "")
	}
	for name, profile := range i.profilesHere() {
		file := session.AtHome(home, profile.TokenFile)
		switch {
		case profile.Token == token.ID && i.isKept(token.ID):
			found.add("keyring", name)
		case file != "" && holds(file, token):
			found.add("file:"+file, name)
		}
	}
	if i.inDatahubenv(token) {
		found.add("datahubenv", "")
	}
	for _, place := range i.putJustNow(ctx, token.ID) {
		found.add(place, "")
	}
	if pair := i.w.knownPair; pair != nil && i.record.InUse != nil && *i.record.InUse {
		if pair.SecretIn != "" {
			found.add(pair.SecretIn, pair.Profile)
		} else {
			found.add(pair.SecretSource, pair.Profile)
		}
	}
	return found.sorted()
}

// profilesHere are the profiles of the token's server.
func (i *inspection) profilesHere() map[string]config.Profile {
	found := map[string]config.Profile{}
	file, err := i.w.configuration()
	if err != nil {
		return found
	}
	for _, name := range file.Names() {
		profile, err := file.Profile(name)
		if err == nil && i.isServer(profile.Server) {
			found[name] = profile
		}
	}
	return found
}

// isServer reports whether an address is that of the token's server.
func (i *inspection) isServer(address string) bool {
	one, err := datahub.ParseAddress(address)
	other, otherErr := datahub.ParseAddress(i.record.Server)
	return err == nil && otherErr == nil && one.SameServer(other)
}

func (i *inspection) inDatahubenv(token datahub.Token) bool {
	home, err := i.w.home()
	if err != nil {
		return false
	}
	file, there, err := datahubenv.Read(datahubenv.Path(home))
	return err == nil && there && i.isServer(file.Server) && fits(file.Token, token)
}

// putJustNow are the files in which an operation of the last minute put the
// token's secret, and which still hold it.
func (i *inspection) putJustNow(ctx context.Context, id string) []string {
	records, err := i.w.journalRecords()
	if err != nil {
		return nil
	}
	var places []string
	for _, r := range records {
		if r.ID != id || r.State != journal.Delivered {
			continue
		}
		for _, place := range r.Places {
			if !strings.HasPrefix(place.Name, "file:") {
				continue
			}
			put := delivery.Leftover{Place: place.Name, ID: id, SecretSHA256: r.SecretSHA256}
			if held, err := put.Holds(ctx, nil); err == nil && held {
				places = append(places, place.Name)
			}
		}
	}
	return places
}

// holds reports whether a file holds the token's secret.
func holds(path string, token datahub.Token) bool {
	const most = 64 << 10
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most))
	return err == nil && fits(string(data), token)
}

// fits reports whether a secret is the token's, by its actor and end.
func fits(secret string, token datahub.Token) bool {
	claims, known := datahub.ReadClaims(strings.TrimSpace(secret))
	return !token.NeverExpires() && len(lifecycle.InUse([]datahub.Token{token}, "", claims, known)) > 0
}

// placeList gathers places, once each, with the profiles that use them.
type placeList map[string][]string

func (l placeList) add(place, profile string) {
	profiles := l[place]
	if profile != "" && !slices.Contains(profiles, profile) {
		profiles = append(profiles, profile)
	}
	l[place] = profiles
}

func (l placeList) sorted() []tokenPlace {
	places := make([]tokenPlace, 0, len(l))
	for place, profiles := range l {
		slices.Sort(profiles)
		places = append(places, tokenPlace{place, append([]string{}, profiles...)})
	}
	slices.SortFunc(places, func(a, b tokenPlace) int { return strings.Compare(a.Place, b.Place) })
	return places
}
