package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
)

const day = 24 * time.Hour

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// token is one of jdoe's, by its age and what is left of its life; 0 left is
// no end.
func token(name string, age, left time.Duration) datahub.Token {
	t := datahub.Token{
		ID: name, Name: name, Actor: "urn:li:corpuser:jdoe", Owner: "urn:li:corpuser:jdoe", CreatedAt: now.Add(-age),
	}
	if left != 0 {
		t.ExpiresAt = now.Add(left)
	}
	return t
}

func but(t datahub.Token, change func(*datahub.Token)) datahub.Token {
	change(&t)
	return t
}

func user(exists, isSuspended bool) datahub.User {
	return datahub.User{Exists: exists, Suspended: isSuspended}
}

// told is what the server tells about users in these tests.
var told = map[datahub.URN]datahub.User{
	"urn:li:corpuser:jdoe": user(true, false), "urn:li:corpuser:gone": user(false, false), "urn:li:corpuser:locked": user(true, true),
	"urn:li:corpuser:service_00000000-0000-4000-8000-000000000000": user(true, false),
}

func judged(t *testing.T, policy string, selection datahub.Selection, tokens ...datahub.Token) audit.Report {
	t.Helper()
	p, err := audit.ParsePolicy("policy.yaml", []byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	return p.Audit([]audit.Source{{Server: "https://datahub.example.com", Scope: audit.Everybody, Tokens: tokens, Users: told}}, selection, now)
}

// found is the findings, each as severity, check and token.
func found(list []audit.Finding) string {
	var lines []string
	for _, f := range list {
		name := "-"
		if f.Token != nil {
			name = f.Token.ID
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", f.Severity, f.Check, name))
	}
	return strings.Join(lines, "; ")
}

func TestChecks(t *testing.T) {
	actor := func(urn datahub.URN) func(*datahub.Token) {
		return func(t *datahub.Token) { t.Actor, t.Owner = urn, urn }
	}
	named := func(name string) func(*datahub.Token) { return func(t *datahub.Token) { t.Name = name } }
	cases := []struct {
		what   string
		tokens []datahub.Token
		want   string
	}{
		{"nothing", nil, ""},
		{"a good one", []datahub.Token{token("a", day, 29*day)}, ""},
		{"it never ends", []datahub.Token{token("a", day, 0)}, "error never-expires a"},
		{"it lives exactly as long as it may", []datahub.Token{token("a", day, 179*day)}, ""},
		{"it lives longer", []datahub.Token{token("a", day, 179*day+time.Second)}, "warning lives-too-long a"},
		{"it is exactly as old as it may be", []datahub.Token{token("a", 180*day, 0)}, "error never-expires a"},
		{"it is older, and has no successor", []datahub.Token{token("a", 181*day, 0)}, "error never-expires a; warning not-rotated a"},
		{"it is older, and was rotated", []datahub.Token{token("a", 181*day, 0), but(token("b", day, day), named("a"))},
			"error never-expires a; info duplicate-name a; info duplicate-name b"},
		{"its successor has ended too", []datahub.Token{token("a", 181*day, day), but(token("b", 9*day, -day), named("a"))},
			"warning lives-too-long a; warning not-rotated a; info expired b"},
		{"of one that has ended nothing else is said", []datahub.Token{but(token("cli token x", 400*day, -day), actor("urn:li:corpuser:gone"))},
			"info expired cli token x"},
		{"its actor is gone", []datahub.Token{but(token("a", day, day), actor("urn:li:corpuser:gone"))}, "error actor-missing a"},
		{"its actor is suspended", []datahub.Token{but(token("a", day, day), actor("urn:li:corpuser:locked"))}, "error actor-suspended a"},
		{"the server does not tell", []datahub.Token{but(token("a", day, day), actor("urn:li:corpuser:who"))}, "info actor-unknown a"},
		{"made for another", []datahub.Token{but(token("a", day, day), func(t *datahub.Token) { t.Owner = "urn:li:corpuser:admin" })}, "warning for-another a"},
		{"made for a service account", []datahub.Token{but(token("a", day, day), func(t *datahub.Token) {
			t.Actor = "urn:li:corpuser:service_00000000-0000-4000-8000-000000000000"
		})}, ""},
		{"left over", []datahub.Token{but(token("a", day, day), named("cli token 2026-01-01T00:00:00+00:00"))}, "warning leftover-name a"},
		{"left over by a charm", []datahub.Token{but(token("a", day, day), named("juju-managed-ingestion-token"))}, "warning leftover-name a"},
		{"the same name for another actor", []datahub.Token{
			but(token("a", day, day), named("ci")),
			but(token("b", day, day), func(t *datahub.Token) {
				t.Name, t.Actor, t.Owner = "ci", "urn:li:corpuser:locked", "urn:li:corpuser:locked"
			}),
		}, "error actor-suspended b"},
		{"the same name, one ended", []datahub.Token{but(token("a", day, day), named("ci")), but(token("b", day, -day), named("ci"))}, "info expired b"},
	}
	for _, c := range cases {
		if got := found(judged(t, "", datahub.Selection{}, c.tokens...).Findings); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, got, c.want)
		}
	}
}

