package datahub

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// pageRequest is a page to be asked for.
type pageRequest struct {
	start, count int
	filters      []gql.FacetFilterInput
}

// requests are the pages of the piece after its first.
func (p piece) requests() ([]pageRequest, error) {
	starts, err := p.first.starts()
	if err != nil {
		return nil, err
	}
	requests := make([]pageRequest, len(starts))
	for i, start := range starts {
		requests[i] = pageRequest{start: start, count: p.first.size, filters: p.filters}
	}
	return requests, nil
}

// fetched is a page that was asked for, or why there is none.
type fetched struct {
	page
	err error
}

// readAhead asks for pages in parallel, a bounded number ahead of whoever takes
// them, and hands them out in order. It ends with the context, without leaving
// anything behind.
func (c *Client) readAhead(ctx context.Context, requests []pageRequest) <-chan fetched {
	slots := make(chan chan fetched, c.concurrency-1)
	out := make(chan fetched)
	go func() {
		defer close(slots)
		for _, request := range requests {
			slot := make(chan fetched, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return
			}
			go func() {
				p, err := c.pageInParts(ctx, request.start, request.count, request.filters)
				slot <- fetched{p, err}
			}()
		}
	}()
	go handOut(ctx, slots, out)
	return out
}

// handOut passes on what comes in the slots, in their order.
func handOut(ctx context.Context, slots <-chan chan fetched, out chan<- fetched) {
	defer close(out)
	for slot := range slots {
		select {
		case out <- <-slot:
		case <-ctx.Done():
			return
		}
	}
}
