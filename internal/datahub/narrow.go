package datahub

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// narrowing are filters by which the server leaves out what a selection does not
// want. They let through all that is selected, and more: each token is judged
// here again.
type narrowing struct{ name, times []gql.FacetFilterInput }

// narrowing is what the server can be asked of the selection at the moment now.
// Who succeeds a token has its name, but any times.
func (s Selection) narrowing(now time.Time) narrowing {
	var n narrowing
	if plainName(s.Name) {
		n.name = equal("name", s.Name)
	}
	if s.NeedsAll() {
		return n
	}
	const slack = time.Second // the server keeps milliseconds
	before := func(field string, t time.Time) {
		n.times = append(n.times, inRange(field, gql.FilterOperatorLessThanOrEqualTo, t.Add(slack)))
	}
	after := func(field string, t time.Time) {
		n.times = append(n.times, inRange(field, gql.FilterOperatorGreaterThanOrEqualTo, t.Add(-slack)))
	}
	switch {
	case s.Expired:
		before("expiresAt", now)
	case s.ExpiringWithin > 0:
		after("expiresAt", now)
		before("expiresAt", now.Add(s.ExpiringWithin))
	}
	if !s.EndsBefore.IsZero() {
		before("expiresAt", s.EndsBefore)
	}
	if !s.CreatedBefore.IsZero() {
		before("createdAt", s.CreatedBefore)
	}
	if !s.CreatedAfter.IsZero() {
		after("createdAt", s.CreatedAfter)
	}
	return n
}

// plainName reports whether a name means itself and nothing else to the search
// engine too: which may not index long ones (ignore_above), and whose filters
// have read lists and URNs into values.
func plainName(name string) bool {
	const longest = 100
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_.", r)
	}
	return name != "" && len(name) <= longest && !strings.ContainsFunc(name, odd) && strings.TrimSpace(name) == name
}

// inRange is a filter on a field that holds a time. Ranges work from release 0.13
// on; 0.12 takes them and matches nothing, and before they are not in the schema.
func inRange(field string, condition gql.FilterOperator, t time.Time) gql.FacetFilterInput {
	return gql.FacetFilterInput{Field: field, Condition: &condition, Values: []string{strconv.FormatInt(t.UnixMilli(), 10)}}
}

// filters are all of the narrowing's.
func (n narrowing) filters() []gql.FacetFilterInput { return slices.Concat(n.name, n.times) }

// none reports whether nothing is narrowed.
func (n narrowing) none() bool { return len(n.name)+len(n.times) == 0 }

// anyTime are filters on the same times that let everything through that has
// them.
func (n narrowing) anyTime() []gql.FacetFilterInput {
	var filters []gql.FacetFilterInput
	for _, f := range n.times {
		filters = append(filters, inRange(f.Field, gql.FilterOperatorGreaterThanOrEqualTo, time.UnixMilli(0)))
	}
	return filters
}

// less reports whether n is what is left of m, and not all of it.
func (n narrowing) less(m narrowing) bool { return len(n.name)+len(n.times) < len(m.name)+len(m.times) }

// trusted is what is left of the narrowing after the first page that it let
// through: less, where this server's filters do not work. A page with something
// on it shows that they do. An empty one does not; then each must find something
// that is known to be there.
func (c *Client) trusted(ctx context.Context, n narrowing, base question, first page, err error) (narrowing, error) {
	if r := refusalOf(err); r != nil && r.unknownToServer() && len(n.times) > 0 {
		return narrowing{name: n.name}, nil
	}
	if err != nil || first.total != 0 || n.none() {
		return n, err
	}
	const some = 20
	sample, err := c.pageInParts(ctx, 0, some, base.and(n.anyTime()...))
	switch {
	case err != nil:
		return n, err
	case len(n.times) > 0 && sample.total == 0:
		return narrowing{name: n.name}, nil
	case len(n.name) == 0 || sample.total == 0:
		return n, nil
	}
	works, err := c.findsName(ctx, base, sample.tokens)
	if !works {
		n.name = nil
	}
	return n, err
}

// findsName reports whether the filter on names finds one of the tokens.
func (c *Client) findsName(ctx context.Context, base question, tokens []Token) (bool, error) {
	at := slices.IndexFunc(tokens, func(t Token) bool { return plainName(t.Name) })
	if at < 0 {
		return false, nil
	}
	found, err := c.pageInParts(ctx, 0, 1, base.and(equal("name", tokens[at].Name)...))
	return found.total != 0, err
}
