package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
)

// The elements of JUnit's XML, as far as CI systems agree on them.
type (
	testSuites struct {
		XMLName  xml.Name    `xml:"testsuites"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Suites   []testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name       string     `xml:"name,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Time       string     `xml:"time,attr"`
		Timestamp  string     `xml:"timestamp,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []testCase `xml:"testcase"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	testCase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Time    string   `xml:"time,attr"`
		Failure *failed  `xml:"failure"`
		Error   *failed  `xml:"error"`
		Skipped *skipped `xml:"skipped"`
		Out     string   `xml:"system-out,omitempty"`
	}
	failed struct {
		Kind    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	skipped struct {
		Message string `xml:"message,attr"`
	}
)

// noTime is how long a check took: nobody measures it.
const noTime = "0"

// WriteJUnit writes the report for CI systems: a suite for each check that is
// made, and in it a case for each finding. It is a failure where it is as grave
// as the report's bar, skipped where an exception accepts it, and else passes
// with a remark. A check that found nothing is one case that passes. Where several
// profiles are audited, a suite more has a case for each: an error where it could
// not be read.
func WriteJUnit(w io.Writer, r audit.Report, about About) error {
	all := testSuites{Name: "pat audit", Time: noTime}
	if r.Several {
		all.add(suiteOfProfiles(r, about))
	}
	for _, check := range audit.Checks() {
		if r.Policy.Rules[check].Severity > audit.Off {
			all.add(suiteOf(r, about, check))
		}
	}
	out, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte(xml.Header), append(out, '\n')...))
	return err
}

func (a *testSuites) add(suite testSuite) {
	a.Tests, a.Failures, a.Errors, a.Skipped = a.Tests+suite.Tests, a.Failures+suite.Failures, a.Errors+suite.Errors, a.Skipped+suite.Skipped
	a.Suites = append(a.Suites, suite)
}

func newSuite(r audit.Report, about About, name string) testSuite {
	return testSuite{
		Name: name, Time: noTime, Timestamp: r.At.UTC().Format("2006-01-02T15:04:05"), Properties: propertiesOf(r, about),
	}
}

// suiteOfProfiles tells which profiles were read.
func suiteOfProfiles(r audit.Report, about About) testSuite {
	suite := newSuite(r, about, "profiles")
	for i, source := range r.Sources {
		suite.add(testCase{
			Class: className("profiles"), Name: placeOf(r, i), Time: noTime,
			Out: count(len(source.Tokens), "token", "tokens") + " at " + text(source.Server) + ", scope " + string(source.Scope),
		})
	}
	for _, u := range r.Unread {
		suite.add(testCase{
			Class: className("profiles"), Name: text(u.Profile), Time: noTime,
			Error: &failed{Kind: string(u.Kind), Message: "could not be read: " + text(u.Message), Text: "None of its tokens are in this audit."},
		})
	}
	return suite
}

func suiteOf(r audit.Report, about About, check audit.Check) testSuite {
	suite := newSuite(r, about, string(check))
	for _, f := range of(check, r.Findings) {
		suite.add(caseOf(r, f, about.FailOn))
	}
	for _, f := range of(check, r.Accepted) {
		c := caseOf(r, f, audit.Error+1)
		c.Out, c.Skipped = "", &skipped{fmt.Sprintf("accepted until %s: %s", f.Accepted.LastDay(), text(f.Accepted.Reason))}
		suite.add(c)
	}
	if len(suite.Cases) == 0 {
		suite.add(testCase{Class: className(string(check)), Name: check.Title() + ": nothing found in " + count(r.Tokens(), "token", "tokens"), Time: noTime})
	}
	return suite
}

func (s *testSuite) add(c testCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

// propertiesOf say what was audited, and how.
func propertiesOf(r audit.Report, about About) []property {
	var servers []string
	for _, s := range r.Sources {
		servers = append(servers, text(s.Server))
	}
	return []property{
		{"server", strings.Join(servers, " ")}, {"scope", string(r.Scope())}, {"tokens", strconv.Itoa(r.Tokens())},
		{"policy", policyName(r.Policy)}, {"program", about.Program},
	}
}

func className(suite string) string { return "audit." + suite }

func caseOf(r audit.Report, f audit.Finding, failOn audit.Severity) testCase {
	c := testCase{Class: className(string(f.Check)), Name: nameOf(f), Time: noTime}
	message, details := text(f.Message), f.Check.Why()+"\n"+f.Check.Do()
	if t := f.Token; t != nil {
		c.Name += " (" + text(t.ID) + ")"
		if at := placeOf(r, f.Source); at != "" {
			c.Name += " at " + at
		}
		details = fmt.Sprintf("token %s\nactor %s\nowner %s\ncreated %s\nends %s\n%s",
			text(t.URN()), text(string(t.Actor)), text(string(t.Owner)), exact(t.CreatedAt), exact(t.ExpiresAt), details)
	}
	if f.Severity >= failOn {
		c.Failure = &failed{Kind: f.Severity.String(), Message: message, Text: details}
	} else {
		c.Out = f.Severity.String() + ": " + message
	}
	return c
}

// exact is a moment for machines; an end that is none is never.
func exact(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

// of are the findings of one check.
func of(check audit.Check, found []audit.Finding) []audit.Finding {
	var some []audit.Finding
	for _, f := range found {
		if f.Check == check {
			some = append(some, f)
		}
	}
	return some
}
