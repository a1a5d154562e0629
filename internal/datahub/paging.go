package datahub

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

const (
	// pageSize is below every release's limit of 10000, above which newer ones
	// silently answer 5000.
	pageSize = 1000
	// window is how far the search index can be paged, and how far it counts
	// (index.max_result_window and track_total_hits of the search engine).
	window = 10000
	// maxReadings is how often a list that changed while it was read is read.
	maxReadings = 3
)

// page is one answer to a list request. size is the page size the server used;
// there may be fewer tokens: those deleted meanwhile are left out though total
// counts them.
type page struct {
	size, total int
	tokens      []Token
}

func (c *Client) page(ctx context.Context, start, count int, filters []gql.FacetFilterInput) (page, error) {
	answer, err := gql.ListAccessTokens(ctx, c.requests, gql.ListAccessTokenInput{
		Start: &start, Count: &count, Filters: filters,
	})
	if err != nil {
		return page{}, c.explain("cannot list tokens", err)
	}
	p := page{size: answer.ListAccessTokens.Count, total: answer.ListAccessTokens.Total}
	for _, fields := range answer.ListAccessTokens.Tokens {
		p.tokens = append(p.tokens, tokenFrom(fields))
	}
	return p, nil
}

// readSteadily reads all pages until one reading was not disturbed by tokens
// that came or went meanwhile.
func (c *Client) readSteadily(ctx context.Context, filters []gql.FacetFilterInput) ([]Token, error) {
	for range maxReadings {
		tokens, steady, err := c.readOnce(ctx, filters)
		if err != nil || steady {
			return tokens, err
		}
	}
	return nil, &failure.Error{
		Kind:    failure.Unavailable,
		Message: fmt.Sprintf("the list changed each of the %d times it was read: it could not be had complete", maxReadings),
		Hint:    "try again when fewer tokens come and go",
	}
}

// readOnce reads all pages, each beginning with the row the one before ended
// with. It is steady if every page counted the same total and every boundary
// row came again; where a page was shorter than its size, the row may be one
// that was left out.
func (c *Client) readOnce(ctx context.Context, filters []gql.FacetFilterInput) (tokens []Token, steady bool, err error) {
	current, err := c.page(ctx, 0, pageSize, filters)
	if err != nil {
		return nil, false, err
	}
	total := current.total
	if total >= window {
		return nil, false, tooMany()
	}
	tokens = current.tokens
	for start := 0; start+current.size < total; {
		if current.size <= 1 {
			return nil, false, failure.New(failure.Unavailable, "cannot list tokens: the server answers in pages of %d", current.size)
		}
		start += current.size - 1
		next, err := c.page(ctx, start, pageSize, filters)
		if err != nil {
			return nil, false, err
		}
		if next.total != total || !joins(current, next) {
			return nil, false, nil
		}
		tokens, current = append(tokens, next.tokens...), next
	}
	return tokens, true, nil
}

// joins reports whether next begins with the row that current ended with, as
// far as that can be told.
func joins(current, next page) bool {
	if len(current.tokens) < current.size || len(next.tokens) == 0 {
		return true
	}
	return next.tokens[0].ID == current.tokens[len(current.tokens)-1].ID
}

func tooMany() error {
	return &failure.Error{
		Kind:    failure.Unavailable,
		Message: fmt.Sprintf("cannot list tokens: there are %d or more, which is as far as the server's search can be read", window),
		Hint:    "narrow the list by --owner, --actor or --user",
	}
}
