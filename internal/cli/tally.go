package cli

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
)

// tally counts tokens, and those that need a thought.
type tally struct {
	tokens, expired, never int
	shown                  int // where fewer are shown; 0: all are
}

func (t *tally) count(status datahub.Status) {
	t.tokens++
	switch status {
	case datahub.Expired:
		t.expired++
	case datahub.NeverExpires:
		t.never++
	}
}

// String says how many tokens there are, for people.
func (t tally) String() string {
	if t.tokens == 0 {
		return "no tokens"
	}
	parts := []string{counted(t.tokens, "token", "tokens")}
	if t.shown > 0 {
		parts[0] += fmt.Sprintf(" (%d shown)", t.shown)
	}
	if t.expired > 0 {
		parts = append(parts, fmt.Sprintf("%d expired", t.expired))
	}
	if t.never > 0 {
		parts = append(parts, counted(t.never, "never ends", "never end"))
	}
	return strings.Join(parts, ", ")
}
