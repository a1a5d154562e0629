package datahub

import (
	"context"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// Presence is whether the search index has a token.
type Presence int

// What a look into the index can show.
const (
	Uncertain Presence = iota // this release's filter cannot be trusted, or others' tokens cannot be seen
	Present
	Absent
)

// Find looks for a token by its id, among everybody's where the caller may see
// them, else among the caller's own.
//
// Release 0.10.0 finds nothing by URN (it asks for a field that the index lacks),
// so an empty answer counts only where the filter is seen to work on another
// token.
func (c *Client) Find(ctx context.Context, id string) (Token, Presence, error) {
	var scope []gql.FacetFilterInput
	token, found, err := c.seek(ctx, id, scope)
	if failure.KindOf(err) == failure.Forbidden {
		caller, callerErr := c.Caller(ctx)
		if callerErr != nil {
			return Token{}, Uncertain, callerErr
		}
		scope = equal("ownerUrn", string(caller))
		token, found, err = c.seek(ctx, id, scope)
	}
	if err != nil {
		return Token{}, Uncertain, err
	}
	if found {
		return token, Present, nil
	}
	presence, err := c.absentIfFilterWorks(ctx, scope)
	return Token{}, presence, err
}

func (c *Client) seek(ctx context.Context, id string, scope []gql.FacetFilterInput) (Token, bool, error) {
	page, err := c.page(ctx, 0, 1, question{filters: append(equal("urn", TokenURN(id)), scope...)})
	if err != nil || len(page.tokens) == 0 || page.tokens[0].ID != id {
		return Token{}, false, err
	}
	return page.tokens[0], true, nil
}

func (c *Client) absentIfFilterWorks(ctx context.Context, scope []gql.FacetFilterInput) (Presence, error) {
	another, err := c.page(ctx, 0, 1, question{filters: scope})
	if err != nil {
		return Uncertain, err
	}
	if another.total == 0 {
		return Absent, nil
	}
	if len(another.tokens) == 0 {
		return Uncertain, nil
	}
	_, works, err := c.seek(ctx, another.tokens[0].ID, scope)
	if err != nil || !works {
		return Uncertain, err
	}
	return Absent, nil
}

// findAtOnce is how many tokens one request asks for by their ids.
const findAtOnce = 200

// FindAll looks for tokens by their ids, where [Client.Find] does. It leaves out
// those that it does not find: they may be gone, somebody else's, or on a
// release that does not find by URN.
func (c *Client) FindAll(ctx context.Context, ids []string) ([]Token, error) {
	found, err := c.findAll(ctx, ids, nil)
	if failure.KindOf(err) != failure.Forbidden {
		return found, err
	}
	caller, err := c.Caller(ctx)
	if err != nil {
		return nil, err
	}
	return c.findAll(ctx, ids, equal("ownerUrn", string(caller)))
}

func (c *Client) findAll(ctx context.Context, ids []string, scope []gql.FacetFilterInput) ([]Token, error) {
	var found []Token
	for some := range slices.Chunk(ids, findAtOnce) {
		urns := make([]string, len(some))
		for i, id := range some {
			urns[i] = TokenURN(id)
		}
		page, err := c.pageInParts(ctx, 0, len(urns), question{filters: append(equal("urn", urns...), scope...)})
		if err != nil {
			return nil, err
		}
		found = append(found, page.tokens...)
	}
	return found, nil
}

// tokenOfSecret is the name of the operation behind [Client.TokenOfSecret].
const tokenOfSecret = "TokenOfSecret"

// TokenOfSecret asks the server's store which token a secret belongs to. It
// stays uncertain without the privilege Manage All Access Tokens, which is needed
// for one's own token too, and on releases before 0.13.
func (c *Client) TokenOfSecret(ctx context.Context, secret string) (Token, Presence, error) {
	answer, err := gql.TokenOfSecret(ctx, c.requests, secret)
	if err == nil {
		return tokenFrom(answer.GetAccessTokenMetadata), Present, nil
	}
	r := refusalOf(err)
	switch {
	case r == nil:
		return Token{}, Uncertain, c.explain("cannot find the token of the secret", err)
	case r.spoiledPage(): // null where there must be a token
		return Token{}, Absent, nil
	}
	return Token{}, Uncertain, nil
}

// FindMarked looks, again and again for at most patience, for the token that
// was issued with mark: the index lags behind the store by seconds, now and
// then by a minute. Nothing else identifies it: names repeat.
func (c *Client) FindMarked(ctx context.Context, mark string, patience time.Duration) (Token, bool, error) {
	caller, err := c.Caller(ctx)
	if err != nil {
		return Token{}, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for pause := time.Second / 2; ; pause = min(2*pause, 5*time.Second) {
		token, found, err := c.SeekMark(ctx, mark, caller)
		if found || (err != nil && ctx.Err() == nil && failure.KindOf(err) != failure.Unavailable) {
			return token, found, err
		}
		select {
		case <-ctx.Done():
			return Token{}, false, err
		case <-time.After(pause):
		}
	}
}

// SeekMark looks once for the token that owner issued with mark.
func (c *Client) SeekMark(ctx context.Context, mark string, owner URN) (Token, bool, error) {
	var marked Token
	err := c.Each(ctx, Scope{Owners: []URN{owner}}, func(token Token) error {
		if token.Mark == mark {
			marked = token
		}
		return nil
	})
	return marked, err == nil && marked.ID != "", err
}
