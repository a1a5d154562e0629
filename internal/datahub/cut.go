package datahub

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// span is a range of creation times, in milliseconds: from from up to, and
// without, to.
type span struct{ from, to int64 }

// filters narrow a list to the span.
func (s span) filters(base []gql.FacetFilterInput) []gql.FacetFilterInput {
	return append(slices.Clone(base),
		inRange("createdAt", gql.FilterOperatorGreaterThanOrEqualTo, time.UnixMilli(s.from)),
		inRange("createdAt", gql.FilterOperatorLessThan, time.UnixMilli(s.to)))
}

// cut cuts a list that is longer than the search engine's window by creation
// time, until every piece fits. first is the first page of the whole. A server
// whose ranges do not work is found out by the first request: it matches
// nothing, or refuses.
func (c *Client) cut(ctx context.Context, base []gql.FacetFilterInput, first page) ([]piece, error) {
	const tomorrow = 24 * time.Hour // for clocks that differ
	whole := span{0, c.now().Add(tomorrow).UnixMilli()}
	probe, err := c.pageInParts(ctx, 0, c.pageSize, whole.filters(base))
	if r := refusalOf(err); r != nil && r.unknownToServer() {
		return nil, tooMany()
	}
	if err != nil {
		return nil, err
	}
	if probe.total < first.total {
		return nil, tooMany()
	}
	return c.split(ctx, base, whole, probe, make(chan struct{}, c.concurrency))
}

// split cuts a span in two as long as it holds too much. free bounds how many
// requests are under way.
func (c *Client) split(ctx context.Context, base []gql.FacetFilterInput, s span, first page, free chan struct{}) ([]piece, error) {
	if first.total < window {
		return []piece{{s.filters(base), first}}, nil
	}
	middle, ok := s.middle(first.tokens)
	if !ok {
		return nil, tooMany()
	}
	var halves [2][]piece
	group, ctx := errgroup.WithContext(ctx)
	for i, half := range []span{{s.from, middle}, {middle, s.to}} {
		group.Go(func() (err error) {
			probe, err := c.probe(ctx, half.filters(base), free)
			if err == nil {
				halves[i], err = c.split(ctx, base, half, probe, free)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return append(halves[0], halves[1]...), nil
}

func (c *Client) probe(ctx context.Context, filters []gql.FacetFilterInput, free chan struct{}) (page, error) {
	select {
	case free <- struct{}{}:
		defer func() { <-free }()
	case <-ctx.Done():
		return page{}, c.explain("cannot list tokens", ctx.Err())
	}
	return c.pageInParts(ctx, 0, c.pageSize, filters)
}

// middle is where to cut the span: in the middle of the creation times of those
// tokens of it that are known, else in the middle of the span.
func (s span) middle(known []Token) (int64, bool) {
	if s.to-s.from < 2 {
		return 0, false
	}
	times := make([]int64, len(known))
	for i, token := range known {
		times[i] = token.CreatedAt.UnixMilli()
	}
	slices.Sort(times)
	if len(times) > 0 {
		if median := times[len(times)/2]; median > s.from && median < s.to {
			return median, true
		}
	}
	return s.from + (s.to-s.from)/2, true
}
