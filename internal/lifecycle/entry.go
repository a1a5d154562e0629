package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/journal"
)

// entry is the journal's entry of one issuance. The zero entry is none: the
// journal cannot be written, and the destinations can do without.
type entry struct {
	*journal.Operation
	notice func(string)
}

// writeDown begins the journal's entry. Where that is not possible, an issuance
// whose destinations leave nothing behind that would have to be found again goes
// on without.
func (i *Issuance) writeDown(ctx context.Context, n datahub.NewToken) (entry, error) {
	e := entry{notice: i.notice}
	if i.Journal == nil {
		return e, nil
	}
	owner, err := i.Client.Caller(ctx)
	if err != nil {
		return e, err
	}
	e.Operation, err = i.Journal.Begin(journal.Record{
		Mark: n.Mark, Operation: i.Operation, Server: i.server(),
		Owner: string(owner), Actor: string(n.Actor), Name: n.Name,
		Places: places(i.Destinations), Replaces: i.Replaces, StartedAt: time.Now().UTC(),
	})
	if err != nil && needsJournal(i.Destinations) {
		return e, err
	}
	if err != nil {
		i.notice(err.Error() + "; going on without: if pat is killed now, a token may be left that nobody knows of")
		e.Operation = nil
	}
	return e, nil
}

// needsJournal reports whether a destination is more than a file or stdout. A
// token that goes nowhere can be found again by nothing else.
func needsJournal(destinations []delivery.Destination) bool {
	if len(destinations) == 0 {
		return true
	}
	for _, destination := range destinations {
		if name := destination.String(); name != "stdout" && !strings.HasPrefix(name, "file:") {
			return true
		}
	}
	return false
}

// places are the destinations as they are found again from another folder.
func places(destinations []delivery.Destination) []journal.Place {
	places := make([]journal.Place, len(destinations))
	for i, destination := range destinations {
		places[i].Name = destination.String()
		if drafted, ok := destination.(delivery.Drafted); ok {
			places[i] = journal.Place{Name: drafted.Place(), Draft: absolute(drafted.Draft())}
		}
	}
	return places
}

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil && path != "" {
		return whole
	}
	return path
}

func (e entry) issued(issued datahub.Issued) {
	if e.Operation == nil {
		return
	}
	sum := sha256.Sum256([]byte(issued.Secret))
	e.tell(e.Issued(issued.ID, hex.EncodeToString(sum[:]), issued.CreatedAt, issued.ExpiresAt))
}

// handed comes before what was there is forgotten: from then on the new secret
// may be the only one. Where it cannot be noted, the entry goes, for what it
// says would have the new token revoked.
func (e *entry) handed() {
	if e.Operation == nil {
		return
	}
	if err := e.Handed(); err != nil {
		e.tell(errors.Join(err, e.Forget()))
		e.Operation = nil
	}
}

func (e entry) delivered() {
	if e.Operation != nil {
		e.tell(e.Delivered(time.Now()))
	}
}

// end ends the entry after a failure: it stays where something may be left.
func (e entry) end(err error) {
	switch {
	case e.Operation == nil:
	case errors.Is(err, errLeftOpen):
		e.tell(e.Leave())
	default:
		e.tell(e.Forget())
	}
}

func (e entry) tell(err error) {
	if err != nil {
		e.notice("the journal could not be kept: " + err.Error())
	}
}
