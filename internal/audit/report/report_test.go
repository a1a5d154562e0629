package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/audit/report"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

const day = 24 * time.Hour

var (
	now   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	about = report.About{Program: "pat test", FailOn: audit.Warning}
)

// hostile is a name that tries whatever a name can try.
const hostile = "</style><script>document.title='PWNED'</script>\"><img src=x onerror=alert(1)>'{{.}}<!--\x1b]0;P\a\u202ex\n\u009b]]>&amp;\xff"

// tokens are n tokens of some people, as different as they come.
func tokens(n int) []datahub.Token {
	var all []datahub.Token
	for i := range n {
		t := datahub.Token{
			ID: fmt.Sprintf("%043d=", i), Name: fmt.Sprintf("token-%d", i),
			Owner: datahub.URN(fmt.Sprintf("urn:li:corpuser:user%d", i%max(1, n/30))), CreatedAt: now.Add(-time.Duration(i%400) * day),
			ExpiresAt: now.Add(time.Duration(i%300-30) * day),
		}
		t.Actor = t.Owner
		switch i % 10 {
		case 1:
			t.ExpiresAt = time.Time{}
		case 2:
			t.Actor = "urn:li:corpuser:gone"
		case 3:
			t.Name = "cli token 2026"
		}
		all = append(all, t)
	}
	return all
}

