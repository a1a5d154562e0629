package datahub

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

const (
	// defaultPageSize is below every release's limit of 10000, above which newer
	// ones silently answer 5000.
	defaultPageSize = 1000
	// window is how far the search index can be paged, and how far it counts
	// (index.max_result_window and track_total_hits of the search engine).
	window = 10000
)

// page is one answer to a list request. size is the page size the server used;
// there may be fewer tokens: those deleted meanwhile are left out though total
// counts them.
type page struct {
	size, total int
	tokens      []Token
}

// page asks for the tokens from start on, at most count.
func (c *Client) page(ctx context.Context, start, count int, filters []gql.FacetFilterInput) (page, error) {
	answer, err := gql.ListAccessTokens(ctx, c.requests, gql.ListAccessTokenInput{
		Start: &start, Count: &count, Filters: filters,
	})
	if err != nil {
		return page{}, c.explain("cannot list tokens", err)
	}
	if answer.ListAccessTokens.Count <= 0 { // null, which is not "none"
		return page{}, failure.New(failure.Unavailable, "cannot list tokens: the server's answer holds no list")
	}
	p := page{size: answer.ListAccessTokens.Count, total: answer.ListAccessTokens.Total}
	p.tokens = make([]Token, len(answer.ListAccessTokens.Tokens))
	for i, fields := range answer.ListAccessTokens.Tokens {
		if err := intact(fields.Id, fields.ActorUrn, fields.OwnerUrn); err != nil {
			return page{}, c.explain("cannot list tokens", err)
		}
		p.tokens[i] = tokenFrom(fields)
	}
	return p, nil
}

// pageInParts is [Client.page], in ever smaller parts where the page is spoiled
// by a token that is being deleted.
func (c *Client) pageInParts(ctx context.Context, start, count int, filters []gql.FacetFilterInput) (page, error) {
	p, err := c.page(ctx, start, count, filters)
	r := refusalOf(err)
	switch {
	case r == nil || !r.spoiledPage():
		return p, err
	case count <= 1:
		return page{}, spoiled(r)
	}
	half := count / 2
	first, err := c.pageInParts(ctx, start, half, filters)
	if err != nil {
		return page{}, err
	}
	second, err := c.pageInParts(ctx, start+half, count-half, filters)
	if err != nil {
		return page{}, err
	}
	if first.total != second.total || first.size != half || second.size != count-half {
		return page{total: -1, size: count}, nil // no steady reading has this total
	}
	return page{size: count, total: first.total, tokens: append(first.tokens, second.tokens...)}, nil
}

// spoiled is a token that the server counts again and again and cannot show.
func spoiled(r *refusal) error {
	return &failure.Error{
		Kind: failure.Unavailable, Server: r.words, Err: r,
		Message: "cannot list tokens: one is being deleted, and the list could not be had complete",
		Hint:    "try again in a while",
	}
}

// joins reports whether next begins with the row that current ended with, as
// far as that can be told: where a page is shorter than its size, the row may be
// one that was left out.
func joins(current, next page) bool {
	if len(current.tokens) < current.size || len(next.tokens) == 0 {
		return true
	}
	return next.tokens[0].ID == current.tokens[len(current.tokens)-1].ID
}

// starts are where the pages after the first begin: each with the row that the
// one before ended with.
func (p page) starts() ([]int, error) {
	if p.size >= p.total {
		return nil, nil
	}
	if p.size <= 1 {
		return nil, failure.New(failure.Unavailable, "cannot list tokens: the server answers in pages of %d", p.size)
	}
	var starts []int
	for start := p.size - 1; start < p.total-1; start += p.size - 1 {
		starts = append(starts, start)
	}
	return starts, nil
}

func tooMany() error {
	return &failure.Error{
		Kind:    failure.Unavailable,
		Message: fmt.Sprintf("cannot list tokens: there are %d or more, which is as far as this server's search can be read", window),
		Hint:    "narrow the list by --owner, --actor or --user, or by a --name without wildcards",
	}
}
