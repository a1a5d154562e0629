package sanitize

import "strings"

// The limits of a message: how much of it people get to see, in characters, and
// how much of the original is looked at, in bytes.
const (
	maxMessage = 500
	maxForeign = 16 << 10
)

// removed stands where a secret stood.
const removed = "[secret removed]"

// Message is what somebody else has to say, ready to stand in an error: a
// [Line] without secrets and of bearable length. Whatever looks like a JWT, in
// whatever surroundings, is replaced by "[secret removed]"; blank lines and
// spaces around the text go, and what is longer than 500 characters ends in an
// ellipsis.
func Message(s string) string {
	s = strings.TrimSpace(s)
	cut := len(s) > maxForeign
	if cut {
		s = s[:maxForeign]
	}
	line := Line(removeSecrets(s))
	if short, done := cutRunes(line, maxMessage); done || cut {
		return short + "…"
	}
	return line
}

// removeSecrets is s without JWTs. It works on the text as it came: spelling
// out a control character could glue a letter to the start of a token.
func removeSecrets(s string) string {
	start, end := findJWT(s)
	if start < 0 {
		return s
	}
	var b strings.Builder
	for start >= 0 {
		b.WriteString(s[:start])
		b.WriteString(removed)
		s = s[end:]
		start, end = findJWT(s)
	}
	b.WriteString(s)
	return b.String()
}

// cutRunes is the first n characters of s, and whether that left something out.
func cutRunes(s string, n int) (string, bool) {
	for i := range s {
		if n == 0 {
			return s[:i], true
		}
		n--
	}
	return s, false
}
