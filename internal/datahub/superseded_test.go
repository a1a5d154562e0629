package datahub

import (
	"strings"
	"testing"
	"time"
)

func TestSuperseded(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	token := func(id string, age, left time.Duration) Token {
		return Token{ID: id, Name: "ci", Actor: "urn:li:corpuser:jdoe", Owner: "urn:li:corpuser:jdoe", CreatedAt: now.Add(-age), ExpiresAt: now.Add(left)}
	}
	but := func(t Token, change func(*Token)) Token { change(&t); return t }
	cases := []struct {
		what   string
		tokens []Token
		want   string
	}{
		{"one alone", []Token{token("old", 3*day, day)}, ""},
		{"a successor for long enough", []Token{token("old", 3*day, day), token("new", 2*time.Hour, day)}, "old"},
		{"in any order", []Token{token("new", 2*time.Hour, day), token("old", 3*day, day)}, "old"},
		{"for exactly that long", []Token{token("old", 3*day, day), token("new", time.Hour, day)}, "old"},
		{"not for long enough", []Token{token("old", 3*day, day), token("new", time.Hour-time.Millisecond, day)}, ""},
		{"one of two for long enough", []Token{token("a", 3*day, day), token("b", 2*time.Hour, day), token("c", time.Minute, day)}, "a"},
		{"several generations", []Token{token("a", 3*day, day), token("b", 2*day, day), token("c", day, day)}, "a b"},
		{"an ended one supersedes none", []Token{token("old", 3*day, day), token("new", 2*time.Hour, 0)}, ""},
		{"an ended one is superseded", []Token{token("old", 3*day, -day), token("new", 2*time.Hour, day)}, "old"},
		{"an ended one between", []Token{token("a", 3*day, day), token("b", 2*time.Hour, -time.Minute), token("c", day, day)}, "a"},
		{"a never-ending one supersedes", []Token{token("old", 3*day, day), but(token("new", 2*time.Hour, 0), func(t *Token) { t.ExpiresAt = time.Time{} })}, "old"},
		{"made at the same moment", []Token{token("a", 2*time.Hour, day), token("b", 2*time.Hour, day)}, ""},
		{"another name", []Token{token("old", 3*day, day), but(token("new", 2*time.Hour, day), func(t *Token) { t.Name = "CI" })}, ""},
		{"another actor", []Token{token("old", 3*day, day), but(token("new", 2*time.Hour, day), func(t *Token) { t.Actor = "urn:li:corpuser:x" })}, ""},
		{"another owner", []Token{token("old", 3*day, day), but(token("new", 2*time.Hour, day), func(t *Token) { t.Owner = "urn:li:corpuser:x" })}, ""},
	}
	for _, c := range cases {
		if got := ids(Selection{SupersededFor: time.Hour}.Select(c.tokens, now)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// The successor need not be selected, and a token is not judged alone.
func TestSupersededAmongOtherConditions(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tokens := []Token{
		{ID: "old", Name: "ci", CreatedAt: now.Add(-3 * day), ExpiresAt: now.Add(day)},
		{ID: "new", Name: "ci", CreatedAt: now.Add(-day), ExpiresAt: now.Add(90 * day)},
	}
	s := Selection{SupersededFor: time.Hour, ExpiringWithin: 7 * day}
	if got := ids(s.Select(tokens, now)); got != "old" {
		t.Errorf("selected %q", got)
	}
	s.ExpiringWithin, s.CreatedAfter = 0, now.Add(-2*day)
	if got := ids(s.Select(tokens, now)); got != "" {
		t.Errorf("selected %q", got)
	}
	if s.Empty() || !s.NeedsAll() || s.Matches(tokens[0], now) || (Selection{Name: "*"}).NeedsAll() {
		t.Error("a selection that needs all tokens judges one alone")
	}
}

func ids(tokens []Token) string {
	var all []string
	for _, t := range tokens {
		all = append(all, t.ID)
	}
	return strings.Join(all, " ")
}
