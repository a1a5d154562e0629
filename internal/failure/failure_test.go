package failure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
)

func TestExitCodesAreTheDocumentedOnes(t *testing.T) {
	codes := map[failure.Kind]int{
		failure.Other: 1, failure.Declined: 1, failure.Usage: 2, failure.Unauthenticated: 3,
		failure.Forbidden: 4, failure.NotFound: 5, failure.Ambiguous: 5, failure.Exists: 5, failure.Unavailable: 6,
		failure.Partial: 7, failure.Undelivered: 8, failure.OutcomeUnknown: 9, failure.Found: 10,
		failure.Interrupted: 130, failure.Kind("unheard of"): 1,
	}
	for kind, want := range codes {
		if got := kind.ExitCode(); got != want {
			t.Errorf("%s: exit code %d, want %d", kind, got, want)
		}
	}
}

func TestCauseSurvivesWrapping(t *testing.T) {
	err := fmt.Errorf("list: %w", failure.New(failure.Unavailable, "cannot reach x: %w", io.ErrUnexpectedEOF))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if got := failure.KindOf(err); got != failure.Unavailable {
		t.Errorf("kind %s", got)
	}
}

func TestErrorWithoutKindIsOther(t *testing.T) {
	if got := failure.KindOf(io.EOF); got != failure.Other {
		t.Errorf("kind %s", got)
	}
	if got := failure.KindOf(nil); got != "" {
		t.Errorf("kind of nil: %s", got)
	}
}

func TestHintLeavesTheOriginalAlone(t *testing.T) {
	plain := failure.New(failure.Usage, "no")
	hinted := plain.WithHint("try %s", "yes")
	if plain.Hint != "" || hinted.Hint != "try yes" {
		t.Errorf("hints %q, %q", plain.Hint, hinted.Hint)
	}
}

// Who ran out of time was not interrupted by anybody.
func TestEndOfAContext(t *testing.T) {
	stopped := failure.Ended(context.Canceled, "before x was written")
	if stopped.Kind != failure.Interrupted || stopped.Error() != "interrupted before x was written" || !errors.Is(stopped, context.Canceled) {
		t.Errorf("%+v", stopped)
	}
	late := failure.Ended(context.DeadlineExceeded, "before x was written")
	if late.Kind != failure.Unavailable || late.Error() != "out of time before x was written" || late.Hint == "" || !errors.Is(late, context.DeadlineExceeded) {
		t.Errorf("%+v", late)
	}
}
