package cli

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// listing is one run of `pat list`.
type listing struct {
	w         *world
	out       render.Output
	all       *instances
	scope     scopeFlags
	selection datahub.Selection
	now       time.Time // at which tokens are judged
	order     datahub.Order
	reverse   bool
	limit     int

	mu    sync.Mutex // of what follows, and of writing
	tally tally
}

// run lists the tokens in scope.
func (l *listing) run(ctx context.Context) error {
	show := l.collect
	if l.streams() {
		show = l.stream
	}
	shown, err := show(ctx)
	if shown {
		l.w.notice("%s", l.tally)
	}
	return err
}

// collect reads everything, sorts it and shows it.
func (l *listing) collect(ctx context.Context) (shown bool, err error) {
	parts, failed := atEach(ctx, l.all, func(ctx context.Context, at *instance) ([]listed, error) {
		part, err := l.lookAround(ctx, at)
		if err != nil {
			return nil, err
		}
		return part.tokens(ctx)
	})
	if failed != nil && len(parts) == 0 {
		return false, failed
	}
	tokens := slices.Concat(parts...)
	l.count(tokens)
	datahub.SortBy(l.order, tokens, func(t listed) datahub.Token { return t.Token }, l.reverse)
	if l.limit > 0 && l.limit < len(tokens) {
		l.tally.shown = l.limit
		tokens = tokens[:l.limit]
	}
	if err := l.write(tokens); err != nil {
		return false, err
	}
	return true, failed
}

func (l *listing) write(tokens []listed) error {
	view, records := viewListed(tokens, l.all.several(), l.out, l.now)
	return view.Write(l.w.Stdout(), l.out, records)
}

func (l *listing) count(tokens []listed) {
	for _, token := range tokens {
		l.tally.count(token.record.Status)
	}
}

// part is what is listed of one instance.
type part struct {
	*listing
	*instance
	whose      datahub.Scope
	caller     datahub.URN
	stored     map[string]bool
	recognised string          // the id of the credential in use, if the index knows it
	issued     []datahub.Token // here, and so lately that the search index may not show them
}

// lookAround learns what this machine knows of the tokens to come, and whose are
// meant.
func (l *listing) lookAround(ctx context.Context, at *instance) (*part, error) {
	p := &part{listing: l, instance: at}
	err := l.all.alone(func() error {
		stored, err := l.w.storedHere(at.client.Address())
		if err != nil {
			return err
		}
		p.stored = idsOf(stored)
		if p.recognised, err = l.w.recognisedAs(at.pair.Secret, stored); err != nil {
			return err
		}
		p.issued, err = l.w.issuedJustNow(at.client.Address())
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.caller, err = at.client.Caller(ctx); err != nil {
		return nil, err
	}
	p.whose, err = l.scope.scope(ctx, at.client)
	return p, err
}

func idsOf(stored []keyring.Record) map[string]bool {
	ids := map[string]bool{}
	for _, record := range stored {
		ids[record.ID] = true
	}
	return ids
}

// tokens are all that are selected, with those that the search index does not
// show yet. One of these supersedes none.
func (p *part) tokens(ctx context.Context) ([]listed, error) {
	tokens, err := p.client.Select(ctx, p.whose, p.selection, p.now)
	if err != nil {
		return nil, err
	}
	return p.listed(append(tokens, p.pending(tokens)...), len(tokens)), nil
}

// pending are the selected tokens that were created on this machine just now and
// that are not among those that the search index shows.
func (p *part) pending(shown []datahub.Token) []datahub.Token {
	return slices.DeleteFunc(missingAmong(p.issued, shown), func(t datahub.Token) bool {
		return !p.whose.Matches(t) || !p.selection.Matches(t, p.now)
	})
}

// listed are the tokens with what this machine knows of them; those from pending
// on are not in the search index yet.
func (p *part) listed(tokens []datahub.Token, pending int) []listed {
	claims, known := p.client.Claims()
	inUse := lifecycle.InUse(tokens, p.recognised, claims, known)
	all := make([]listed, len(tokens))
	for i, token := range tokens {
		record := recordOf(token, p.stored[token.ID], p.now)
		record.inUse = len(inUse) == 1 && inUse[0] == token.ID
		if i >= pending {
			record.Status = datahub.Pending
		}
		all[i] = listed{Token: token, record: record, caller: p.caller}
		if p.profile != "" {
			all[i].profile = &p.profile
		}
	}
	return all
}
