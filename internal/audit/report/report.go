// Package report writes an audit for others: as a page to send to an auditor,
// and as JUnit's XML for CI systems.
//
// Both are whole in themselves and hold no foreign text as it came: names are
// on one line, with what is not plainly visible spelled out, cut where they are
// very long, and escaped.
package report

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// About is what a report says about how it came to be.
type About struct {
	Program  string         // that made it, with its version
	Selected bool           // only some of the tokens in scope were judged
	FailOn   audit.Severity // from which severity on a finding is a failure
}

// longest is how many characters of a foreign text are shown: far more than
// DataHub's own page lets anybody type, and little enough that no page grows
// beyond measure.
const longest = 160

// text is foreign text as it may be shown.
func text(foreign string) string {
	if len(foreign) > longest*utf8.UTFMax {
		foreign = strings.ToValidUTF8(foreign[:longest*utf8.UTFMax], "")
	}
	runes := []rune(sanitize.Line(foreign))
	if len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return string(runes)
}

// nameOf is how the token that a finding is about is called.
func nameOf(f audit.Finding) string {
	switch {
	case f.Token == nil:
		return "the policy"
	case f.Token.Name == "":
		return "(no name)"
	}
	return text(f.Token.Name)
}

// placeOf is where a source is, as far as that has to be said.
func placeOf(r audit.Report, source int) string {
	if !r.Several {
		return ""
	}
	return text(cmp.Or(r.Sources[source].Profile, r.Sources[source].Server))
}

// policyName is what the policy is called.
func policyName(p audit.Policy) string {
	if p.Path == "" {
		return "the default policy"
	}
	return text(p.Path)
}
