package sanitize

import "unicode"

// maxMarks is how many combining marks may sit on one character. Living scripts
// need up to four; a tall stack reaches into the lines above and below.
const maxMarks = 4

// The variation selectors that choose between a text and an emoji glyph.
const (
	textGlyph  = '\ufe0e'
	emojiGlyph = '\ufe0f'
)

// hidden tells whether r has no glyph of its own wherever it stands: controls,
// format characters, separators of lines, what is private or unassigned, and
// the letters and marks that are made to be invisible.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	if !unicode.IsGraphic(r) {
		// The Arabic number signs and their like are format characters by
		// class only: they are drawn.
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// surroundings is what decides about characters that are right in one place
// and not in another: the last character with a glyph of its own, and how many
// marks sit on it already.
type surroundings struct {
	base     rune // 0 at the start
	marks    int
	selected bool // a variation selector follows the base
}

// shows tells whether r may be shown as itself here, and moves on past it.
func (s *surroundings) shows(r rune) bool {
	switch {
	case hidden(r):
		return false
	case unicode.Is(unicode.Variation_Selector, r):
		return s.showsSelector(r)
	case unicode.In(r, unicode.Mn, unicode.Me):
		s.marks++
		return s.base != 0 && s.marks <= maxMarks
	}
	*s = surroundings{base: r}
	return true
}

// showsSelector tells whether the variation selector r follows something that
// has two glyphs to choose from, directly and once.
func (s *surroundings) showsSelector(r rune) bool {
	if r != textGlyph && r != emojiGlyph || s.selected || s.marks > 0 {
		return false
	}
	s.selected = true
	return hasGlyphs(s.base)
}

// hasGlyphs tells whether r is of the sort that comes as text and as emoji:
// symbols, the few emoji that Unicode files under punctuation and letters, and what
// keycaps are made of.
func hasGlyphs(r rune) bool {
	switch {
	case '0' <= r && r <= '9', r == '#', r == '*', r == '‼', r == '⁉', r == '〰', r == '〽', r == 'ℹ':
		return true
	}
	return r > 0x7f && unicode.IsSymbol(r)
}
