package completion

import (
	"strings"
	"unicode/utf8"
)

// Line is a bash command line as far as it is typed.
type Line struct {
	Words []string // without quotes; the last is the one being typed
	raw   string   // that word as it is typed
	quote byte     // the quote that is open in it; 0: none
	mixed bool     // it has quotes where they cannot be carried on with
	file  bool     // it is the target of a redirection
}

// ParseBash reads a command line as bash does, but expands nothing. Only the
// last command of several counts, from its name on, without assignments before it
// and redirections.
func ParseBash(line string) Line {
	p := parser{rest: line}
	for p.rest != "" {
		p.step()
	}
	l := Line{raw: p.raw.String(), quote: p.quote, mixed: p.mixed, file: p.redirected}
	l.Words = append(p.words, p.word.String())
	for len(l.Words) > 1 && isAssignment(l.Words[0]) {
		l.Words = l.Words[1:]
	}
	return l
}

// isAssignment reports whether a word before a command sets a variable for it.
func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// parser goes through a command line.
type parser struct {
	rest       string
	words      []string
	word, raw  strings.Builder
	quote      byte
	begun      bool // there is a word, if only an empty one in quotes
	mixed      bool
	redirected bool
}

// step takes one character, with what belongs to it.
func (p *parser) step() {
	c := p.rest[0]
	switch {
	case c == '\\' && p.quote != '\'':
		p.escape()
	case p.quote != 0 && c == p.quote:
		p.take(1)
		p.quote, p.mixed = 0, true
	case p.quote != 0:
		p.keep()
	case c == '\'' || c == '"':
		p.mixed = p.mixed || p.begun && !strings.HasSuffix(p.raw.String(), "=")
		p.take(1)
		p.quote, p.begun = c, true
	case strings.IndexByte(" \t", c) >= 0:
		p.end()
	case strings.IndexByte("<>", c) >= 0:
		p.end()
		p.redirected = true
	case strings.IndexByte(";|&\n", c) >= 0:
		p.end()
		p.words, p.redirected = nil, false
	default:
		p.keep()
	}
}

// take moves on, and keeps what was there as typed only.
func (p *parser) take(n int) {
	p.raw.WriteString(p.rest[:n])
	p.rest = p.rest[n:]
}

// keep keeps a character of the word.
func (p *parser) keep() {
	_, size := utf8.DecodeRuneInString(p.rest)
	p.word.WriteString(p.rest[:size])
	p.take(size)
	p.begun = true
}

// escape keeps the character behind a backslash; between double quotes the
// backslash stays before most.
func (p *parser) escape() {
	p.begun = true
	if len(p.rest) == 1 {
		p.take(1)
		return
	}
	if p.quote == '"' && strings.IndexByte("$`\"\\\n", p.rest[1]) < 0 {
		p.keep()
		return
	}
	p.take(1)
	p.keep()
}

// end ends the word, if there is one.
func (p *parser) end() {
	p.rest = p.rest[1:]
	if p.begun && !p.redirected {
		p.words = append(p.words, p.word.String())
	}
	if p.begun {
		p.redirected = false
	}
	p.word.Reset()
	p.raw.Reset()
	p.begun, p.mixed = false, false
}
