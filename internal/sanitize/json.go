package sanitize

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON is data, which is valid JSON, with what a terminal would obey or nobody
// could see written as \u escapes: C1 controls, DEL, bidirectional and zero-width
// characters, line separators, variation selectors. It decodes to the same data.
// Bytes in strings that are not UTF-8, which decoders take for U+FFFD, become
// that. A text with nothing to escape is returned as it is, not copied.
//
// Outside strings valid JSON has nothing to escape, so this does not parse.
func JSON(data []byte) []byte {
	n := plainJSON(data)
	if n == len(data) {
		return data
	}
	out := append(make([]byte, 0, len(data)+64), data[:n]...)
	for rest := data[n:]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case size == 1 && r == utf8.RuneError:
			out = append(out, `\ufffd`...)
		case escaped(r):
			out = appendEscape(out, r)
		default:
			out = append(out, rest[:size]...)
		}
		rest = rest[size:]
	}
	return out
}

// plainJSON is the length of the text at the start of data that needs no look
// at its characters.
func plainJSON(data []byte) int {
	for i, c := range data {
		if c > 0x7e || c < 0x20 && !space(rune(c)) {
			return i
		}
	}
	return len(data)
}

// escaped tells whether r is written as an escape in JSON.
func escaped(r rune) bool {
	if space(r) {
		return false
	}
	return hidden(r) || unicode.Is(unicode.Variation_Selector, r)
}

// space tells whether r is one of the controls that JSON allows between its
// tokens.
func space(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }

// appendEscape adds r as JSON spells it: two escapes beyond the first plane.
func appendEscape(out []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		return appendUnit(appendUnit(out, high), low)
	}
	return appendUnit(out, r)
}

func appendUnit(out []byte, unit rune) []byte {
	return append(out, '\\', 'u', hexDigits[unit>>12&0xf], hexDigits[unit>>8&0xf], hexDigits[unit>>4&0xf], hexDigits[unit&0xf])
}
