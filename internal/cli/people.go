package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// person is somebody whom tokens represent.
type person struct {
	actor    datahub.URN // empty: it is not known whom
	tokens   int
	byOthers map[datahub.URN]int // how many of them others created, by owner
}

// peopleOf is whom the tokens represent, those with the most first.
func peopleOf(meant []lifecycle.Meant) []person {
	people := map[datahub.URN]*person{}
	for _, token := range meant {
		who := people[token.Actor]
		if who == nil {
			who = &person{actor: token.Actor, byOthers: map[datahub.URN]int{}}
			people[token.Actor] = who
		}
		who.tokens++
		if token.Owner != token.Actor {
			who.byOthers[token.Owner]++
		}
	}
	all := make([]person, 0, len(people))
	for _, who := range people {
		all = append(all, *who)
	}
	slices.SortFunc(all, func(a, b person) int {
		return cmp.Or(cmp.Compare(b.tokens, a.tokens), strings.Compare(string(a.actor), string(b.actor)))
	})
	return all
}

// String says how many tokens represent whom, and who created them where that
// was somebody else.
func (p person) String() string {
	if p.actor == "" {
		return counted(p.tokens, "token of which only the id is known", "tokens of which only the ids are known")
	}
	text := fmt.Sprintf("%s %s", counted(p.tokens, "represents", "represent"), p.actor.Username())
	if p.actor.IsServiceAccount() {
		text = fmt.Sprintf("%s made for the service account %s", counted(p.tokens, "was", "were"), p.actor.Username())
	}
	if len(p.byOthers) == 0 {
		return text
	}
	return text + ", created by " + p.creators()
}

// creators are the others who created tokens, and how many of them where that is
// not all.
func (p person) creators() string {
	var names []string
	for _, owner := range slices.Sorted(maps.Keys(p.byOthers)) {
		name := cmp.Or(owner.Username(), "somebody unknown")
		if count := p.byOthers[owner]; count < p.tokens {
			name = fmt.Sprintf("%s (%d)", name, count)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// showPeople says on stderr, for more than one token, whom they represent.
func (w *world) showPeople(meant []lifecycle.Meant) {
	const most = 10
	if len(meant) < 2 {
		return
	}
	people := peopleOf(meant)
	for _, who := range people[:min(most, len(people))] {
		w.Say("  %s", sanitize.Line(who.String()))
	}
	if more := len(people) - most; more > 0 {
		w.Say("  … and those of %s", counted(more, "other person", "other people"))
	}
}
