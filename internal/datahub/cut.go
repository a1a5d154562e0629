package datahub

import (
	"context"
	"slices"
	"time"

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
// time, until every piece fits, and adds these in order. first is the first page
// of the whole. A server whose ranges do not work is found out by the first
// request: it matches nothing, or refuses.
func (r *readAhead) cut(ctx context.Context, base []gql.FacetFilterInput, first page) error {
	const tomorrow = 24 * time.Hour // for clocks that differ
	whole := span{0, r.client.now().Add(tomorrow).UnixMilli()}
	probe := r.probe(ctx, whole.filters(base))
	if refused := refusalOf(probe.err); refused != nil && refused.unknownToServer() {
		return tooMany()
	}
	if probe.err != nil {
		return probe.err
	}
	if probe.total < first.total {
		return tooMany()
	}
	return r.split(ctx, base, whole, probe.page)
}

// probe asks for the first page of what the filters match.
func (r *readAhead) probe(ctx context.Context, filters []gql.FacetFilterInput) fetched {
	return r.fetch(ctx, pageRequest{0, r.client.pageSize, filters})
}

// parts is into how many a span is cut that holds too much: many enough for few
// steps one after the other, few enough for large pieces.
const parts = 4

// split adds a span, cut as long as it holds too much. The first pages of its
// parts are asked for at once, what is in them when it is their turn: at no time
// are many pages in memory.
func (r *readAhead) split(ctx context.Context, base []gql.FacetFilterInput, s span, first page) error {
	if first.total < window {
		return r.add(ctx, piece{s.filters(base), first})
	}
	spans := s.cut(first.tokens)
	if len(spans) < 2 {
		return tooMany()
	}
	probes := make([]chan fetched, len(spans))
	for i, part := range spans {
		probes[i] = make(chan fetched, 1)
		go func() { probes[i] <- r.probe(ctx, part.filters(base)) }()
	}
	for i, part := range spans {
		probe := <-probes[i]
		if probe.err != nil {
			return probe.err
		}
		if err := r.split(ctx, base, part, probe.page); err != nil {
			return err
		}
	}
	return nil
}

// cut cuts the span into parts that hold about as many of those tokens of it
// that are known; where their times do not tell, into halves of time.
func (s span) cut(known []Token) []span {
	times := make([]int64, len(known))
	for i, token := range known {
		times[i] = token.CreatedAt.UnixMilli()
	}
	slices.Sort(times)
	var bounds []int64
	for i := 1; i < parts && len(times) > 0; i++ {
		bounds = append(bounds, times[i*len(times)/parts])
	}
	spans := s.at(bounds)
	if len(spans) < 2 {
		return s.at([]int64{s.from + (s.to-s.from)/2})
	}
	return spans
}

// at cuts the span at those bounds that lie in it; they ascend.
func (s span) at(bounds []int64) []span {
	var spans []span
	for _, bound := range bounds {
		if bound > s.from && bound < s.to {
			spans = append(spans, span{s.from, bound})
			s.from = bound
		}
	}
	return append(spans, s)
}
