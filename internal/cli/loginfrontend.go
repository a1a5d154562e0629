package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/signin"
	"github.com/datahub-pat/pat/internal/transport"
)

// frontend is where the password goes: an address that the user named, or
// confirms.
func (l *login) frontend(ctx context.Context) (signin.Place, error) {
	place, err := l.locate()
	switch {
	case errors.Is(err, signin.ErrUnknown) && l.w.Interactive():
		return l.askFrontend(ctx)
	case err != nil:
		return place, err
	case place.Address.Insecure():
		return place, signin.Unencrypted(place.Address)
	case place.Trust == signin.Named:
		return place, nil
	case l.w.Interactive():
		return place, l.confirm(ctx, place)
	case place.Trust == signin.Elsewhere:
		return place, failure.New(failure.Usage, "the password would go to %s, a host that you did not name: %s", place.Address, place.Source).
			WithHint("if that is right, name it: --frontend %s", place.Address)
	}
	l.w.notice("the password goes to %s (%s)", place.Address, place.Source)
	return place, nil
}

// locate finds the web interface, as far as that can be known.
func (l *login) locate() (signin.Place, error) {
	env, _ := l.w.Env("DATAHUB_FRONTEND_URL")
	return signin.Locate(l.target.server(), l.target.said,
		signin.NamedAddress{Source: "--frontend", Text: l.options.frontend},
		signin.NamedAddress{Source: "DATAHUB_FRONTEND_URL", Text: env},
		signin.NamedAddress{Source: inProfileSource, Text: l.target.pair.Frontend})
}

// inProfileSource is how a web interface's address came from the profile.
const inProfileSource = "the profile"

func (l *login) askFrontend(ctx context.Context) (signin.Place, error) {
	text, err := l.w.Ask(ctx, "Address of the web interface, where you sign in with a browser:")
	if err != nil {
		return signin.Place{}, err
	}
	address, err := datahub.ParseFrontend(text)
	return signin.Place{Address: address, Source: "you", Trust: signin.Named}, err
}

func (l *login) confirm(ctx context.Context, place signin.Place) error {
	yes, err := l.w.Confirm(ctx, fmt.Sprintf("Is %s the web interface (%s), and may your password go there?", place.Address, place.Source))
	if err == nil && !yes {
		err = failure.New(failure.Declined, "the password was sent nowhere").WithHint("name the web interface with --frontend URL")
	}
	return err
}

// wayTo is how to get to the web interface. The headers of the profile go to
// its own addresses and to the same host only.
func (l *login) wayTo(place signin.Place) transport.Options {
	way := l.target.way
	if place.Source != inProfileSource && !place.Address.SameHost(l.target.server()) {
		way.Headers = nil
	}
	return way
}
