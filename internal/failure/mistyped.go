package failure

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Mistyped is wrong usage of a word that is none of those that are known. The
// hint says which was probably meant, if one is close, and which there are. The
// known ones are of a kind that goes by the names one and many: format, formats.
func Mistyped(one, many, word string, known []string) *Error {
	told := New(Usage, "unknown %s %q", one, word)
	all := many + " are " + strings.Join(known, ", ")
	if meant := Nearest(word, known); meant != "" {
		return told.WithHint("did you mean %s? the %s", meant, all)
	}
	return told.WithHint("the %s", all)
}

// Nearest is the one of the known words that was probably meant by word: the
// only one that begins with it, else the one that differs in the fewest letters,
// two at most and no more than half of them. Case does not matter. Empty: none.
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	const most = 2
	nearest, least, begin := "", most+1, []string{}
	for _, candidate := range known {
		lower := strings.ToLower(candidate)
		if len(word) > 1 && strings.HasPrefix(lower, word) {
			begin = append(begin, candidate)
		}
		if apart := levenshtein.ComputeDistance(word, lower); apart < least && 2*apart <= len(word) {
			nearest, least = candidate, apart
		}
	}
	if len(begin) == 1 {
		return begin[0]
	}
	return nearest
}
