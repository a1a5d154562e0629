package datahub

import (
	"context"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// Scope says whose tokens are looked at. Empty, it is everybody's, which takes
// the privilege Manage All Access Tokens. Several conditions must all hold.
type Scope struct {
	Owners []URN // created by one of these
	Actors []URN // representing one of these
	Users  []URN // either of both
}

// Everybody reports whether the scope leaves nobody out.
func (s Scope) Everybody() bool { return len(s.Owners)+len(s.Actors)+len(s.Users) == 0 }

// Matches says what the server's filters say, for tokens that came by another
// way.
func (s Scope) Matches(t Token) bool {
	return allows(s.Owners, t.Owner) && allows(s.Actors, t.Actor) &&
		(allows(s.Users, t.Owner) || allows(s.Users, t.Actor))
}

func allows(urns []URN, urn URN) bool { return len(urns) == 0 || slices.Contains(urns, urn) }

// readings are the filters of the requests that together see the scope. The
// server joins filters with AND only, so "owner or actor" takes two.
func (s Scope) readings() [][]gql.FacetFilterInput {
	base := append(oneOf("ownerUrn", s.Owners), oneOf("actorUrn", s.Actors)...)
	if len(s.Users) == 0 {
		return [][]gql.FacetFilterInput{base}
	}
	return [][]gql.FacetFilterInput{
		append(slices.Clone(base), oneOf("ownerUrn", s.Users)...),
		append(slices.Clone(base), oneOf("actorUrn", s.Users)...),
	}
}

func oneOf(field string, urns []URN) []gql.FacetFilterInput {
	if len(urns) == 0 {
		return nil
	}
	values := make([]string, len(urns))
	for i, urn := range urns {
		values[i] = string(urn)
	}
	return equal(field, values...)
}

// equal is a filter on whole values. Always `values`, never the older `value`:
// every supported release reads it, the newest nothing else.
func equal(field string, values ...string) []gql.FacetFilterInput {
	return []gql.FacetFilterInput{{Field: field, Values: values}}
}

// List is every token in the scope, as [Client.Each] finds them.
func (c *Client) List(ctx context.Context, scope Scope) ([]Token, error) {
	return c.Select(ctx, scope, Selection{}, time.Time{})
}

// Select is every token in the scope that is selected at the moment now, as
// [Client.EachSelected] finds them.
func (c *Client) Select(ctx context.Context, scope Scope, selection Selection, now time.Time) ([]Token, error) {
	var all []Token
	err := c.EachSelected(ctx, scope, selection, now, func(token Token) error {
		all = append(all, token)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Each is [Client.EachSelected] for all tokens in the scope.
func (c *Client) Each(ctx context.Context, scope Scope, pass func(Token) error) error {
	return c.EachSelected(ctx, scope, Selection{}, time.Time{}, pass)
}

// EachSelected passes on every token in the scope that is selected at the moment
// now and that the server's search index has, once each, in the server's order:
// by end, the latest first, never-ending ones last. (Above 10000 tokens it is that
// order within spans of creation time.) The index lags behind the store by
// seconds. The server leaves out what is not selected where that can be trusted.
//
// A list that could not be had complete is a failure, never a short list; some
// tokens may have been passed on before that shows. An error of pass ends it.
func (c *Client) EachSelected(ctx context.Context, scope Scope, selection Selection, now time.Time, pass func(Token) error) error {
	narrow := selection.narrowing(now)
	if !selection.NeedsAll() {
		return c.each(ctx, scope, narrow, func(token Token) error {
			if !selection.Matches(token, now) {
				return nil
			}
			return pass(token)
		})
	}
	var all []Token
	err := c.each(ctx, scope, narrow, func(token Token) error {
		all = append(all, token)
		return nil
	})
	if err != nil {
		return err
	}
	for _, token := range selection.Select(all, now) {
		if err := pass(token); err != nil {
			return err
		}
	}
	return nil
}

// each passes on every token in the scope, and may leave out those that do not
// fit the narrowing.
func (c *Client) each(ctx context.Context, scope Scope, narrow narrowing, pass func(Token) error) error {
	return c.read(ctx, scope, everything, narrow, pass)
}

// EachID is [Client.Each] for the ids alone: of each token it asks for nothing
// else, but for what it takes to check the scope.
func (c *Client) EachID(ctx context.Context, scope Scope, pass func(id string) error) error {
	wanted := idsAndPeople
	if scope.Everybody() {
		wanted = onlyIDs
	}
	return c.read(ctx, scope, wanted, narrowing{}, func(token Token) error { return pass(token.ID) })
}

// read passes on what there is in the scope, each token with the fields wanted.
func (c *Client) read(ctx context.Context, scope Scope, wanted fields, narrow narrowing, pass func(Token) error) error {
	r := &reading{client: c, narrow: narrow, seen: map[string]bool{}, pass: func(token Token) error {
		if !scope.Matches(token) {
			return nil
		}
		return pass(token)
	}}
	readings := scope.readings()
	r.whole = len(readings) == 1
	for _, base := range readings {
		if err := r.all(ctx, question{base, wanted}); err != nil {
			return explainList(scope, err)
		}
	}
	return nil
}

func explainList(scope Scope, err error) error {
	told := failure.Of(err)
	if told.Kind != failure.Forbidden {
		return err
	}
	whose := "these tokens"
	if scope.Everybody() {
		whose = "everybody's tokens"
	}
	return &failure.Error{
		Kind: failure.Forbidden, Server: told.Server, Err: err,
		Message: "cannot list " + whose + ": not allowed",
		Hint: "tokens you created take the privilege Generate Personal Access Tokens (`pat list`), those of others Manage All Access Tokens; " +
			"a privilege granted just now takes up to two minutes to act",
	}
}
