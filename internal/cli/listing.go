package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// listing is one run of `pat list`.
type listing struct {
	w         *world
	out       render.Output
	client    *datahub.Client
	selection datahub.Selection
	order     datahub.Order
	reverse   bool
	limit     int

	caller     datahub.URN
	stored     map[string]bool
	pending    map[string]bool // ids that the search index does not show yet
	recognised string          // the id of the credential in use, if the index knows it
	tally      tally
}

// run lists the tokens in scope.
func (l *listing) run(ctx context.Context, scope datahub.Scope) error {
	if err := l.lookAround(ctx); err != nil {
		return err
	}
	show := l.collect
	if l.streams() {
		show = l.stream
	}
	if err := show(ctx, scope); err != nil {
		return err
	}
	l.w.notice("%s", l.tally)
	return nil
}

// lookAround learns what this machine knows of the tokens to come.
func (l *listing) lookAround(ctx context.Context) error {
	stored, err := l.w.storedHere(l.client.Address())
	if err != nil {
		return err
	}
	l.stored = idsOf(stored)
	if l.recognised, err = l.w.recognised(stored); err != nil {
		return err
	}
	l.caller, err = l.client.Caller(ctx)
	return err
}

func idsOf(stored []keyring.Record) map[string]bool {
	ids := map[string]bool{}
	for _, record := range stored {
		ids[record.ID] = true
	}
	return ids
}

// streams reports whether tokens can be shown as they come: in the server's
// order, each judged by itself, and in a format that needs neither a width nor a header.
func (l *listing) streams() bool {
	if l.order != datahub.AsServed || l.reverse || l.selection.NeedsAll() {
		return false
	}
	switch l.out.Format {
	case render.ID, render.JSONL:
		return true
	case render.Table, render.Wide:
		return !l.out.Terminal
	}
	return false
}

// batch is how many tokens are shown at once while they stream.
const batch = 500

// errEnough ends a stream at its limit.
var errEnough = errors.New("as many as were asked for")

// stream shows tokens as they come and keeps none.
func (l *listing) stream(ctx context.Context, scope datahub.Scope) error {
	var waiting []datahub.Token
	flush := func() error {
		tokens := waiting
		waiting = waiting[:0]
		return l.write(l.records(tokens))
	}
	err := l.client.Each(ctx, scope, func(token datahub.Token) error {
		if !l.selection.Matches(token, l.w.now()) {
			return nil
		}
		waiting = append(waiting, token)
		if l.limit > 0 && l.tally.tokens+len(waiting) == l.limit {
			return errEnough
		}
		if len(waiting) < batch {
			return nil
		}
		return flush()
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return flush()
}

// collect reads everything, sorts it and shows it.
func (l *listing) collect(ctx context.Context, scope datahub.Scope) error {
	tokens, err := l.client.List(ctx, scope)
	if err != nil {
		return err
	}
	if !l.selection.NeedsAll() { // one that is pending supersedes none
		if tokens, err = l.withPending(scope, tokens); err != nil {
			return err
		}
	}
	tokens = l.selection.Select(tokens, l.w.now())
	l.order.Sort(tokens, l.reverse)
	records := l.records(tokens)
	if l.limit > 0 && l.limit < len(records) {
		l.tally.shown = l.limit
		records = records[:l.limit]
	}
	return l.write(records)
}

// withPending adds the tokens that were created on this machine just now and
// that the search index does not show yet.
func (l *listing) withPending(scope datahub.Scope, tokens []datahub.Token) ([]datahub.Token, error) {
	records, err := l.w.journalRecords()
	if err != nil {
		return nil, err
	}
	l.pending = map[string]bool{}
	here, _ := splitByServer(records, l.client.Address())
	for _, r := range here {
		token := datahub.Token{
			ID: r.ID, Name: r.Name, Actor: datahub.URN(r.Actor), Owner: datahub.URN(r.Owner),
			CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Mark: r.Mark,
		}
		shown := slices.ContainsFunc(tokens, func(t datahub.Token) bool { return t.ID == r.ID })
		if r.State == journal.Delivered && !shown && scope.Matches(token) {
			l.pending[r.ID] = true
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

// records are the tokens with what this machine knows of them. They are counted.
func (l *listing) records(tokens []datahub.Token) []tokenRecord {
	claims, known := l.client.Claims()
	inUse := lifecycle.InUse(tokens, l.recognised, claims, known)
	records := make([]tokenRecord, len(tokens))
	for i, token := range tokens {
		records[i] = recordOf(token, l.stored[token.ID], l.w.now())
		records[i].inUse = len(inUse) == 1 && inUse[0] == token.ID
		if l.pending[token.ID] {
			records[i].Status = datahub.Pending
		}
		l.tally.count(records[i].Status)
	}
	shortenIDs(records)
	return records
}

func (l *listing) write(records []tokenRecord) error {
	return tokenView(records, l.caller, l.out, l.w.now()).Write(l.w.Stdout(), l.out, records)
}

// tally counts tokens, and those that need a thought.
type tally struct {
	tokens, expired, never int
	shown                  int // where fewer are shown; 0: all are
}

func (t *tally) count(status datahub.Status) {
	t.tokens++
	switch status {
	case datahub.Expired:
		t.expired++
	case datahub.NeverExpires:
		t.never++
	}
}

// String says how many tokens there are, for people.
func (t tally) String() string {
	if t.tokens == 0 {
		return "no tokens"
	}
	parts := []string{counted(t.tokens, "token", "tokens")}
	if t.shown > 0 {
		parts[0] += fmt.Sprintf(" (%d shown)", t.shown)
	}
	if t.expired > 0 {
		parts = append(parts, fmt.Sprintf("%d expired", t.expired))
	}
	if t.never > 0 {
		parts = append(parts, counted(t.never, "never ends", "never end"))
	}
	return strings.Join(parts, ", ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
