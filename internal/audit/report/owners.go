package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
)

// owner is somebody who created tokens.
type owner struct {
	Name, At                    string // and at which instance, where several were audited
	Tokens, Never, Expired, Hit int
}

// mostOwners is how many owners the page names.
const mostOwners = 20

// owners are who created the tokens, those with the most first. The last one
// stands for all that the page does not name, and says how many they are.
func owners(r audit.Report) (named []owner, others owner, more int) {
	hit := grave(r)
	type user struct {
		source int // two DataHubs may mean two people by a name
		urn    datahub.URN
	}
	byUser := map[user]*owner{}
	for at, source := range r.Sources {
		for _, t := range source.Tokens {
			who := byUser[user{at, t.Owner}]
			if who == nil {
				who = &owner{Name: cmp.Or(text(t.Owner.Username()), "(nobody)"), At: placeOf(r, at)}
				byUser[user{at, t.Owner}] = who
			}
			who.count(t, hit[tokenAt{at, t.ID}], r)
		}
	}
	all := make([]owner, 0, len(byUser))
	for _, who := range byUser {
		all = append(all, *who)
	}
	slices.SortFunc(all, func(a, b owner) int {
		return cmp.Or(cmp.Compare(b.Tokens, a.Tokens), strings.Compare(a.Name, b.Name), strings.Compare(a.At, b.At))
	})
	named = all[:min(mostOwners, len(all))]
	for _, who := range all[len(named):] {
		others.add(who)
	}
	return named, others, len(all) - len(named)
}

func (o *owner) count(t datahub.Token, hit bool, r audit.Report) {
	one := owner{Tokens: 1}
	switch {
	case t.NeverExpires():
		one.Never = 1
	case t.StatusAt(r.At) == datahub.Expired:
		one.Expired = 1
	}
	if hit {
		one.Hit = 1
	}
	o.add(one)
}

func (o *owner) add(other owner) {
	o.Tokens, o.Never = o.Tokens+other.Tokens, o.Never+other.Never
	o.Expired, o.Hit = o.Expired+other.Expired, o.Hit+other.Hit
}
