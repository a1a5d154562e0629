package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestDefaultPolicy(t *testing.T) {
	p := audit.Default()
	for _, check := range audit.Checks() {
		rule := p.Rules[check]
		if rule.Severity == audit.Off || check.Title() == "" || check.Why() == "" || check.Do() == "" {
			t.Errorf("%s is off by default, or is not explained", check)
		}
		if limited := check == audit.LivesTooLong || check == audit.NotRotated; limited != (rule.Limit > 0) {
			t.Errorf("%s has the limit %s", check, rule.Limit)
		}
		if (check == audit.LeftoverName) != (len(rule.Names) > 0) {
			t.Errorf("%s has the names %v", check, rule.Names)
		}
	}
	if len(p.Rules) != len(audit.Checks()) || len(p.Exceptions) != 0 || !p.AsksForActors() {
		t.Errorf("the default policy is %+v", p)
	}
	printed, err := audit.ParsePolicy("printed", []byte(audit.DefaultText))
	if err != nil || len(printed.Rules) != len(p.Rules) {
		t.Errorf("what is printed is no policy: %v", err)
	}
	example := strings.ReplaceAll(strings.ReplaceAll(audit.DefaultText, "\nexceptions: []", ""), "# exceptions:", "exceptions:")
	example = strings.ReplaceAll(example, "\n#   ", "\n  ")
	if shown, err := audit.ParsePolicy("example", []byte(example)); err != nil || len(shown.Exceptions) != 1 || len(shown.Exceptions[0].Checks) != 2 {
		t.Errorf("the example in the default policy is none: %v", err)
	}
}

func TestPolicyIsStrict(t *testing.T) {
	const ok = "reason: x, until: 2027-01-01"
	cases := map[string]string{
		"check: {}":                                                     `line 1: the policy has no key "check"; it has version, checks, exceptions`,
		"\nchecks:\n  never-expire: {}":                                 `line 3: there is no check "never-expire"; there are actor-missing`,
		"checks: {expired: {severety: error}}":                          `line 1: the check expired has no key "severety"; it has severity`,
		"checks: {expired: {limit: 3d}}":                                `has no key "limit"`,
		"checks: {not-rotated: {names: [a]}}":                           `has no key "names"; it has severity, limit`,
		"checks: {expired: {severity: fatal}}":                          `there is no severity "fatal"; there are off, info, warning, error`,
		"checks: {expired: error}":                                      "the check expired is not a list of keys with values",
		"checks:":                                                       "checks is not a list of keys with values",
		"checks: {not-rotated: {limit: soon}}":                          `limit: "soon" is not a duration`,
		"checks: {not-rotated: {limit: 3m}}":                            "minutes or months",
		"checks: {not-rotated: {limit: -3d}}":                           "is not a duration",
		"checks: {leftover-name: {names: x}}":                           "names is not a list",
		"checks: {leftover-name: {names: ['']}}":                        "one of names is not a text",
		"checks: {expired: {}, expired: {}}":                            "line 1",
		"version: 2":                                                    "version 1 of policies only",
		"exceptions: {}":                                                "exceptions is not a list",
		"exceptions: [x]":                                               "an exception is not a list of keys",
		"exceptions: [{" + ok + "}]":                                    "does not say which tokens it is for",
		"exceptions: [{name: a, until: 2027-01-01}]":                    "the exception has no reason",
		"exceptions: [{name: a, reason: x}]":                            "the exception has no date",
		"exceptions: [{name: '', " + ok + "}]":                          "name is not a text",
		"exceptions: [{id: abc, " + ok + "}]":                           "id is not a whole id or URN of a token",
		"exceptions: [{actor: 'a b', " + ok + "}]":                      "actor: ",
		"exceptions: [{who: a, " + ok + "}]":                            `an exception has no key "who"`,
		"exceptions: [{name: a, checks: [], " + ok + "}]":               "checks is empty",
		"exceptions: [{name: a, checks: [exception-over], " + ok + "}]": "to be excepted from",
		"exceptions: [{name: a, reason: x, until: tomorrow}]":           "until is not a date",
		"exceptions: [{name: a, reason: x, until: 2027-02-30}]":         "until is not a date",
		"a: &x {}\nchecks: *x":                                          "line 1",
		"checks: &x {}\nexceptions: *x":                                 "line 2: \"exceptions\" is an alias",
		"<<: {checks: {}}":                                              "plain word",
		"checks: {}\n---\nchecks: {}":                                   "more than one document",
		"checks: {}\n---\n":                                             "more than one document",
		"- a":                                                           "the policy is not a list of keys with values",
		"checks: [":                                                     "this is not YAML",
		"checks:\n\t- x":                                                "line 2: this is not YAML",
		"\x00":                                                          "this is not YAML",
		strings.Repeat("#", audit.MaxPolicy+1):                          "larger than a policy can be",
	}
	for text, want := range cases {
		_, err := audit.ParsePolicy("p.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "p.yaml") || failure.KindOf(err) != failure.Usage {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

func TestPolicyIsRead(t *testing.T) {
	for _, text := range []string{"", "---\n", "# nothing\n", "null", "version: 1", "exceptions:", "exceptions: []", "checks: {expired: {}}"} {
		p, err := audit.ParsePolicy("p.yaml", []byte(text))
		if err != nil || len(p.Rules) != len(audit.Checks()) || p.Path != "p.yaml" {
			t.Errorf("%q: %+v, %v", text, p, err)
		}
	}
	p, err := audit.ParsePolicy("p.yaml", []byte("exceptions:\n  - {name: a, reason: x, until: 2027-01-31}\n  - {owner: urn:li:corpuser:b c, reason: y, until: 2027-01-31T10:00:00+02:00, checks: [expired]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	one, two := p.Exceptions[0], p.Exceptions[1]
	if one.Line != 2 || !one.Until.Equal(time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)) || one.LastDay() != "2027-01-31" || one.What() != "name a" {
		t.Errorf("%+v", one)
	}
	if two.Line != 3 || !two.Until.Equal(time.Date(2027, 1, 31, 8, 0, 0, 0, time.UTC)) || two.What() != "owner b c" || len(two.Checks) != 1 {
		t.Errorf("%+v", two)
	}
	if quiet, err := audit.ParsePolicy("p.yaml", []byte("checks: {actor-missing: {severity: off}, actor-suspended: {severity: off}, actor-unknown: {severity: off}}")); err != nil || quiet.AsksForActors() {
		t.Errorf("it asks for actors: %v", err)
	}
}

// Whatever stands in a policy, it is read or refused; what is read is complete.
func FuzzParsePolicy(f *testing.F) {
	f.Add(audit.DefaultText)
	f.Add("exceptions: [{name: a, reason: x, until: 2027-01-31, checks: [expired]}]")
	f.Add("checks: {not-rotated: {limit: 90d, severity: off}}\n")
	f.Add("a: &x [*x]\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := audit.ParsePolicy("p.yaml", []byte(text))
		if err != nil {
			if failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), "p.yaml") {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if len(p.Rules) != len(audit.Checks()) {
			t.Fatalf("%d rules", len(p.Rules))
		}
		for _, e := range p.Exceptions {
			if e.Reason == "" || e.Until.IsZero() || e.What() == "" || e.Line < 1 {
				t.Fatalf("the exception %+v", e)
			}
		}
		for check, rule := range p.Rules {
			if rule.Limit < 0 || rule.Severity < audit.Off || rule.Severity > audit.Error {
				t.Fatalf("the rule of %s is %+v", check, rule)
			}
		}
	})
}
