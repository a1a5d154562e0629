package cli

import (
	"context"

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
}

// agreed shows what will go and asks, unless consent is given already. Off a
// terminal nobody can be asked, so that it must be.
func (w *world) agreed(ctx context.Context, c consent) error {
	if c.given {
		return nil
	}
	if !w.Interactive() {
		return failure.New(failure.Usage, "nobody can be asked here whether to %s %s", c.verb, c.what).
			WithHint("add --yes to %s without asking", c.verb)
	}
	if err := c.show(); err != nil {
		return err
	}
	yes, err := c.ask(ctx)
	if err == nil && !yes {
		err = failure.New(failure.Declined, "%s", c.declined)
	}
	return err
}
