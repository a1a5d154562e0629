package report

import (
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
)

// mostRows is how many findings of one kind the page shows.
const mostRows = 100

// section is what was found by one check.
type section struct {
	Check          audit.Check
	Title, Why, Do string
	Severity       string
	Total          int
	Rows           []row
}

// AboutPolicy reports whether the findings are about the policy, not about tokens.
func (s section) AboutPolicy() bool { return s.Check == audit.ExceptionOver }

// More is how many findings the page does not show.
func (s section) More() int { return s.Total - len(s.Rows) }

// row is a finding.
type row struct {
	Name, ID, Actor, Owner string
	Created, Ends          string
	CreatedAt, EndsAt      string // for machines
	What                   string
	At                     string // which instance, where several were audited
}

// sections are the findings, those of one kind together, the gravest first.
func sections(r audit.Report) []section {
	var all []section
	at := map[audit.Check]int{}
	for _, f := range r.Findings {
		i, begun := at[f.Check]
		if !begun {
			i = len(all)
			at[f.Check] = i
			all = append(all, section{
				Check: f.Check, Title: f.Check.Title(), Why: f.Check.Why(), Do: f.Check.Do(), Severity: f.Severity.String(),
			})
		}
		all[i].Total++
		if len(all[i].Rows) < mostRows {
			all[i].Rows = append(all[i].Rows, rowOf(r, f))
		}
	}
	return all
}

func rowOf(r audit.Report, f audit.Finding) row {
	shown := row{Name: nameOf(f), What: text(f.Message)}
	if t := f.Token; t != nil {
		shown.ID, shown.Actor, shown.Owner = text(t.ID), text(t.Actor.Username()), text(t.Owner.Username())
		shown.Created, shown.Ends = day(t.CreatedAt), day(t.ExpiresAt)
		shown.CreatedAt, shown.EndsAt = stamp(t.CreatedAt), stamp(t.ExpiresAt)
		shown.At = placeOf(r, f.Source)
	}
	return shown
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return exact(t)
}

// acceptedRow is a finding that an exception accepts.
type acceptedRow struct {
	row
	Title, Reason, Until string
}

func acceptedRows(r audit.Report) []acceptedRow {
	var rows []acceptedRow
	for _, f := range r.Accepted[:min(mostRows, len(r.Accepted))] {
		rows = append(rows, acceptedRow{rowOf(r, f), f.Check.Title(), text(f.Accepted.Reason), day(f.Accepted.Until.Add(-time.Nanosecond))})
	}
	return rows
}

// ruleRow is how one check was made.
type ruleRow struct {
	Title    string
	Check    audit.Check
	Severity string
	Setting  string
}

func rules(p audit.Policy) []ruleRow {
	var rows []ruleRow
	for _, check := range audit.Checks() {
		rule := p.Rules[check]
		setting := ""
		switch {
		case rule.Limit > 0:
			setting = "more than " + length(rule.Limit)
		case len(rule.Names) > 0:
			setting = text(strings.Join(rule.Names, ", "))
		}
		rows = append(rows, ruleRow{check.Title(), check, rule.Severity.String(), setting})
	}
	return rows
}
