package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/datahub-pat/pat/internal/audit"
)

//go:embed page.css
var style string

//go:embed page.html
var pageText string

// WritePage writes the report as one HTML page that needs nothing else: no
// script, no other file, no network. How much of it there is is bounded, whatever
// the number of tokens, and what is left out is said.
func WritePage(w io.Writer, r audit.Report, about About) error {
	page, err := template.New("page").Funcs(template.FuncMap{"number": number, "count": count, "share": share, "part": part}).Parse(pageText)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, pageOf(r, about)); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// share is what part of whole n is, in hundredths, at least one that can be seen
// where it is anything.
func share(n, whole int) int {
	if n == 0 || whole == 0 {
		return 0
	}
	return max(1, n*100/whole)
}

// part is how much of a bar's length stands for n of its whole: all of it only
// where that is so.
func part(n, whole, length int) int {
	if n >= whole {
		return length
	}
	return min(length-1, n*length/max(1, whole))
}

// content is what the page's template is filled with.
type content struct {
	Style  template.CSS
	Policy template.HTML // of the browser: what the page may do

	Verdict       string
	Grave         bool
	Program, At   string
	Stamp         string
	Sources       []sourceLine
	Several       bool
	Unread        []unreadLine
	Scope         audit.ScopeWord
	OwnAt         string // where others' tokens are not seen, of several
	Mixed         bool   // in scope
	Selected      bool
	Tokens        int
	Tiles         []tile
	Timeline      []bar
	Highest       int
	Owners        []owner
	MostTokens    int
	Others        owner
	OtherOwners   int
	Sections      []section
	Accepted      []acceptedRow
	AcceptedTotal int
	PolicyName    string
	Rules         []ruleRow
}

type sourceLine struct {
	Server, Profile string
	Scope           audit.ScopeWord
	Tokens          int
}

type unreadLine struct{ Profile, Message string }

// tile is a number that is seen at once.
type tile struct {
	Label, Kind string
	Count       int
}

// security is the browser's policy: nothing but this very style.
func security() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

func pageOf(r audit.Report, about About) content {
	c := content{
		Style: template.CSS(style), Policy: template.HTML(security()),
		Program: about.Program, At: r.At.UTC().Format("2 January 2006, 15:04 UTC"), Stamp: exact(r.At),
		Several: r.Several, Scope: r.Scope(), OwnAt: ownAt(r), Mixed: r.Mixed(), Selected: about.Selected, Tokens: r.Tokens(),
		Timeline: timeline(r), Sections: sections(r),
		AcceptedTotal: len(r.Accepted), Accepted: acceptedRows(r), PolicyName: policyName(r.Policy), Rules: rules(r.Policy),
	}
	for _, s := range r.Sources {
		c.Sources = append(c.Sources, sourceLine{text(s.Server), text(s.Profile), s.Scope, len(s.Tokens)})
	}
	for _, u := range r.Unread {
		c.Unread = append(c.Unread, unreadLine{text(u.Profile), text(u.Message)})
	}
	c.Tiles = tiles(r, c.Timeline)
	for _, b := range c.Timeline {
		c.Highest = max(c.Highest, b.Count)
	}
	c.Owners, c.Others, c.OtherOwners = owners(r)
	if len(c.Owners) > 0 {
		c.MostTokens = c.Owners[0].Tokens
	}
	c.Verdict, c.Grave = verdict(r)
	c.Grave = c.Grave || len(r.Unread) > 0
	return c
}

// ownAt names the instances of several where only the caller's tokens were seen.
func ownAt(r audit.Report) string {
	var places []string
	for i, s := range r.Sources {
		if at := placeOf(r, i); s.Scope == audit.Own && at != "" {
			places = append(places, at)
		}
	}
	return strings.Join(places, ", ")
}

// verdict is the result in a sentence.
func verdict(r audit.Report) (sentence string, bad bool) {
	tokens := "in " + count(r.Tokens(), "token", "tokens")
	var parts []string
	if n := r.Count(audit.Error); n > 0 {
		parts = append(parts, count(n, "error", "errors"))
	}
	if n := r.Count(audit.Warning); n > 0 {
		parts = append(parts, count(n, "warning", "warnings"))
	}
	switch {
	case r.Tokens() == 0 && len(parts) == 0:
		return "There are no tokens to judge.", false
	case len(parts) == 0 && r.Count(audit.Info) > 0:
		return "No errors and no warnings " + tokens + ".", false
	case len(parts) == 0:
		return "Nothing was found " + tokens + ".", false
	}
	return strings.Join(parts, " and ") + " " + tokens + ".", true
}

// tiles are the numbers of a report whose timeline begins with what has expired
// and ends with what never does.
func tiles(r audit.Report, timeline []bar) []tile {
	expired, never := timeline[0].Count, timeline[len(timeline)-1].Count
	return []tile{
		{"Tokens", "plain", r.Tokens()}, {"Errors", "error", r.Count(audit.Error)}, {"Warnings", "warning", r.Count(audit.Warning)},
		{"Info", "info", r.Count(audit.Info)}, {"Never expire", "plain", never}, {"Expired", "plain", expired},
	}
}