// A token is judged among all, also those that are not selected; what is found
// is only about those that are.
func TestSelectionDoesNotChangeTheVerdict(t *testing.T) {
	old, new := token("a", 181*day, day), but(token("b", day, day), func(t *datahub.Token) { t.Name = "a" })
	r := judged(t, "", datahub.Selection{CreatedBefore: now.Add(-9 * day)}, old, new)
	if got := found(r.Findings); got != "warning lives-too-long a; info duplicate-name a" {
		t.Errorf("found %s", got)
	}
	if r.Tokens() != 1 || len(r.Findings[1].Related) != 1 || r.Findings[1].Related[0] != "b" {
		t.Errorf("%d tokens, related to %v", r.Tokens(), r.Findings[1].Related)
	}
}

func TestPolicyChangesWhatIsFound(t *testing.T) {
	tokens := []datahub.Token{token("a", 40*day, 51*day), token("bot-1", day, 0)}
	cases := map[string]string{
		"": "error never-expires bot-1",
		"checks: {never-expires: {severity: info}}":                                             "info never-expires bot-1",
		"checks: {never-expires: {severity: off}}":                                              "",
		"checks: {never-expires: {severity: off}, lives-too-long: {limit: 90d}}":                "warning lives-too-long a",
		"checks: {never-expires: {severity: off}, not-rotated: {severity: error, limit: P30D}}": "error not-rotated a",
		"checks: {leftover-name: {names: ['bot-?']}}":                                           "error never-expires bot-1; warning leftover-name bot-1",
		"checks: {leftover-name: {names: []}}":                                                  "error never-expires bot-1",
	}
	for policy, want := range cases {
		if got := found(judged(t, policy, datahub.Selection{}, tokens...).Findings); got != want {
			t.Errorf("%s: %s\nwant %s", policy, got, want)
		}
	}
}

func TestExceptions(t *testing.T) {
	const whole = "HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A="
	bot := but(token(whole, 181*day, 0), func(t *datahub.Token) { t.Name, t.Owner = "bot-1", "urn:li:corpuser:admin" })
	all := "error never-expires; warning not-rotated; warning for-another"
	cases := []struct{ exception, found, accepted string }{
		{"{name: 'bot-*', until: 2026-11-22}", "", all},
		{"{name: 'bot-*', until: 2026-11-22T12:00:01Z}", "", all},
		{"{name: 'bot-*', until: 2026-11-22T12:00:00Z}", "error never-expires; warning not-rotated; warning for-another; warning exception-over", ""},
		{"{name: 'bot-*', until: 2026-11-21}", "error never-expires; warning not-rotated; warning for-another; warning exception-over", ""},
		{"{id: '" + whole + "', until: 2027-01-01}", "", all},
		{"{id: 'urn:li:dataHubAccessToken:" + whole + "', until: 2027-01-01}", "", all},
		{"{actor: jdoe, owner: admin, until: 2027-01-01}", "", all},
		{"{actor: jdoe, owner: jdoe, until: 2027-01-01}", all, ""},
		{"{name: bot, until: 2027-01-01}", all, ""},
		{"{owner: admin, checks: [never-expires, expired], until: 2027-01-01}", "warning not-rotated; warning for-another", "error never-expires"},
	}
	for _, c := range cases {
		policy := "exceptions: [" + strings.TrimSuffix(c.exception, "}") + ", reason: it is needed}]"
		r := judged(t, policy, datahub.Selection{}, bot)
		bare := func(list []audit.Finding) string {
			return strings.NewReplacer(" "+whole, "", " -", "").Replace(found(list))
		}
		if got := bare(r.Findings); got != c.found {
			t.Errorf("%s: found %s", c.exception, got)
		}
		if got := bare(r.Accepted); got != c.accepted {
			t.Errorf("%s: accepted %s", c.exception, got)
		}
		for _, f := range r.Accepted {
			if f.Accepted == nil || f.Accepted.Reason != "it is needed" {
				t.Errorf("%s: accepted by %+v", c.exception, f.Accepted)
			}
		}
	}
}

