package datahub

import (
	"path"
	"strings"
	"testing"
	"time"
)

func TestGlob(t *testing.T) {
	cases := []struct {
		pattern, text string
		want          bool
	}{
		{"ci", "ci", true}, {"ci", "CI", false}, {"ci", "ci-1", false},
		{"ci*", "ci-1", true}, {"*", "", true}, {"?", "", false}, {"?", "ü", true},
		{"c?-*-x", "ci-nightly-x", true}, {"c?-*-x", "ci-nightly-y", false},
		{"*a*b*", "xxaxxbxx", true}, {"*a*b*", "xxbxxaxx", false},
		{"[ab]", "a", false}, {"[ab]", "[ab]", true}, {"a**b", "ab", true}, {"**", "anything", true},
	}
	for _, c := range cases {
		if got := matchGlob(c.pattern, c.text); got != c.want {
			t.Errorf("%q fits %q: %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

// Against another implementation, for the patterns that mean the same there.
func FuzzGlob(f *testing.F) {
	f.Add("c?-*-x", "ci-nightly-x")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if strings.ContainsAny(pattern+text, `[]\/^-`) || !isUTF8(pattern) || !isUTF8(text) {
			return
		}
		want, err := path.Match(pattern, text)
		if err != nil {
			return
		}
		if got := matchGlob(pattern, text); got != want {
			t.Errorf("%q fits %q: %v, want %v", pattern, text, got, want)
		}
	})
}

func isUTF8(s string) bool { return strings.ToValidUTF8(s, "") == s }

func TestSelection(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tokens := map[string]Token{
		"ended":   {Name: "ended", CreatedAt: now.Add(-10 * day), ExpiresAt: now.Add(-day)},
		"soon":    {Name: "soon", CreatedAt: now.Add(-5 * day), ExpiresAt: now.Add(2 * day)},
		"later":   {Name: "later", CreatedAt: now.Add(-day), ExpiresAt: now.Add(90 * day)},
		"eternal": {Name: "eternal", CreatedAt: now.Add(-100 * day)},
	}
	cases := []struct {
		what      string
		selection Selection
		want      string
	}{
		{"nothing asked", Selection{}, "ended eternal later soon"},
		{"name", Selection{Name: "*e*e*"}, "ended eternal"},
		{"expired", Selection{Expired: true}, "ended"},
		{"expiring within", Selection{ExpiringWithin: 7 * day}, "soon"},
		{"never expires", Selection{NeverExpires: true}, "eternal"},
		{"created before", Selection{CreatedBefore: now.Add(-7 * day)}, "ended eternal"},
		{"created after", Selection{CreatedAfter: now.Add(-7 * day)}, "later soon"},
		{"ends before", Selection{EndsBefore: now.Add(30 * day)}, "ended soon"},
		{"all conditions must hold", Selection{EndsBefore: now.Add(30 * day), CreatedAfter: now.Add(-7 * day)}, "soon"},
		{"name and expired", Selection{Name: "soon", Expired: true}, ""},
	}
	for _, c := range cases {
		var got []string
		for _, name := range []string{"ended", "eternal", "later", "soon"} {
			if c.selection.Matches(tokens[name], now) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.what, got, c.want)
		}
	}
}

func TestOrders(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tokens := []Token{
		{ID: "1", Name: "b", CreatedAt: now.Add(-3 * day), ExpiresAt: now.Add(day)},
		{ID: "2", Name: "c", CreatedAt: now.Add(-day)},
		{ID: "3", Name: "a", CreatedAt: now.Add(-2 * day), ExpiresAt: now.Add(-day)},
		{ID: "0", Name: "a", CreatedAt: now.Add(-2 * day), ExpiresAt: now.Add(-day)},
	}
	cases := []struct {
		order   Order
		reverse bool
		want    string
	}{
		{ByCreation, false, "2031"}, {ByCreation, true, "1302"}, {ByName, false, "0312"},
		{ByEnd, false, "0312"}, {ByEnd, true, "2130"}, {AsServed, false, "1230"}, {AsServed, true, "0321"},
	}
	for _, c := range cases {
		sorted := append([]Token{}, tokens...)
		c.order.Sort(sorted, c.reverse)
		var got string
		for _, token := range sorted {
			got += token.ID
		}
		if got != c.want {
			t.Errorf("%s, reverse %v: %s, want %s", c.order, c.reverse, got, c.want)
		}
	}
	if _, err := ParseOrder("size"); err == nil {
		t.Error("an unknown order is taken")
	}
}
