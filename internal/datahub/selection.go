package datahub

import "time"

// Selection picks tokens; all conditions that are set must hold.
type Selection struct {
	Name           string        // whole name, case-sensitive, * for any text and ? for one character
	Expired        bool          // the end has passed
	ExpiringWithin time.Duration // the end comes within this, and has not passed
	NeverExpires   bool          // there is no end
	CreatedBefore  time.Time
	CreatedAfter   time.Time
	EndsBefore     time.Time // never-ending tokens do not
}

// Empty reports whether the selection has no condition.
func (s Selection) Empty() bool { return s == Selection{} }

// Matches reports whether the token is selected at the moment now.
func (s Selection) Matches(t Token, now time.Time) bool {
	return (s.Name == "" || matchGlob(s.Name, t.Name)) && s.matchesEnd(t, now) && s.matchesTimes(t)
}

func (s Selection) matchesEnd(t Token, now time.Time) bool {
	if s.NeverExpires {
		return t.NeverExpires()
	}
	if (s.Expired || s.ExpiringWithin > 0) && t.NeverExpires() {
		return false
	}
	ended := !t.ExpiresAt.After(now)
	switch {
	case s.Expired:
		return ended
	case s.ExpiringWithin > 0:
		return !ended && !t.ExpiresAt.After(now.Add(s.ExpiringWithin))
	}
	return true
}

func (s Selection) matchesTimes(t Token) bool {
	switch {
	case !s.CreatedBefore.IsZero() && !t.CreatedAt.Before(s.CreatedBefore):
		return false
	case !s.CreatedAfter.IsZero() && !t.CreatedAt.After(s.CreatedAfter):
		return false
	case !s.EndsBefore.IsZero() && (t.NeverExpires() || !t.ExpiresAt.Before(s.EndsBefore)):
		return false
	}
	return true
}

// Select keeps the tokens that are selected at the moment now.
func (s Selection) Select(tokens []Token, now time.Time) []Token {
	selected := []Token{}
	for _, t := range tokens {
		if s.Matches(t, now) {
			selected = append(selected, t)
		}
	}
	return selected
}

// matchGlob matches the whole text, in time linear in the text for each star.
func matchGlob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
