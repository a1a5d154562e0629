package delivery

import (
	"context"
	"errors"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
)

// inDatahubenv writes the server and the secret to ~/.datahubenv.
type inDatahubenv struct {
	path   string
	gms    func(context.Context) (string, error)
	server string               // as DataHub's client takes it; empty before Reserve
	place  *datahubenv.Reserved // nil before Reserve
}

// Reserve makes sure that the file is one that can be changed, and that it is
// known which address DataHub's own client takes for the server.
func (d *inDatahubenv) Reserve(ctx context.Context) error {
	if ctx.Err() != nil {
		return d.interrupted(ctx)
	}
	if d.path == "" {
		return failure.New(failure.Undelivered, "%s cannot be written: the home folder is not known", datahubenv.Shown)
	}
	place, err := datahubenv.Reserve(d.path)
	if err != nil {
		return unwritten(err)
	}
	d.place = place
	if d.gms != nil {
		if d.server, err = d.gms(ctx); err != nil {
			return err
		}
	}
	if d.server == "" {
		return failure.New(failure.Undelivered, "%s needs an address that DataHub's own client takes for the server, and none is known", datahubenv.Shown).
			WithHint("keep the secret elsewhere: --to file:PATH")
	}
	return nil
}

// Deliver changes the server and the token in the file, and nothing else.
func (d *inDatahubenv) Deliver(ctx context.Context, t Token) error {
	switch {
	case ctx.Err() != nil:
		return d.interrupted(ctx)
	case d.server == "":
		return failure.New(failure.Undelivered, "%s was not reserved", datahubenv.Shown)
	}
	return unwritten(d.place.Fill(ctx, d.server, t.Secret))
}

// Undo puts the old file back.
func (d *inDatahubenv) Undo(ctx context.Context) error {
	if d.place == nil {
		return nil
	}
	if err := d.place.Undo(ctx); err != nil {
		return failure.New(failure.Undelivered, "%s could not be put back as it was: %w", datahubenv.Shown, err).
			WithHint("look at it: it may hold the secret of a token that was given up")
	}
	return nil
}

// Settle forgets the old file.
func (d *inDatahubenv) Settle(context.Context) error {
	if d.place == nil {
		return nil
	}
	return unwritten(d.place.Settle())
}

// String is what one writes after --to.
func (d *inDatahubenv) String() string { return kindDatahubenv }

func (d *inDatahubenv) interrupted(ctx context.Context) error {
	return failure.Ended(ctx.Err(), "before "+datahubenv.Shown+" was written")
}

// stopped reports whether err is the end of a context.
func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// unwritten is a failure as one of a destination; nil for nil.
func unwritten(err error) error {
	if err == nil || stopped(err) {
		return err
	}
	told := *failure.Of(err)
	told.Kind, told.Err = failure.Undelivered, err
	return &told
}
