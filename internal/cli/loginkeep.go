package cli

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// keeping is where the secret of a sign-in goes, and what the profile is going
// to say of it.
type keeping struct {
	destinations []delivery.Destination // the secret's place, then the profile
	place        string                 // the secret's, as one writes it after --to
	file         string                 // the whole path, where the place is a file
	frontend     datahub.Address        // where somebody signed in; the zero value where nobody did
	ends         config.End
	issued       bool            // by pat itself
	asker        *datahub.Client // whoever signed in
	gms          datahub.Address // what DataHub's own client takes for the server, where that keeps the secret
}

// The places that are no files, as one writes them after --to.
const (
	toKeyring = "keyring"
	toStdout  = "stdout"
)

// choosePlace settles where the secret goes, before there is one. Whether it can
// go there is seen when it is known that there is going to be one.
func (l *login) choosePlace() error {
	to, overwrite := l.place()
	ring, err := l.w.keyring()
	if err != nil {
		return err
	}
	home, _ := l.w.home()
	l.kept.destinations, err = delivery.Parse([]string{to}, delivery.Options{
		Keyring: ring, Home: home, Overwrite: overwrite, DatahubEnv: datahubenv.Path(home), GMS: l.findGMS,
	})
	if err != nil {
		return err
	}
	l.kept.place = l.kept.destinations[0].String()
	switch path, isFile := strings.CutPrefix(l.kept.place, "file:"); {
	case isFile:
		if l.kept.file, err = filepath.Abs(path); err != nil {
			return failure.New(failure.Usage, "%s cannot be made a whole path: %w", path, err)
		}
	case l.kept.place == toStdout:
		return failure.New(failure.Usage, "the secret of a sign-in cannot be kept on %s", l.kept.place).
			WithHint("use --to keyring, --to file:PATH or --to datahubenv; to print a token: pat create NAME --to stdout")
	}
	store, err := l.w.store()
	if err != nil {
		return err
	}
	l.kept.destinations = append(l.kept.destinations, &inProfile{
		store: store, name: l.target.name, before: l.target.before, existed: l.target.exists, change: l.record,
	})
	return nil
}

// findGMS is the server as DataHub's own client takes it.
func (l *login) findGMS(ctx context.Context) (string, error) {
	client := l.kept.asker
	if client.Address() != l.target.server() {
		var err error
		if client, err = datahub.Connect(l.target.server(), l.target.way, l.clientOptions()); err != nil {
			return "", err
		}
		defer client.Close()
	}
	var err error
	l.kept.gms, err = client.GMSAddress(ctx)
	return l.kept.gms.String(), err
}

// place is where the secret goes: where --to says, else where the profile's was.
// Its own file is not anybody else's to be protected.
func (l *login) place() (to string, overwrite bool) {
	home, _ := l.w.home()
	its := session.AtHome(home, l.target.before.TokenFile)
	switch to = l.options.to; {
	case to == "" && its != "":
		return "file:" + its, true
	case to == "":
		return toKeyring, false
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(to, "file:"), ",mode=")
	whole, err := filepath.Abs(session.AtHome(home, path))
	return to, l.options.overwrite || err == nil && its != "" && whole == its
}

// record makes the profile say what the sign-in found out.
func (l *login) record(p *config.Profile, t delivery.Token) error {
	if err := l.recordServer(p); err != nil {
		return err
	}
	p.Actor, p.Ends, p.Issued = t.Actor, l.kept.ends, l.kept.issued
	p.As, p.Token, p.TokenFile, p.TokenCommand = "", "", l.kept.file, nil
	if l.kept.place == toKeyring {
		p.Token = t.ID
	}
	return nil
}

// recordServer makes it say which server it is for, and how to get there.
func (l *login) recordServer(p *config.Profile) error {
	switch {
	case l.kept.gms != (datahub.Address{}): // without a token of its own it needs the very same address
		p.Server = l.kept.gms.String()
	case !l.target.exists:
		p.Server = l.target.server().String()
	}
	if kind := l.target.said.Kind; kind != datahub.EndpointUnknown {
		p.Endpoint = string(kind)
	}
	if l.kept.frontend != (datahub.Address{}) && l.kept.frontend != l.target.server() {
		p.Frontend = l.kept.frontend.String()
	}
	if l.target.exists {
		return l.w.recordFlags(p)
	}
	return l.w.recordWay(p, l.target.pair)
}

// inProfile is the place for what a profile says of a token. It comes after the
// secret's own place.
type inProfile struct {
	store   config.Store
	name    string
	before  config.Profile
	existed bool
	change  func(*config.Profile, delivery.Token) error
	written bool
}

// Reserve makes sure that the profile can be written as it is going to be.
func (d *inProfile) Reserve(ctx context.Context) error {
	return d.store.Rehearse(ctx, d.name, func(p *config.Profile) error {
		return d.change(p, delivery.Token{ID: "not-known-yet", Actor: "urn:li:corpuser:nobody"})
	})
}

// Deliver writes the profile.
func (d *inProfile) Deliver(ctx context.Context, t delivery.Token) error {
	err := d.store.Update(ctx, d.name, func(p *config.Profile) error { return d.change(p, t) })
	d.written = err == nil
	return err
}

// Undo writes the profile as it was.
func (d *inProfile) Undo(ctx context.Context) error {
	switch {
	case !d.written:
		return nil
	case d.existed:
		return d.store.Put(ctx, d.name, d.before)
	}
	return d.store.Remove(ctx, d.name)
}

// Settle makes it the current profile.
func (d *inProfile) Settle(ctx context.Context) error { return d.store.SetCurrent(ctx, d.name) }

// String is the profile, for people.
func (d *inProfile) String() string { return "profile " + d.name }
