package report_test

import (
	"bytes"
	"encoding/xml"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/audit/report"
	"github.com/datahub-pat/pat/internal/goldentest"
)

func junit(t *testing.T, r audit.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteJUnit(&b, r, about); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJUnit(t *testing.T) {
	all := tokens(5)
	all[4].Name, all[4].ExpiresAt = "old", now.Add(-day)
	got := junit(t, auditOf(t, "exceptions: [{name: 'cli*', reason: the tool goes in spring, until: 2027-03-31}]", audit.Everybody, all...))
	goldentest.Check(t, filepath.Join("testdata", "junit.golden"), []byte(got))
}

// Of several profiles it is said which a token is of, and which were not read.
func TestJUnitOfSeveral(t *testing.T) {
	text := junit(t, atTwo(t))
	for _, want := range []string{
		`<testsuites name="pat audit" tests="14" failures="1" errors="1" skipped="0"`,
		`<testsuite name="profiles" tests="3" failures="0" errors="1"`,
		`<testcase classname="audit.profiles" name="prod"`, "<system-out>1 token at https://datahub.example.com, scope everybody</system-out>",
		`<testcase classname="audit.profiles" name="trial"`, `<error type="unavailable" message="could not be read: cannot reach`,
		`name="token-1 (0000000000000000000000000000000000000000001=) at prod"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
}

// Whatever the names, it is XML, and its numbers are those of its cases.
func TestJUnitCounts(t *testing.T) {
	for what, r := range map[string]audit.Report{"hostile": hostileAudit(t), "none": auditOf(t, "", audit.Everybody), "many": auditOf(t, "", audit.Everybody, tokens(500)...)} {
		var read struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Skipped  int `xml:"skipped,attr"`
			Suites   []struct {
				Tests, Failures int `xml:"-"`
				Cases           []struct {
					Name    string    `xml:"name,attr"`
					Failure *struct{} `xml:"failure"`
					Skipped *struct{} `xml:"skipped"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		text := junit(t, r)
		if err := xml.Unmarshal([]byte(text), &read); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		cases, failures, skipped := 0, 0, 0
		for _, suite := range read.Suites {
			for _, c := range suite.Cases {
				cases++
				if c.Failure != nil {
					failures++
				}
				if c.Skipped != nil {
					skipped++
				}
				if c.Name == "" || len([]rune(c.Name)) > 400 {
					t.Errorf("%s: a case is called %q", what, c.Name)
				}
			}
		}
		if cases != read.Tests || failures != read.Failures || skipped != read.Skipped || failures != r.AtLeast(audit.Warning) || skipped != len(r.Accepted) {
			t.Errorf("%s: %d cases, %d failures, %d skipped; it says %d, %d, %d", what, cases, failures, skipped, read.Tests, read.Failures, read.Skipped)
		}
		if len(read.Suites) != len(audit.Checks()) {
			t.Errorf("%s: %d suites", what, len(read.Suites))
		}
	}
}