// Tokens are compared with those of their own DataHub only, and an exception is
// for all of them.
func TestSourcesAreJudgedApart(t *testing.T) {
	old := but(token("old", 181*day, day), func(t *datahub.Token) { t.Name = "ci" })
	renewed := but(token("new", day, day), func(t *datahub.Token) { t.Name = "ci" })
	p := audit.Default()
	apart := p.Audit([]audit.Source{{Tokens: []datahub.Token{old}, Users: told}, {Tokens: []datahub.Token{renewed}, Users: told}}, datahub.Selection{}, now)
	if got := found(apart.Findings); got != "warning lives-too-long old; warning not-rotated old" {
		t.Errorf("apart: %s", got)
	}
	same := p.Audit([]audit.Source{{Tokens: []datahub.Token{old, renewed}, Users: told}}, datahub.Selection{}, now)
	if got := found(same.Findings); got != "warning lives-too-long old; info duplicate-name new; info duplicate-name old" {
		t.Errorf("together: %s", got)
	}
	p.Exceptions = []audit.Exception{{Name: "ci", Until: now.Add(day)}}
	copies := p.Audit([]audit.Source{{Tokens: []datahub.Token{old}, Users: told}, {Tokens: []datahub.Token{old}, Users: told}}, datahub.Selection{}, now)
	if len(copies.Findings) != 0 || len(copies.Accepted) != 4 || copies.Tokens() != 2 {
		t.Errorf("copies: %s, accepted %s", found(copies.Findings), found(copies.Accepted))
	}
}

// Where selected tokens are said to be judged alone, the others make no
// difference.
func TestJudgesAlone(t *testing.T) {
	expired, named := datahub.Selection{Expired: true}, datahub.Selection{Name: "a"}
	superseded := datahub.Selection{Expired: true, SupersededFor: day}
	const lone = "checks: {not-rotated: {severity: off}, duplicate-name: {severity: off}}"
	tokens := []datahub.Token{
		token("a", 400*day, -day), token("b", 300*day, 0), but(token("c", 200*day, day), func(t *datahub.Token) { t.Name = "a" }),
		but(token("d", 2*day, day), func(t *datahub.Token) { t.Name = "a" }),
	}
	for _, c := range []struct {
		policy   string
		selected datahub.Selection
		want     bool
	}{
		{"", datahub.Selection{}, false}, {"", named, false}, {"", expired, true}, {"", superseded, false},
		{lone, named, true}, {lone, datahub.Selection{}, true}, {lone, superseded, false},
		{"checks: {not-rotated: {severity: off}}", named, false}, {"checks: {duplicate-name: {severity: off}}", named, false},
	} {
		p, err := audit.ParsePolicy("policy.yaml", []byte(c.policy))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.JudgesAlone(c.selected); got != c.want {
			t.Errorf("%s %+v: %v", c.policy, c.selected, got)
		}
		all := found(judged(t, c.policy, c.selected, tokens...).Findings)
		alone := found(judged(t, c.policy, c.selected, c.selected.Select(tokens, now)...).Findings)
		if c.want && all != alone {
			t.Errorf("%s %+v: alone %s\namong all %s", c.policy, c.selected, alone, all)
		}
	}
}

// The order is the same whatever order the tokens come in, and the narrowest
// scope counts.
func TestReport(t *testing.T) {
	p := audit.Default()
	sources := []audit.Source{
		{Profile: "one", Scope: audit.Everybody, Tokens: []datahub.Token{token("b", day, 0), token("a", day, 0), token("x", 9*day, -day)}, Users: told},
		{Profile: "two", Scope: audit.Everybody, Tokens: []datahub.Token{token("a2", day, 200*day)}, Users: told},
	}
	r := p.Audit(sources, datahub.Selection{}, now)
	if got := found(r.Findings); got != "error never-expires a; error never-expires b; warning lives-too-long a2; info expired x" {
		t.Errorf("found %s", got)
	}
	if r.Tokens() != 4 || r.Count(audit.Error) != 2 || r.AtLeast(audit.Warning) != 3 || r.AtLeast(audit.Info) != 4 || r.AtLeast(audit.Error+1) != 0 {
		t.Errorf("miscounted: %d tokens, %d errors, %d graver than info", r.Tokens(), r.Count(audit.Error), r.AtLeast(audit.Warning))
	}
	if got := strings.Join(r.TokenIDs(), " "); got != "a b a2 x" {
		t.Errorf("ids %s", got)
	}
	for _, c := range []struct{ one, two, want audit.ScopeWord }{
		{audit.Everybody, audit.Everybody, audit.Everybody}, {audit.Named, audit.Everybody, audit.Named}, {audit.Named, audit.Own, audit.Own},
	} {
		r.Sources[0].Scope, r.Sources[1].Scope = c.one, c.two
		if r.Scope() != c.want {
			t.Errorf("%s and %s is %s", c.one, c.two, r.Scope())
		}
	}
}
