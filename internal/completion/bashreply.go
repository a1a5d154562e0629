package completion

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// How bash asks for offers one after another, to insert them as they are: its
// COMP_TYPE for menu-complete and insert-completions.
const (
	menuComplete      = "37"
	insertCompletions = "42"
)

// Reply is what bash puts in the place of word, which is as much of the word
// being typed as readline sees: it breaks words at colons, equals signs and
// quotes. One offer is inserted; several are shown with their descriptions, as
// wide as the terminal, and as far as they are alike inserted too.
func (l Line) Reply(offers []Offer, word, kind string, columns int) []string {
	var texts []string
	var fitting []Offer
	for _, offer := range offers {
		// Two that are alike would let bash insert their descriptions too.
		if text, ok := l.replacement(offer.Value, word); ok && !slices.Contains(texts, text) {
			texts, fitting = append(texts, text), append(fitting, offer)
		}
	}
	if len(texts) < 2 || kind == menuComplete || kind == insertCompletions {
		return texts
	}
	return describe(texts, fitting, columns)
}

// Files reports whether the word being typed is a file whatever the command is.
func (l Line) Files() bool { return l.file }

// replacement is what replaces word so that the word being typed becomes value.
func (l Line) replacement(value, word string) (string, bool) {
	typed, flag := l.typed()
	head, isEnd := strings.CutSuffix(l.raw, word)
	if l.mixed || !isEnd || !strings.HasPrefix(value, typed) {
		return "", false
	}
	return strings.CutPrefix(flag+l.quoted(value), head)
}

// typed is the value that is being typed, without a flag and its = before it.
func (l Line) typed() (value, flag string) {
	value = l.Words[len(l.Words)-1]
	if name, rest, found := strings.Cut(value, "="); found && strings.HasPrefix(name, "-") {
		return rest, name + "="
	}
	return value, ""
}

// quoted is value with the quotes in which it is being typed: a quote that is
// open is closed by bash.
func (l Line) quoted(value string) string {
	switch l.quote {
	case '\'':
		return "'" + strings.ReplaceAll(value, "'", `'\''`)
	case '"':
		return `"` + strings.NewReplacer(`"`, `\"`, "$", `\$`, "`", "\\`", `\`, `\\`).Replace(value)
	}
	var b strings.Builder
	for _, r := range value {
		if r < utf8.RuneSelf && !isBare(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isBare reports whether a character means nothing to bash.
func isBare(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("_@%+=:,./-", r)
}

// describe puts the descriptions beside the texts, as far as there is room.
func describe(texts []string, offers []Offer, columns int) []string {
	longest := 0
	for _, text := range texts {
		longest = max(longest, displaywidth.String(text))
	}
	for i, text := range texts {
		line := Offer{Description: offers[i].Description}.Line()
		description := strings.TrimPrefix(line, "\t")
		room := columns - longest - len("  ()")
		if description == "" || room < 8 {
			continue
		}
		if displaywidth.String(description) > room {
			description = displaywidth.TruncateString(description, room, "…")
		}
		texts[i] = fmt.Sprintf("%s%*s  (%s)", text, longest-displaywidth.String(text), "", description)
	}
	return texts
}