func auditOf(t testing.TB, policy string, scope audit.ScopeWord, all ...datahub.Token) audit.Report {
	t.Helper()
	p, err := audit.ParsePolicy("policy.yaml", []byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	users := map[datahub.URN]datahub.User{"urn:li:corpuser:gone": {}}
	for _, one := range all {
		if _, known := users[one.Actor]; !known {
			users[one.Actor] = datahub.User{Exists: true}
		}
	}
	source := audit.Source{Server: "https://datahub.example.com", Scope: scope, Tokens: all, Users: users}
	return p.Audit([]audit.Source{source}, datahub.Selection{}, now)
}

func hostileAudit(t testing.TB) audit.Report {
	one := datahub.Token{
		ID: hostile, Name: hostile, Actor: "urn:li:corpuser:" + hostile, Owner: "urn:li:corpuser:x" + hostile,
		CreatedAt: now.Add(-time.Hour),
	}
	two := one
	two.ID, two.Name = "2", strings.Repeat("W\u0301", 100_000)
	r := auditOf(t, "exceptions: [{name: W*, reason: \"<script>1</script>\", until: 2027-01-01}]", audit.Own, one, two)
	r.Sources[0].Profile, r.Sources[0].Server, r.Policy.Path = hostile, hostile, hostile
	return r
}

func page(t testing.TB, r audit.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WritePage(&b, r, about); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// forbidden is what must stand nowhere in a page: what a terminal or an editor
// would obey, and what the template could not make safe.
var forbidden = regexp.MustCompile("[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]|ZgotmplZ")

// acting are the elements that run or load something.
var acting = []string{"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "link", "image", "use"}

func TestPageHoldsNothingThatActs(t *testing.T) {
	for what, r := range map[string]audit.Report{"hostile": hostileAudit(t), "none": auditOf(t, "", audit.Everybody), "many": auditOf(t, "", audit.Everybody, tokens(1000)...)} {
		text := page(t, r)
		if found := forbidden.FindString(text); found != "" {
			t.Errorf("%s: the page has %q", what, found)
		}
		wellFormed(t, what, text)
		if len(text) > 500_000 {
			t.Errorf("%s: the page has %d bytes", what, len(text))
		}
	}
	if text := page(t, hostileAudit(t)); !strings.Contains(text, "&lt;script&gt;document.title=&#39;PWNED&#39;&lt;/script&gt;") {
		t.Error("the name is not shown as it is")
	}
}

// wellFormed checks that nothing runs or loads, that what is opened is closed, that each
// heading of a table
// says what it is for, and that pictures are left out where a text says it.
func wellFormed(t *testing.T, what, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v in %s", what, err, strings.Join(open, " "))
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
			has := map[string]string{}
			for _, a := range e.Attr {
				has[a.Name.Local] = a.Value
			}
			if slices.Contains(acting, e.Name.Local) {
				t.Errorf("%s: there is an element %s", what, e.Name.Local)
			}
			for name, value := range has {
				if strings.HasPrefix(name, "on") || name == "style" || name == "src" || name == "href" && !strings.HasPrefix(value, "#") {
					t.Errorf("%s: there is an attribute %s=%s", what, name, value)
				}
			}
			if e.Name.Local == "th" && has["scope"] == "" || e.Name.Local == "svg" && has["aria-hidden"] != "true" {
				t.Errorf("%s: a %s with %v", what, e.Name.Local, has)
			}
		case xml.EndElement:
			if open[len(open)-1] != e.Name.Local {
				t.Fatalf("%s: %s is closed in %s", what, e.Name.Local, strings.Join(open, " "))
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: still open: %s", what, strings.Join(open, " "))
	}
}

func TestPageSaysWhatItIs(t *testing.T) {
	all := auditOf(t, "", audit.Everybody, tokens(1000)...)
	for _, want := range []string{
		"https://datahub.example.com", "22 November 2026, 12:00 UTC", "everybody’s tokens", "policy.yaml", "1,000", "pat test",
		"When a token was last used.", "DataHub does not record it", "more are not shown here", "13 other owners", "more than 180 days",
		`id="never-expires"`, `href="#never-expires"`, "What to do:",
	} {
		if !strings.Contains(page(t, all), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if own := page(t, auditOf(t, "", audit.Own, tokens(3)...)); !strings.Contains(own, "Only part of the picture") {
		t.Error("it does not say that others' tokens were not seen")
	}
	if none := page(t, auditOf(t, "", audit.Everybody)); !strings.Contains(none, "There are no tokens") || !strings.Contains(none, "Nothing was found") {
		t.Error("it does not say that there is nothing")
	}
}

// atTwo is an audit of a DataHub and of a copy of it, in which one token is
// renewed in time, and of a third that could not be read.
func atTwo(t testing.TB) audit.Report {
	one := tokens(2)[1] // never ends
	two := one
	two.ExpiresAt = now.Add(day)
	users := map[datahub.URN]datahub.User{one.Actor: {Exists: true}}
	r := audit.Default().Audit([]audit.Source{
		{Profile: "prod", Server: "https://datahub.example.com", Scope: audit.Everybody, Tokens: []datahub.Token{one}, Users: users},
		{Profile: "<staging>", Server: "https://staging.example.com", Scope: audit.Own, Tokens: []datahub.Token{two}, Users: users},
	}, datahub.Selection{}, now)
	r.Several = true
	r.Unread = []audit.Unread{{Profile: "trial", Kind: failure.Unavailable, Message: "cannot reach \x1b<b>"}}
	return r
}

// The page about several says whose each thing is, and what is not on it.
func TestPageOfSeveral(t *testing.T) {
	text := page(t, atTwo(t))
	wellFormed(t, "several", text)
	if found := forbidden.FindString(text); found != "" {
		t.Errorf("the page has %q", found)
	}
	for _, want := range []string{
		`(profile &lt;staging&gt;)</span> <span class="muted">1 token, only tokens that the auditing user created`,
		"At &lt;staging&gt; this audit saw only", "different, see the servers", `<p class="verdict bad">`,
		"Profile trial could not be read, and none of its tokens are on this page: cannot reach",
		`<bdi>user0</bdi> <span class="muted">at prod</span></th>`, `<bdi>user0</bdi> <span class="muted">at &lt;staging&gt;</span></th>`,
		`</code> <span class="muted">at prod</span></th>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if want := `Never</span> <span class="amount">1<span class="hidden"> token, 1 flagged`; !strings.Contains(text, want) {
		t.Error("the token is not flagged where it should be")
	}
	if want := `23 Nov</span> <span class="amount">1<span class="hidden"> token</span>`; !strings.Contains(text, want) {
		t.Error("its copy is flagged for what was found in the other")
	}
	whole := atTwo(t)
	whole.Sources, whole.Findings, whole.Unread = whole.Sources[1:], nil, nil
	if !strings.Contains(page(t, whole), `<p class="verdict good">`) {
		t.Error("the page of one that was read is not good")
	}
}

// bars is the timeline of a page: what stands under each bar, with its number.
func bars(text string) string {
	var all []string
	for _, bar := range regexp.MustCompile(`<span class="label">([^<]*)</span> <span class="amount">([0-9,]+)`).FindAllStringSubmatch(text, -1) {
		all = append(all, bar[1]+":"+bar[2])
	}
	return strings.Join(all, " ")
}

// The timeline is cut into the shortest unit in which the ends fit.
func TestTimeline(t *testing.T) {
	ends := func(left ...time.Duration) []datahub.Token {
		var all []datahub.Token
		for i, l := range left {
			one := datahub.Token{ID: fmt.Sprint(i), Name: fmt.Sprint(i), CreatedAt: now.Add(-day)}
			if l != 0 {
				one.ExpiresAt = now.Add(l)
			}
			all = append(all, one)
		}
		return all
	}
	cases := []struct {
		what string
		left []time.Duration
		want string
	}{
		{"an hour", []time.Duration{time.Hour}, "Expired:0 22 Nov:1 23 Nov:0 24 Nov:0 25 Nov:0 26 Nov:0 27 Nov:0 Never:0"},
		{"all kinds", []time.Duration{-day, 0, 0, 7 * day}, "Expired:1 22 Nov:0 23 Nov:0 24 Nov:0 25 Nov:0 26 Nov:0 27 Nov:0 28 Nov:0 29 Nov:1 Never:2"},
		{"weeks", []time.Duration{14 * day, 15 * day}, "Expired:0 22 Nov:0 29 Nov:0 6 Dec:2 13 Dec:0 20 Dec:0 27 Dec:0 Never:0"},
		{"months", []time.Duration{9 * day, 200 * day}, "Expired:0 Nov ’26:0 Dec ’26:1 Jan ’27:0 Feb ’27:0 Mar ’27:0 Apr ’27:0 May ’27:0 Jun ’27:1 Never:0"},
		{"quarters", []time.Duration{600 * day}, "Expired:0 Oct ’26:0 Jan ’27:0 Apr ’27:0 Jul ’27:0 Oct ’27:0 Jan ’28:0 Apr ’28:0 Jul ’28:1 Never:0"},
		{"much later", []time.Duration{day, 9000 * day}, "Oct ’26:1 Jan ’27:0"},
		{"much later", []time.Duration{day, 9000 * day}, "Later:1 Never:0"},
	}
	for _, c := range cases {
		if got := bars(page(t, auditOf(t, "", audit.Everybody, ends(c.left...)...))); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\nwant %s", c.what, got, c.want)
		}
	}
}

// A hundred thousand tokens make no larger page than a few thousand.
func TestPageIsBounded(t *testing.T) {
	few, many := page(t, auditOf(t, "", audit.Everybody, tokens(5000)...)), page(t, auditOf(t, "", audit.Everybody, tokens(100_000)...))
	if len(many) > len(few)*11/10 || len(many) > 600_000 {
		t.Errorf("%d bytes, and %d for few", len(many), len(few))
	}
}

// The last day of what is accepted is written as all days of the page are.
func TestPageTellsUntilWhen(t *testing.T) {
	text := page(t, auditOf(t, "exceptions: [{name: token-1, reason: why, until: 2027-01-31}]", audit.Everybody, tokens(3)...))
	if !strings.Contains(text, `<td data-label="Until" class="date">31 Jan 2027</td>`) {
		t.Error("the page does not say until when")
	}
}
