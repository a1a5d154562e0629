package store

import (
	"cmp"
	"slices"
)

// index is the search index over tokens, in the order of lists: the latest end first, never-ending ones last, the URN
// as tie-break. It learns of changes lag milliseconds late.
type index struct {
	lag     int64
	docs    []*Token
	pending []change // in the order they are due
}

type change struct {
	due    int64
	token  *Token
	remove bool
}

func (x *index) add(t *Token, at int64) { x.pending = append(x.pending, change{at + x.lag, t, false}) }
func (x *index) remove(t *Token, at int64) {
	x.pending = append(x.pending, change{at + x.lag, t, true})
}

// due tells whether there is something that the index must have learnt by now.
func (x *index) due(now int64) bool {
	return slices.ContainsFunc(x.pending, func(c change) bool { return c.due <= now })
}

// bulk is the number of changes from which sorting everything is cheaper than placing one by one.
const bulk = 64

// catchUp takes in what is due.
func (x *index) catchUp(now int64) {
	var ripe, later []change
	for _, c := range x.pending {
		if c.due <= now {
			ripe = append(ripe, c)
		} else {
			later = append(later, c)
		}
	}
	x.pending = later
	if len(ripe) >= bulk {
		x.rebuild(ripe)
		return
	}
	for _, c := range ripe {
		x.place(c)
	}
}

func (x *index) place(c change) {
	at, found := slices.BinarySearchFunc(x.docs, c.token, compare)
	switch {
	case c.remove && found:
		x.docs = slices.Delete(x.docs, at, at+1)
	case !c.remove && !found:
		x.docs = slices.Insert(x.docs, at, c.token)
	}
}

func (x *index) rebuild(changes []change) {
	removed := map[string]bool{}
	docs := slices.Clone(x.docs)
	for _, c := range changes {
		if c.remove {
			removed[c.token.ID] = true
		} else {
			docs = append(docs, c.token)
		}
	}
	docs = slices.DeleteFunc(docs, func(t *Token) bool { return removed[t.ID] })
	slices.SortFunc(docs, compare)
	x.docs = slices.CompactFunc(docs, func(a, b *Token) bool { return a.ID == b.ID })
}

// compare is the order of lists.
func compare(a, b *Token) int {
	return cmp.Or(compareEnds(a.ExpiresAt, b.ExpiresAt), cmp.Compare(a.ID, b.ID))
}

func compareEnds(a, b int64) int {
	switch {
	case a == b:
		return 0
	case a == 0:
		return 1
	case b == 0:
		return -1
	}
	return cmp.Compare(b, a)
}

// find gives the documents from start on that fit, at most count, and how many fit, counting no further than window.
func (x *index) find(fits func(*Token) bool, start, count, window int) (page []*Token, total int) {
	if fits == nil {
		total = min(len(x.docs), window)
		from, to := min(start, len(x.docs)), min(start+count, len(x.docs))
		return slices.Clone(x.docs[from:to]), total
	}
	matched := 0
	for _, doc := range x.docs {
		if !fits(doc) {
			continue
		}
		if matched >= start && matched < start+count {
			page = append(page, doc)
		}
		if matched++; matched >= window && matched >= start+count {
			break
		}
	}
	return page, min(matched, window)
}
