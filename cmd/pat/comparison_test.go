package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestComparison holds docs/comparison.md to its form: every cell says one of
// the words that the page explains, what pat does is proven, what it does not do
// has a reason, and every other command line has sources.
func TestComparison(t *testing.T) {
	page := printedPages(t)["docs/comparison.md"]
	rows := provenRows(page)
	if len(rows) < 35 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, row := range rows {
		for _, wrong := range wrongInComparison(row) {
			t.Errorf("%s: %s", row[0], wrong)
		}
	}
	_, sources, _ := strings.Cut(page, "\n## Sources\n")
	for _, tool := range comparedTools {
		if !strings.Contains(sources, "\n- **"+tool+"**: ") {
			t.Errorf("%s has no sources", tool)
		}
	}
}

// comparedTools are the columns between pat's own and the proof.
var comparedTools = []string{"glab", "fly", "vault", "gh", "aws-vault", "npm", "fastly", "datahub"}

var (
	ownCell   = regexp.MustCompile(`^(yes|partly|no: .+)`)
	otherCell = regexp.MustCompile(`^(yes|partly|no|not documented|–)([:,] .+)?$`)
)

// wrongInComparison is what is wrong with a row of the comparison.
func wrongInComparison(row []string) []string {
	if len(row) != len(comparedTools)+3 {
		return []string{"the row is cut into the wrong number of cells"}
	}
	var wrong []string
	own, proven := row[1], len(namesIn(row[len(row)-1])) > 0
	if !ownCell.MatchString(own) {
		wrong = append(wrong, "pat: no reason, or none of the words: "+own)
	}
	if proven == strings.HasPrefix(own, "no") {
		wrong = append(wrong, "what pat does has a proof, what it does not do has none: "+own)
	}
	for i, tool := range comparedTools {
		if cell := row[i+2]; !otherCell.MatchString(cell) {
			wrong = append(wrong, tool+": none of the words: "+cell)
		}
	}
	return wrong
}

func TestComparisonBites(t *testing.T) {
	others := strings.Repeat("| no ", len(comparedTools))
	for row, want := range map[string]int{
		"| a | yes " + others + "| `list` |":                                       0,
		"| a | no: DataHub has none " + others + "| |":                             0,
		"| a | no " + others + "| |":                                               1,
		"| a | yes " + others + "| |":                                              1,
		"| a | no: it has none " + others + "| `list` |":                           1,
		"| a | perhaps " + others + "| `list` |":                                   1,
		"| a | yes " + strings.Replace(others, "no", "probably", 1) + "| `list` |": 1,
	} {
		if wrong := wrongInComparison(cellsOf(row)); len(wrong) != want {
			t.Errorf("%s: %q", row, wrong)
		}
	}
}
