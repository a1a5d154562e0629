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

	// SupersededFor is how long at least there has been a newer token with the
	// same name, actor and owner that is active still. Only [Selection.Select]
	// can tell: it takes all tokens in scope.
	SupersededFor time.Duration
}

// Empty reports whether the selection has no condition.
func (s Selection) Empty() bool { return s == Selection{} }

// NeedsAll reports whether a token can only be judged among all those in scope.
func (s Selection) NeedsAll() bool { return s.SupersededFor > 0 }

// Matches reports whether the token is selected at the moment now. A selection
// that needs all tokens selects none by itself.
func (s Selection) Matches(t Token, now time.Time) bool {
	return !s.NeedsAll() && s.fits(t, now)
}

// fits judges the token by what it says of itself.
func (s Selection) fits(t Token, now time.Time) bool {
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

// Select keeps the tokens that are selected at the moment now. They are all
// those in scope: the successor of a token need not be selected itself.
func (s Selection) Select(tokens []Token, now time.Time) []Token {
	superseded := func(Token) bool { return true }
	if s.NeedsAll() {
		superseded = supersededBefore(tokens, now.Add(-s.SupersededFor), now)
	}
	selected := []Token{}
	for _, t := range tokens {
		if s.fits(t, now) && superseded(t) {
			selected = append(selected, t)
		}
	}
	return selected
}

// supersededBefore tells of which tokens there was a successor at the moment
// then, one that is active now.
func supersededBefore(tokens []Token, then, now time.Time) func(Token) bool {
	type line struct {
		name         string
		actor, owner URN
	}
	newest := map[line]time.Time{}
	for _, t := range tokens {
		of := line{t.Name, t.Actor, t.Owner}
		active := t.NeverExpires() || t.ExpiresAt.After(now)
		if active && !t.CreatedAt.After(then) && t.CreatedAt.After(newest[of]) {
			newest[of] = t.CreatedAt
		}
	}
	return func(t Token) bool { return t.CreatedAt.Before(newest[line{t.Name, t.Actor, t.Owner}]) }
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
