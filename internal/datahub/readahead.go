package datahub

import (
	"context"
)

// pageRequest is a page to be asked for.
type pageRequest struct {
	start, count int
	of           question
}

// requests are the pages of the piece after its first.
func (p piece) requests() ([]pageRequest, error) {
	starts, err := p.first.starts()
	if err != nil {
		return nil, err
	}
	requests := make([]pageRequest, len(starts))
	for i, start := range starts {
		requests[i] = pageRequest{start: start, count: p.first.size, of: p.of}
	}
	return requests, nil
}

// fetched is a page that was asked for, or why there is none.
type fetched struct {
	page
	err error
}

// found is a piece, or why there are no more.
type found struct {
	piece
	err error
}

// readAhead asks for pages in parallel, a bounded number ahead of whoever takes
// them, and hands them out in order: piece after piece, and for each the pages
// after its first. Twice as many may be asked for or wait for their turn as are
// under way: one late answer does not keep the others from being asked for. It
// ends with its context, without leaving anything behind.
type readAhead struct {
	client *Client
	free   chan struct{} // bounds how many requests are under way
	found  chan found
	slots  chan chan fetched
	pages  chan fetched
}

// readAhead reads the pieces that plan adds. What is under way takes a place in
// free, which others may share.
func (c *Client) readAhead(ctx context.Context, free chan struct{}, plan func(*readAhead) error) *readAhead {
	r := &readAhead{
		client: c, free: free,
		found: make(chan found, c.concurrency), slots: make(chan chan fetched, 2*c.concurrency-1), pages: make(chan fetched),
	}
	go func() {
		defer close(r.slots)
		defer close(r.found)
		if err := plan(r); err != nil {
			select {
			case r.found <- found{err: err}:
			case <-ctx.Done():
			}
		}
	}()
	go r.handOut(ctx)
	return r
}

// add lets a piece be read after those that were added before.
func (r *readAhead) add(ctx context.Context, p piece) error {
	requests, err := p.requests()
	if err != nil {
		return err
	}
	select {
	case r.found <- found{piece: p}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, request := range requests {
		slot := make(chan fetched, 1)
		select {
		case r.slots <- slot:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() { slot <- r.fetch(ctx, request) }()
	}
	return nil
}

// fetch asks for a page when it is its turn.
func (r *readAhead) fetch(ctx context.Context, request pageRequest) fetched {
	select {
	case r.free <- struct{}{}:
		defer func() { <-r.free }()
	case <-ctx.Done():
		return fetched{err: r.client.explain("cannot list tokens", ctx.Err())}
	}
	p, err := r.client.pageInParts(ctx, request.start, request.count, request.of)
	return fetched{p, err}
}

// handOut passes on what comes in the slots, in their order.
func (r *readAhead) handOut(ctx context.Context) {
	defer close(r.pages)
	for slot := range r.slots {
		select {
		case r.pages <- <-slot:
		case <-ctx.Done():
			return
		}
	}
}
