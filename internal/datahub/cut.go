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

// of is the question for what was created in the span.
func (s span) of(base question) question {
	return base.and(
		inRange("createdAt", gql.FilterOperatorGreaterThanOrEqualTo, time.UnixMilli(s.from)),
		inRange("createdAt", gql.FilterOperatorLessThan, time.UnixMilli(s.to)))
}

// cut cuts a list that is longer than the search engine's window by creation
// time, until every piece fits, and adds these in order. first is the first page
// of the whole. A server whose ranges do not work is found out by one request: it
// matches nothing, or refuses. Those for the parts are under way meanwhile, and
// nothing of them is used before.
func (r *readAhead) cut(ctx context.Context, base question, first page) error {
	const tomorrow = 24 * time.Hour // for clocks that differ
	now := r.client.now()
	whole := span{0, now.Add(tomorrow).UnixMilli()}
	parts := r.probeAll(ctx, base, whole.at(ages(now)))
	probe := r.fetch(ctx, pageRequest{0, 1, whole.of(base)})
	if refused := refusalOf(probe.err); refused != nil && refused.unknownToServer() {
		return tooMany()
	}
	if probe.err != nil {
		return probe.err
	}
	if probe.total < first.total {
		return tooMany()
	}
	return r.addAll(ctx, base, parts)
}

// part is a span whose first page is on its way.
type part struct {
	span
	probe chan fetched
}

// probeAll asks for the first pages of spans, at once.
func (r *readAhead) probeAll(ctx context.Context, base question, spans []span) []part {
	all := make([]part, len(spans))
	for i, s := range spans {
		all[i] = part{s, make(chan fetched, 1)}
		go func() { all[i].probe <- r.fetch(ctx, pageRequest{0, r.client.pageSize, s.of(base)}) }()
	}
	return all
}

// opened is a part as its first page shows it: it fits, or its own parts are
// being asked for.
type opened struct {
	fetched
	parts []part
}

// open looks at a part when its first page is there.
func (r *readAhead) open(ctx context.Context, base question, p part) <-chan opened {
	out := make(chan opened, 1)
	go func() {
		o := opened{fetched: <-p.probe}
		if o.err == nil && o.total >= window {
			spans := p.at(p.eighths())
			if len(spans) < 2 {
				o.err = tooMany()
			} else {
				o.parts = r.probeAll(ctx, base, spans)
			}
		}
		out <- o
	}()
	return out
}

// addAll adds the parts in order, those cut further that hold too much. Only the
// next one is opened meanwhile: at no time are many pages in memory, and nobody
// waits for what could have been asked before.
func (r *readAhead) addAll(ctx context.Context, base question, parts []part) error {
	next := r.open(ctx, base, parts[0])
	for i, p := range parts {
		o := <-next
		if i+1 < len(parts) {
			next = r.open(ctx, base, parts[i+1])
		}
		var err error
		switch {
		case o.err != nil:
			err = o.err
		case o.parts != nil:
			err = r.addAll(ctx, base, o.parts)
		default:
			err = r.add(ctx, piece{p.of(base), o.page})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ages are where a list is cut first: most tokens are young, so two parts reach
// twice as far back as the two before. Few steps one after the other lead to parts
// that can be read, whether tokens are spread over years or hours.
func ages(now time.Time) []int64 {
	const youngest, oldest = 3 * time.Hour, 7 * 365 * 24 * time.Hour
	var bounds []int64
	for age := youngest; age < oldest; age *= 2 {
		bounds = append(bounds, now.Add(-age).UnixMilli(), now.Add(-age-age/2).UnixMilli())
	}
	slices.Reverse(bounds)
	return bounds
}

// eighths are where a part is cut that still holds too much. How much nobody
// says: many small parts at once are sooner found to fit than a few, one after
// the other.
func (s span) eighths() []int64 {
	const parts = 8
	bounds := make([]int64, 0, parts-1)
	for i := range int64(parts - 1) {
		bounds = append(bounds, s.from+(s.to-s.from)/parts*(i+1))
	}
	return bounds
}

// at cuts the span at those bounds that lie in it, which ascend. The youngest
// part comes first: it is likely to fit, and can be read while the older ones
// are cut further.
func (s span) at(bounds []int64) []span {
	var spans []span
	for _, bound := range slices.Backward(bounds) {
		if bound > s.from && bound < s.to {
			spans = append(spans, span{bound, s.to})
			s.to = bound
		}
	}
	return append(spans, s)
}
