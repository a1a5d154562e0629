package lifecycle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

func newLoan(t *testing.T, faults ...string) (*bench, datahub.NewToken) {
	t.Helper()
	b := newBench(t, faults...)
	b.issuance.Destinations, b.issuance.Journal, b.issuance.Operation = nil, journal.In(t.TempDir()), "mint"
	hour, err := datahub.ParseDuration("ONE_HOUR")
	if err != nil {
		t.Fatal(err)
	}
	return b, datahub.NewToken{Actor: "urn:li:corpuser:datahub", Name: "run", Mark: datahub.NewMark(), Duration: hour}
}

func (b *bench) open(t *testing.T) []journal.Record {
	t.Helper()
	open, err := b.issuance.Journal.Open(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return open
}

func TestWhatIsLentIsTakenBack(t *testing.T) {
	b, wanted := newLoan(t)
	ctx, interrupt := context.WithCancel(t.Context())
	used := ""
	err := b.issuance.Lend(ctx, wanted, func(issued datahub.Issued) {
		used = issued.Secret
		if b.left(t) != 1 || len(b.open(t)) != 0 {
			t.Error("while it is lent it exists, and its entry is held")
		}
		interrupt() // which ends the use, not the taking back
	})
	if err != nil || used == "" || b.left(t) != 0 || len(b.open(t)) != 0 || len(b.notices) != 0 {
		t.Errorf("%v, %d left, %v, %v", err, b.left(t), b.open(t), b.notices)
	}
}

func TestWhatIsLentIsTakenBackAfterAPanic(t *testing.T) {
	b, wanted := newLoan(t)
	defer func() {
		if recover() == nil || b.left(t) != 0 {
			t.Errorf("%d left", b.left(t))
		}
	}()
	_ = b.issuance.Lend(t.Context(), wanted, func(datahub.Issued) { panic("in use") })
}

func TestWhatCannotBeTakenBackStaysOpen(t *testing.T) {
	b, wanted := newLoan(t, "revokeAccessToken:error=403")
	id := ""
	if err := b.issuance.Lend(t.Context(), wanted, func(issued datahub.Issued) { id = issued.ID }); err != nil {
		t.Fatal(err)
	}
	open := b.open(t)
	if len(open) != 1 || open[0].ID != id || open[0].Operation != "mint" || len(open[0].Places) != 0 {
		t.Errorf("%+v", open)
	}
	if len(b.notices) != 1 || !strings.Contains(b.notices[0], "pat revoke '"+id+"'") {
		t.Errorf("%v", b.notices)
	}
	recovery := lifecycle.Recovery{Journal: b.issuance.Journal, Client: b.issuance.Client, Now: time.Now}
	if settled, err := recovery.Settle(t.Context(), wanted.Mark); settled != lifecycle.Withdrawn || err != nil {
		t.Errorf("%s, %v", settled, err)
	}
	if b.left(t) != 0 || len(b.open(t)) != 0 {
		t.Error("something is left")
	}
}

func TestNothingIsLentThatIsNotIssued(t *testing.T) {
	for _, fault := range []string{"createAccessToken:error=403", "createAccessToken:reset-after"} {
		b, wanted := newLoan(t, fault)
		err := b.issuance.Lend(t.Context(), wanted, func(datahub.Issued) { t.Error("it is used") })
		if err == nil || b.left(t) != 0 || len(b.open(t)) != 0 {
			t.Errorf("%s: %v, %d left", fault, err, b.left(t))
		}
	}
}

// Without the journal nobody would find the token after a kill.
func TestNothingIsLentWithoutAJournal(t *testing.T) {
	b, wanted := newLoan(t)
	b.issuance.Journal = journal.In("/dev/null/journal")
	err := b.issuance.Lend(t.Context(), wanted, func(datahub.Issued) { t.Error("it is used") })
	if failure.KindOf(err) != failure.Undelivered || b.left(t) != 0 {
		t.Errorf("%v", err)
	}
}
