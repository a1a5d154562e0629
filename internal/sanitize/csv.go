package sanitize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CSVCell is s as a cell that spreadsheets take for text: a [Line] that no
// program reads as a formula. A text whose first visible character would start
// one (= + - @ and their full-width forms) gets an apostrophe before it; TAB and
// CR, which some programs skip, are spelled out by Line. Quoting is left to
// whoever writes the file.
func CSVCell(s string) string {
	line := Line(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(line, unicode.IsSpace))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + line
	}
	return line
}
