package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Help fits the screen; only what one copies and words that have no place to
// break stay longer.
func TestPagesFitTheScreen(t *testing.T) {
	for _, page := range Pages() {
		for _, width := range []int{40, 80, 200} {
			text := textOf(page, width, false)
			for _, example := range page.Examples {
				if !strings.Contains(text, "  "+example+"\n") {
					t.Errorf("%s, %d columns: the example %q is not whole", page.Name, width, example)
				}
				text = strings.Replace(text, "  "+example+"\n", "", 1)
			}
			for line := range strings.Lines(text) {
				breaks := strings.Contains(strings.TrimSpace(line), " ")
				if length := utf8.RuneCountInString(line) - 1; length > min(width, widestPage) && breaks && width >= 80 {
					t.Errorf("%s, %d columns: %d are in %q", page.Name, width, length, line)
				}
				if strings.TrimRight(line, " \n") != strings.TrimSuffix(line, "\n") {
					t.Errorf("%s: blanks at the end of %q", page.Name, line)
				}
			}
		}
	}
}

// On 40 columns prose and meanings fit; words of rows may be longer.
func TestPageOnANarrowScreen(t *testing.T) {
	page := Page{
		Name: "pat x", Summary: "s", Usage: "pat x [flags]", Text: "Words that go on for longer than a narrow screen is.\n\n  a   what a is, which is more than fits\n      and goes on\n  b",
		Flags:    []Flag{{Name: "long", Short: "l", Value: "TEXT", Usage: "what it is for, at some length"}},
		Examples: []string{"pat x --long 'which stays on one line however long it is'"},
		SeeAlso:  []Link{{"pat y", "the other"}},
	}
	want := `Words that go on for longer than a
narrow screen is.

  a   what a is, which is more than fits
      and goes on
  b

Usage:
  pat x [flags]

Examples:
  pat x --long 'which stays on one line however long it is'

Flags:
  -l, --long TEXT
      what it is for, at some length

Flags of all commands (pat help flags):

See also:
  pat y
      the other
`
	if diff := cmp.Diff(want, textOf(page, 40, false)); diff != "" {
		t.Error(diff)
	}
}

func TestBlocks(t *testing.T) {
	got := Blocks("One\nline.\n\n  a, b   first\n         goes on\n  alone\n\nLast.")
	want := []Block{
		{Prose: "One line."},
		{Rows: []Row{{"a, b", "first goes on"}, {"alone", ""}}},
		{Prose: "Last."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
