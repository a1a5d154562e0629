package datahub

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/failure"
)

// maxReadings is how often a list that changed while it was read is read.
const maxReadings = 3

// reading goes through all tokens that some filters match, each once.
type reading struct {
	client *Client
	narrow narrowing
	seen   map[string]bool // ids that were passed on
	whole  bool            // nothing is read that overlaps with what these filters match
	pass   func(Token) error
}

// piece is a part of the list that the search engine can be paged through, with
// its first page.
type piece struct {
	of    question
	first page
}

// all reads everything that the base question matches, as far as the narrowing lets
// it through: in one piece, or in as many as it takes. What of the narrowing turns
// out not to work is given up.
func (r *reading) all(ctx context.Context, base question) error {
	asked := base.and(r.narrow.filters()...)
	first, err := r.client.pageInParts(ctx, 0, r.client.pageSize, asked)
	narrow, err := r.client.trusted(ctx, r.narrow, base, first, err)
	switch {
	case err != nil:
		return err
	case narrow.less(r.narrow):
		r.narrow = narrow
		return r.all(ctx, base)
	}
	return r.pieces(ctx, func(ctx context.Context, ahead *readAhead) error {
		if first.total >= window {
			return ahead.cut(ctx, asked, first)
		}
		return ahead.add(ctx, piece{asked, first})
	})
}

// pieces reads the pieces of a plan one after the other, their pages ahead in
// parallel.
func (r *reading) pieces(ctx context.Context, plan func(context.Context, *readAhead) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	free := make(chan struct{}, r.client.concurrency)
	ahead := r.client.readAhead(ctx, free, func(ahead *readAhead) error { return plan(ctx, ahead) })
	for p := range ahead.found {
		if p.err != nil {
			return r.client.explain("cannot list tokens", p.err)
		}
		steady, err := r.piece(p.piece, ahead.pages)
		if err == nil && !steady {
			err = r.again(ctx, p.piece, ahead)
		}
		if err != nil {
			return err
		}
		r.forget()
	}
	return r.client.explain("cannot list tokens", ctx.Err())
}

// forget forgets the ids of a piece that was read to its end: no token of it is
// in another one, for they have other times of creation.
func (r *reading) forget() {
	if r.whole {
		clear(r.seen)
	}
}

// piece passes on the tokens of one piece. It is steady if every page was as
// large as the first and counted the same total, and every boundary row came
// again.
func (r *reading) piece(p piece, pages <-chan fetched) (steady bool, err error) {
	steady = p.first.total >= 0
	if err := r.passOn(p.first); err != nil {
		return false, err
	}
	starts, err := p.first.starts()
	if err != nil {
		return false, err
	}
	current := p.first
	for range starts {
		next := <-pages
		if next.err != nil {
			return false, next.err
		}
		steady = steady && next.size == p.first.size && next.total == p.first.total && joins(current, next.page)
		if err := r.passOn(next.page); err != nil {
			return false, err
		}
		current = next.page
	}
	return steady, nil
}

// again reads a piece that tokens came to or went from meanwhile, until a
// reading was not disturbed. The pages of the pieces behind it are asked for at the
// same time.
func (r *reading) again(ctx context.Context, p piece, behind *readAhead) error {
	for range maxReadings - 1 {
		first := behind.fetch(ctx, pageRequest{0, r.client.pageSize, p.of})
		if first.err != nil {
			return first.err
		}
		if first.total >= window {
			return tooMany()
		}
		p.first = first.page
		ahead := r.client.readAhead(ctx, behind.free, func(ahead *readAhead) error { return ahead.add(ctx, p) })
		if found := <-ahead.found; found.err != nil {
			return found.err
		}
		steady, err := r.piece(p, ahead.pages)
		if err != nil || steady {
			return err
		}
	}
	return &failure.Error{
		Kind:    failure.Unavailable,
		Message: fmt.Sprintf("the list changed each of the %d times it was read: it could not be had complete", maxReadings),
		Hint:    "try again when fewer tokens come and go",
	}
}

func (r *reading) passOn(p page) error {
	for at := range p.len() {
		before := len(r.seen)
		if r.seen[p.id(at)] = true; len(r.seen) == before {
			continue
		}
		if err := r.pass(p.token(at)); err != nil {
			return err
		}
	}
	return nil
}
