// Package completion is what shells need to complete command lines: the scripts
// that ask pat, and offers in the form in which a shell may have them.
//
// Names of tokens are written by others. So nothing here and in the scripts is
// evaluated by a shell: a script hands over the words of the command line as they
// are, and inserts what it is told, quoted. What a shell could take for more than
// text is not offered at all, see [Plain].
//
// The package is a leaf: it knows no commands, and neither reads nor prints.
package completion

import (
	"strings"
	"unicode"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// Offer is something that a word on the command line could become.
type Offer struct {
	Value       string
	Description string // beside it, for people; may be empty
}

// Line is the offer as shells are told it: on one line, the description behind a
// tab.
func (o Offer) Line() string {
	if o.Description == "" {
		return o.Value
	}
	return o.Value + "\t" + sanitize.Line(o.Description)
}

// active are characters with which a shell could do something, if a word with
// them came to stand on a command line without quotes.
const active = "$`(){};&|<>!"

// Plain reports whether a value may be offered: whole and visible text, which is
// no flag, and which no shell would take for a command, an expansion or a
// substitution, whatever becomes of its quotes.
func Plain(value string) bool {
	switch {
	case value == "" || value != strings.TrimSpace(value) || value != sanitize.Line(value):
		return false
	case strings.ContainsAny(value, active) || strings.ContainsAny(value[:1], "-~#@=%^"):
		return false
	}
	return !strings.ContainsFunc(value, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) })
}
