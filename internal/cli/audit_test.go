package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
)

// auditedNow is when the audit of these tests was made.
var auditedNow = time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)

// audited is an audit of some tokens in which each check finds something.
func audited(t *testing.T) audit.Report {
	t.Helper()
	const day = 24 * time.Hour
	token := func(id, name, actor, owner string, age, left time.Duration) datahub.Token {
		made := datahub.Token{
			ID: id + strings.Repeat("x", 43-len(id)) + "=", Name: name, CreatedAt: auditedNow.Add(-age),
			Actor: datahub.URN("urn:li:corpuser:" + actor), Owner: datahub.URN("urn:li:corpuser:" + owner),
		}
		if left != 0 {
			made.ExpiresAt = auditedNow.Add(left)
		}
		return made
	}
	policy, err := audit.ParsePolicy("policy.yaml", []byte(`
exceptions:
  - {name: warehouse, reason: renewed by hand until the move, until: 2027-01-31}
  - {name: "poc-*", reason: the trial was to end in summer, until: 2026-08-31}
`))
	if err != nil {
		t.Fatal(err)
	}
	known := func(name string, suspended bool) datahub.User {
		return datahub.User{URN: datahub.URN("urn:li:corpuser:" + name), Exists: true, Suspended: suspended}
	}
	source := audit.Source{
		Server: "https://datahub.example.com", Scope: audit.Everybody,
		Tokens: []datahub.Token{
			token("HnMJylxu", "ingest-snowflake-production", "jdoe", "jdoe", 400*day, 0),
			token("HnMJzqpa", "dashboards", "ada.lovelace@example.com", "datahub", 30*day, 60*day),
			token("a81Kd03b", "nightly", "bob", "bob", 10*day, 20*day),
			token("Zz0/q+1c", "warehouse", "jdoe", "jdoe", 200*day, 165*day),
			token("k2LmN5qR", "cli token 2026-10-01T09:30:00+02:00", "eve", "eve", 52*day, 38*day),
			token("m9PqR7sT", "氷川丸 \x1b[31m\u202eforged", "jdoe", "jdoe", 5*day, 25*day),
			token("n9PqR7sT", "氷川丸 \x1b[31m\u202eforged", "jdoe", "jdoe", 3*day, 27*day),
			token("p3TuV8wX", "old-laptop", "jdoe", "jdoe", 120*day, -30*day),
			token("q3TuV8wX", "imported", "mallory", "mallory", 2*day, 5*day),
		},
		Users: map[datahub.URN]datahub.User{},
	}
	for _, user := range []datahub.User{known("jdoe", false), known("eve", true), known("ada.lovelace@example.com", false), {URN: "urn:li:corpuser:bob"}} {
		source.Users[user.URN] = user
	}
	return policy.Audit([]audit.Source{source}, datahub.Selection{}, auditedNow)
}

// keptAt is that one of those tokens is kept on this machine, for a server.
func keptAt(server string) storedAt {
	return storedAt{server: {"p3TuV8wX" + strings.Repeat("x", 35) + "=": true}}
}

// auditedAtTwo is an audit of two DataHubs of which one is a copy of the other
// that the auditing user sees less of, and of a third that could not be read.
func auditedAtTwo(t *testing.T) audit.Report {
	t.Helper()
	one := audited(t)
	prod, staging := one.Sources[0], one.Sources[0]
	prod.Profile, staging.Profile = "prod", "staging"
	staging.Server, staging.Scope, staging.Tokens = "https://staging.example.com", audit.Own, staging.Tokens[5:8]
	report := one.Policy.Audit([]audit.Source{prod, staging}, datahub.Selection{}, auditedNow)
	report.Several = true
	report.Unread = []audit.Unread{{Profile: "trial", Kind: failure.Unavailable, Message: "cannot list tokens: cannot reach https://trial.example.com"}}
	return report
}

// Of several it is said whose a token is, and what is kept for which of them.
func TestScreensOfAuditOfSeveral(t *testing.T) {
	report := auditedAtTwo(t)
	for name, out := range map[string]render.Output{
		"40": {Format: render.Table, Terminal: true, Width: 40}, "160": {Format: render.Table, Terminal: true, Width: 160},
		"table": {Format: render.Table},
	} {
		var b bytes.Buffer
		if err := auditView(out, report).Write(&b, out, findingRecords(report, report.Findings, nil)); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, "audit-several-"+name, b.Bytes())
	}
	kept := map[string]int{}
	for _, r := range findingRecords(report, report.Findings, keptAt("https://staging.example.com")) {
		if r.Token != nil && r.Token.Stored {
			kept[*r.Server]++
		}
	}
	if len(kept) != 1 || kept["https://staging.example.com"] != 1 {
		t.Errorf("kept for %v", kept)
	}
}

// What an audit looks like, on terminals of several widths and for programs.
func TestScreensOfAudit(t *testing.T) {
	report := audited(t)
	outputs := screens()
	for _, format := range []render.Format{render.Table, render.CSV, render.JSONL} {
		outputs[string(format)] = render.Output{Format: format}
	}
	outputs["wide-160"] = render.Output{Format: render.Wide, Terminal: true, Width: 160}
	for name, out := range outputs {
		var b bytes.Buffer
		if err := auditView(out, report).Write(&b, out, findingRecords(report, report.Findings, nil)); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, "audit-"+name, b.Bytes())
		for line := range strings.Lines(b.String()) {
			if width := displaywidth.String(strings.TrimSuffix(line, "\n")); out.Terminal && !out.Colour && width > out.Width {
				t.Errorf("%s: a line is %d columns wide: %s", name, width, line)
			}
		}
	}
	var b bytes.Buffer
	out := render.Output{Format: render.JSON}
	if err := render.WriteObject(&b, out, auditRecordOf(report, keptAt("https://datahub.example.com"))); err != nil {
		t.Fatal(err)
	}
	checkScreen(t, "audit-json", b.Bytes())
}

func TestAuditSummary(t *testing.T) {
	if got := summary(audited(t)); got != "3 errors, 4 warnings, 4 info in 9 tokens (everybody's); 2 accepted by exceptions" {
		t.Errorf("the summary is %q", got)
	}
	if got := summary(auditedAtTwo(t)); got != "3 errors, 4 warnings, 7 info in 12 tokens (prod: everybody's, staging: only your own); 2 accepted by exceptions" {
		t.Errorf("the summary is %q", got)
	}
	empty := audit.Default().Audit([]audit.Source{{Scope: audit.Own}}, datahub.Selection{}, auditedNow)
	if got := summary(empty); got != "nothing found in 0 tokens (only your own)" {
		t.Errorf("the summary is %q", got)
	}
}
