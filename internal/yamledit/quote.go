package yamledit

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Texts that need no quotes: they start as no number, date or sign of YAML does
// and hold nothing that ends a value. In a list less is safe.
var (
	bareValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z/]([A-Za-z0-9_./:@%+=-]*[A-Za-z0-9_./@%+=-])?$`)
	})
	bareItem = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*$`)
	})
)

// notText are words that are read as something else without quotes, by one
// version of YAML or another.
var notText = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true,
	"true": true, "false": true, "null": true,
}

// quote is how a text is written so that every reader of YAML gets it back.
func quote(text string) (string, error) { return quoteUnless(bareValue(), text) }

// quoteItem is quote for a list that is written on one line.
func quoteItem(text string) (string, error) { return quoteUnless(bareItem(), text) }

func quoteUnless(bare *regexp.Regexp, text string) (string, error) {
	switch {
	case !utf8.ValidString(text):
		return "", refuse(0, "the new value is not valid UTF-8")
	case bare.MatchString(text) && !notText[strings.ToLower(text)]:
		return text, nil
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return escaped(text), nil
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'", nil
}

// escaped is a text in double quotes, with what cannot be seen spelled out.
func escaped(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
