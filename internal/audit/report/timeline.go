package report

import (
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
)

// bar is one span of the timeline: how many tokens end in it.
type bar struct {
	Label      string
	Kind       string // expired, ends, later or never
	Count, Hit int    // tokens, and those of them about which there is something graver than an info
	until      time.Time
}

// calendar is a unit into which the time to come is cut.
type calendar struct {
	label string // of a span, as time.Format has it
	most  int    // spans
	floor func(time.Time) time.Time
	next  func(time.Time) time.Time
}

// calendars are the units, the shortest first.
var calendars = []calendar{
	{"2 Jan", 14, startOfDay, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2 Jan", 16, startOfDay, func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }},
	{"Jan ’06", 18, startOfMonth, func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"Jan ’06", 16, startOfQuarter, func(t time.Time) time.Time { return t.AddDate(0, 3, 0) }},
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func startOfMonth(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func startOfQuarter(t time.Time) time.Time {
	return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
}

// fewest is how many spans there are at least: one bar alone is no timeline.
const fewest = 6

// spans are the unit's spans from now until the last end. They do not reach it
// if that is too far.
func (c calendar) spans(now, last time.Time) (spans []bar, reaches bool) {
	at := c.floor(now.UTC())
	for len(spans) < c.most && (len(spans) < fewest || !at.After(last)) {
		next := c.next(at)
		spans = append(spans, bar{Label: at.Format(c.label), Kind: "ends", until: next})
		at = next
	}
	return spans, at.After(last)
}

// timeline is when the tokens end: those that have, those that will, in the
// shortest unit in which that fits, and those that never do.
func timeline(r audit.Report) []bar {
	last := r.At
	for _, source := range r.Sources {
		for _, t := range source.Tokens {
			if t.ExpiresAt.After(last) {
				last = t.ExpiresAt
			}
		}
	}
	var spans []bar
	reaches := false
	for i := 0; i < len(calendars) && !reaches; i++ {
		spans, reaches = calendars[i].spans(r.At, last)
	}
	bars := append([]bar{{Label: "Expired", Kind: "expired"}}, spans...)
	if !reaches {
		bars = append(bars, bar{Label: "Later", Kind: "later"})
	}
	bars = append(bars, bar{Label: "Never", Kind: "never"})
	fill(bars, r)
	return bars
}

// fill counts the tokens.
func fill(bars []bar, r audit.Report) {
	hit := grave(r)
	for at, source := range r.Sources {
		for _, t := range source.Tokens {
			b := &bars[place(bars, t, r.At)]
			b.Count++
			if hit[tokenAt{at, t.ID}] {
				b.Hit++
			}
		}
	}
}

// place is the number of the bar that a token belongs to.
func place(bars []bar, t datahub.Token, now time.Time) int {
	switch {
	case t.NeverExpires():
		return len(bars) - 1
	case !t.ExpiresAt.After(now):
		return 0
	}
	for i, b := range bars {
		if b.Kind == "ends" && t.ExpiresAt.Before(b.until) {
			return i
		}
	}
	return len(bars) - 2 // later
}

// tokenAt is a token by its source and its id: a copy of a DataHub has the ids of
// the original.
type tokenAt struct {
	source int
	id     string
}

// grave are the tokens about which there is something graver than an info.
func grave(r audit.Report) map[tokenAt]bool {
	tokens := map[tokenAt]bool{}
	for _, f := range r.Findings {
		if f.Token != nil && f.Severity >= audit.Warning {
			tokens[tokenAt{f.Source, f.Token.ID}] = true
		}
	}
	return tokens
}
