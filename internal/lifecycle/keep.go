package lifecycle

import (
	"context"

	"github.com/datahub-pat/pat/internal/delivery"
)

// Keep puts the secret of a token that exists already into all of the
// destinations, or leaves them as they were. notice is told, in one line, what
// could not be cleaned up; it may be nil.
func Keep(ctx context.Context, destinations []delivery.Destination, t delivery.Token, notice func(string)) error {
	i := &Issuance{Destinations: destinations, Notice: notice}
	for at, destination := range destinations {
		if err := destination.Reserve(ctx); err != nil {
			i.undo(ctx, at+1)
			return err
		}
	}
	for _, destination := range destinations {
		if err := destination.Deliver(ctx, t); err != nil {
			i.undo(ctx, len(destinations))
			if ctx.Err() != nil {
				err = stopped(ctx)
			}
			return err
		}
	}
	i.settle(ctx)
	return nil
}
