package delivery_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestStdoutPrintsTheToken(t *testing.T) {
	var printed []delivery.Token
	d := one(t, "stdout", delivery.Options{
		Print:      func(tok delivery.Token) error { printed = append(printed, tok); return nil },
		StdoutOpen: func() error { return nil },
	})
	ok(t, "reserve", d.Reserve(t.Context()))
	if len(printed) != 0 {
		t.Error("printed while reserving")
	}
	ok(t, "deliver", d.Deliver(t.Context(), token))
	ok(t, "settle", d.Settle(t.Context()))
	ok(t, "undo", d.Undo(t.Context()))
	if len(printed) != 1 || printed[0] != token {
		t.Errorf("printed %d tokens", len(printed))
	}
}

func TestStdoutThatIsClosedIsRefused(t *testing.T) {
	d := one(t, "stdout", delivery.Options{StdoutOpen: func() error { return io.ErrClosedPipe }})
	err := d.Reserve(t.Context())
	refused(t, err, "standard output")
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestStdoutThatBreaksIsUndelivered(t *testing.T) {
	d := one(t, "stdout", delivery.Options{Print: func(delivery.Token) error { return io.ErrShortWrite }})
	ok(t, "reserve without a check", d.Reserve(t.Context()))
	refused(t, d.Deliver(t.Context(), token), "standard output")
}

func TestStdoutKeepsTheFailureOfWhoPrints(t *testing.T) {
	own := failure.New(failure.Usage, "a terminal")
	d := one(t, "stdout", delivery.Options{StdoutOpen: func() error { return own }})
	if err := d.Reserve(t.Context()); !errors.Is(err, own) || failure.KindOf(err) != failure.Usage {
		t.Errorf("reserve: %v", err)
	}
}

func TestInterruptedStdoutPrintsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := one(t, "stdout", delivery.Options{Print: func(delivery.Token) error {
		t.Error("printed")
		return nil
	}})
	if err := d.Deliver(ctx, token); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("deliver: %v", err)
	}
}
