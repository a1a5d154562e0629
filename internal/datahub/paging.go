package datahub

import (
	"context"
	"fmt"
	"slices"

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

// fields are what is asked of each token.
type fields int

const (
	everything fields = iota
	onlyIDs
	idsAndPeople // with the actor and the owner
)

// question is which tokens are asked for, and what of each.
type question struct {
	filters []gql.FacetFilterInput
	fields  fields
}

// and is the question for those that further filters match too.
func (q question) and(filters ...gql.FacetFilterInput) question {
	q.filters = slices.Concat(q.filters, filters)
	return q
}

// page is one answer to a list request. size is the page size the server used;
// there may be fewer tokens: those deleted meanwhile are left out though total
// counts them.
type page struct {
	size, total int
	tokens      []Token
	ids         []string // in place of tokens where nothing else was asked for
}

// len is how many tokens there are on the page.
func (p page) len() int { return len(p.tokens) + len(p.ids) }

// token is the one at a place, as far as it was asked for.
func (p page) token(at int) Token {
	if p.ids != nil {
		return Token{ID: p.ids[at]}
	}
	return p.tokens[at]
}

// id is that of the token at a place.
func (p page) id(at int) string {
	if p.ids != nil {
		return p.ids[at]
	}
	return p.tokens[at].ID
}

// page asks for the tokens from start on, at most count.
func (c *Client) page(ctx context.Context, start, count int, q question) (page, error) {
	input := gql.ListAccessTokenInput{Start: &start, Count: &count, Filters: q.filters}
	var p page
	var err error
	if q.fields == everything {
		p, err = c.wholePage(ctx, input)
	} else {
		p, err = c.idPage(ctx, input, q.fields)
	}
	if err != nil {
		return page{}, c.explain("cannot list tokens", err)
	}
	if p.size <= 0 { // null, which is not "none"
		return page{}, failure.New(failure.Unavailable, "cannot list tokens: the server's answer holds no list")
	}
	if err := p.intact(); err != nil {
		return page{}, c.explain("cannot list tokens", err)
	}
	return p, nil
}

// intact makes sure of what a token is told by.
func (p page) intact() error {
	for _, token := range p.tokens {
		if err := intact(token.ID, string(token.Actor), string(token.Owner)); err != nil {
			return err
		}
	}
	return intact(p.ids...)
}

func (c *Client) wholePage(ctx context.Context, input gql.ListAccessTokenInput) (page, error) {
	answer, err := gql.ListAccessTokens(ctx, c.requests, input)
	if err != nil {
		return page{}, err
	}
	list := answer.ListAccessTokens
	p := page{size: list.Count, total: list.Total, tokens: make([]Token, len(list.Tokens))}
	for i, fields := range list.Tokens {
		p.tokens[i] = tokenFrom(fields)
	}
	return p, nil
}

func (c *Client) idPage(ctx context.Context, input gql.ListAccessTokenInput, wanted fields) (page, error) {
	answer, err := gql.ListAccessTokenIDs(ctx, c.requests, input, wanted == idsAndPeople)
	if err != nil {
		return page{}, err
	}
	list := answer.ListAccessTokens
	p := page{size: list.Count, total: list.Total}
	if wanted == onlyIDs {
		p.ids = make([]string, len(list.Tokens))
		for i, of := range list.Tokens {
			p.ids[i] = of.Id
		}
		return p, nil
	}
	p.tokens = make([]Token, len(list.Tokens))
	for i, of := range list.Tokens {
		p.tokens[i] = Token{ID: of.Id, Actor: URN(of.ActorUrn), Owner: URN(of.OwnerUrn)}
	}
	return p, nil
}

// pageInParts is [Client.page], in ever smaller parts where the page is spoiled
// by a token that is being deleted.
func (c *Client) pageInParts(ctx context.Context, start, count int, q question) (page, error) {
	p, err := c.page(ctx, start, count, q)
	r := refusalOf(err)
	switch {
	case r == nil || !r.spoiledPage():
		return p, err
	case count <= 1:
		return page{}, spoiled(r)
	}
	half := count / 2
	first, err := c.pageInParts(ctx, start, half, q)
	if err != nil {
		return page{}, err
	}
	second, err := c.pageInParts(ctx, start+half, count-half, q)
	if err != nil {
		return page{}, err
	}
	if first.total != second.total || first.size != half || second.size != count-half {
		return page{total: -1, size: count}, nil // no steady reading has this total
	}
	first.size = count
	first.tokens, first.ids = append(first.tokens, second.tokens...), append(first.ids, second.ids...)
	return first, nil
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
	if current.len() < current.size || next.len() == 0 {
		return true
	}
	return next.id(0) == current.id(current.len()-1)
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
