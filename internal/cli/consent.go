package cli

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/failure"
)

// consent is what somebody has to agree to before it is done, for it cannot be
// undone.
type consent struct {
	given      bool                                // agreed to beforehand, by --yes
	verb, what string                              // what would be done: revoke, 3 tokens
	show       func() error                        // lists what it is about
	ask        func(context.Context) (bool, error) // the question
	declined   string                              // what a no comes to: nothing was revoked

	protected string // the protected profile it is about; empty: the one in use, if that is
	named     bool   // the command's arguments name it already
}

// agreed shows what will go and asks, unless consent is given already. Off a
// terminal nobody can be asked, so that it must be.
func (w *world) agreed(ctx context.Context, c consent) error {
	protected := c.protected
	if protected == "" {
		protected = w.protectedProfile()
	}
	switch {
	case c.given && protected != "" && !c.named && w.global.profile != protected:
		return failure.New(failure.Usage, "the profile %s is protected: --yes alone is not enough to %s %s", protected, c.verb, c.what).
			WithHint("name it: --profile %s --yes", protected)
	case c.given:
		return nil
	case !w.Interactive():
		return failure.New(failure.Usage, "nobody can be asked here whether to %s %s", c.verb, c.what).
			WithHint("add --yes to %s without asking", c.verb)
	}
	if err := c.show(); err != nil {
		return err
	}
	if protected != "" {
		c.ask = func(ctx context.Context) (bool, error) { return w.askName(ctx, protected, c) }
	}
	yes, err := c.ask(ctx)
	if err == nil && !yes {
		err = failure.New(failure.Declined, "%s", c.declined)
	}
	return err
}

// protectedProfile is the profile in use if it is protected; else empty.
func (w *world) protectedProfile() string {
	if w.knownPair == nil || !w.knownPair.Protected {
		return ""
	}
	return w.knownPair.Profile
}

// askName has the name of a protected profile typed: a habitual yes is not
// enough there.
func (w *world) askName(ctx context.Context, name string, c consent) (bool, error) {
	answer, err := w.Ask(ctx, fmt.Sprintf("%s is a protected profile. Type its name to %s %s:", name, c.verb, c.what))
	return answer == name, err
}
