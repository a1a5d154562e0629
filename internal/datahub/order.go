package datahub

import (
	"cmp"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// Order is how a list is sorted.
type Order string

// The orders a list can have.
const (
	ByCreation Order = "created" // newest first
	ByName     Order = "name"
	ByEnd      Order = "expires" // what ends soonest first, never-ending last
	AsServed   Order = "none"    // as the server sent them
)

// ParseOrder is the order with that name.
func ParseOrder(name string) (Order, error) {
	orders := []Order{ByCreation, ByName, ByEnd, AsServed}
	if slices.Contains(orders, Order(name)) {
		return Order(name), nil
	}
	var names []string
	for _, order := range orders {
		names = append(names, string(order))
	}
	return "", failure.Mistyped("order", "orders", name, names)
}

// Sort sorts tokens in place. Equals are told apart by id, so that the order
// is the same in every run.
func (o Order) Sort(tokens []Token, reverse bool) {
	SortBy(o, tokens, func(t Token) Token { return t }, reverse)
}

// SortBy is [Order.Sort] for what belongs to tokens.
func SortBy[T any](o Order, items []T, token func(T) Token, reverse bool) {
	if compare := o.compare(); compare != nil {
		slices.SortStableFunc(items, func(x, y T) int {
			a, b := token(x), token(y)
			return cmp.Or(compare(a, b), strings.Compare(a.ID, b.ID))
		})
	}
	if reverse {
		slices.Reverse(items)
	}
}

func (o Order) compare() func(a, b Token) int {
	switch o {
	case ByCreation:
		return func(a, b Token) int { return b.CreatedAt.Compare(a.CreatedAt) }
	case ByName:
		return func(a, b Token) int { return strings.Compare(a.Name, b.Name) }
	case ByEnd:
		return compareEnds
	}
	return nil
}

func compareEnds(a, b Token) int {
	if a.NeverExpires() || b.NeverExpires() {
		return cmp.Compare(boolRank(a.NeverExpires()), boolRank(b.NeverExpires()))
	}
	return a.ExpiresAt.Compare(b.ExpiresAt)
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
