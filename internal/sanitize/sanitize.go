// Package sanitize makes foreign text safe to show.
//
// Names, descriptions and error messages are written by other people and by
// servers; shown as they are they could move the cursor, forge a row of a table
// or the question of a prompt. What comes out of here is one line of valid
// UTF-8 in which every character that a terminal would obey, and every one
// that nobody could see, is spelled out.
//
// The package is a leaf: it knows neither formats nor terminals nor tokens, and
// imports nothing of the project.
package sanitize

import (
	"strings"
	"unicode/utf8"
)

// Line is s on one line, with what is not plainly visible spelled out.
//
//   - C0 controls and DEL, TAB and LF among them, become caret notation: ^[ ^J ^?
//   - every other character that Unicode does not call graphic (C1 controls,
//     bidirectional and zero-width characters, line separators, tags, private
//     and unassigned characters), and those that are graphic in name only
//     (fillers, the grapheme joiner), become \u{202e}
//   - bytes that are not UTF-8 become \xff
//
// All other Unicode stays. Three invisible things depend on their place:
//
//   - An emoji or text variation selector stays directly behind a symbol, a
//     digit, # or *, where it chooses a glyph; elsewhere it could hide data.
//   - A combining mark stays behind a character it can sit on, up to
//     [maxMarks] of them: more, or one at the start, would draw over the
//     neighbours.
//   - Joiners (U+200C, U+200D) are always spelled out, inside emoji sequences
//     too: what is a sequence depends on the font, and a name must not look like
//     another one anywhere. A woman technologist reads 👩\u{200d}💻.
//
// The result is for people: it is not decoded again, and a text that holds a
// literal ^[ looks like one that held an ESC. Line of a Line is the same Line.
func Line(s string) string {
	n := plainPrefix(s)
	if n == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:n])
	seen := surroundings{}
	if n > 0 {
		seen.base = rune(s[n-1])
	}
	for rest := s[n:]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			writeByte(&b, rest[0])
			seen = surroundings{base: '}'}
		case seen.shows(r):
			b.WriteString(rest[:size])
		default:
			writeEscape(&b, r)
			seen = surroundings{base: '}'}
		}
		rest = rest[size:]
	}
	return b.String()
}

// plainPrefix is the length of the printable ASCII at the start of s: all of it
// for nearly every text.
func plainPrefix(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return i
		}
	}
	return len(s)
}

const hexDigits = "0123456789abcdef"

// writeByte spells out a byte that is not part of any character.
func writeByte(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&0xf])
}

// writeEscape spells out a character that must not be shown as itself.
func writeEscape(b *strings.Builder, r rune) {
	if r < 0x20 || r == 0x7f {
		b.WriteByte('^')
		b.WriteByte(byte(r) ^ 0x40)
		return
	}
	b.WriteString(`\u{`)
	started := false
	for shift := 20; shift >= 0; shift -= 4 {
		digit := r >> shift & 0xf
		if started = started || digit != 0 || shift == 0; started {
			b.WriteByte(hexDigits[digit])
		}
	}
	b.WriteByte('}')
}
