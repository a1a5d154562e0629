package cli

import (
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// auditView is how findings are listed. Of what a narrow terminal has no room for
// whose the token is goes first, then what was found, which the name of the check
// says in short; when it ends still fits into 80 columns.
func auditView(out render.Output, r audit.Report) render.View[findingRecord] {
	columns := []render.Column[findingRecord]{
		{Name: "Level", Field: "severity", Text: func(r findingRecord) string { return r.Severity.String() }, Style: severityStyle},
		{Name: "Finding", Field: "check", Text: func(r findingRecord) string { return string(r.Check) }},
		{Name: "Name", Shrink: true, Text: findingRecord.called,
			Exact: func(r findingRecord) string { return r.tokenText(func(t tokenRecord) string { return t.Name }) }},
		findingColumn("ID", 0, func(t tokenRecord) string { return t.shortID }, func(t tokenRecord) string { return t.ID }),
		findingUser("Actor", 3, tokenRecord.actor),
		findingUser("Owner", 2, tokenRecord.owner),
		findingTime("Created", "createdAt", 1, r.At, func(t tokenRecord) *time.Time { return t.CreatedAt }, agoOrNothing),
		findingTime("Ends", "expiresAt", 5, r.At, func(t tokenRecord) *time.Time { return t.ExpiresAt }, untilOrNever),
		{Name: "What", Field: "message", Drop: 4, Shrink: true, Text: func(r findingRecord) string { return r.Message }},
	}
	switch {
	case out.Format != render.Table:
		columns = append(columns, findingContext()...)
	case r.Several:
		columns = append(columns, render.Column[findingRecord]{Name: "Profile", Shrink: true, Text: findingRecord.profile})
	}
	if out.Format == render.Wide || !people(out) {
		return render.View[findingRecord]{Columns: columns}
	}
	return render.View[findingRecord]{Columns: withoutRepeated(columns, r)}
}

// people reports whether the output is a table that people look at.
func people(out render.Output) bool { return out.Terminal && out.Format == render.Table }

// withoutRepeated leaves out who created the tokens where that is the actor
// throughout.
func withoutRepeated(columns []render.Column[findingRecord], r audit.Report) []render.Column[findingRecord] {
	for _, f := range r.Findings {
		if f.Token != nil && f.Token.Owner != f.Token.Actor {
			return columns
		}
	}
	kept := make([]render.Column[findingRecord], 0, len(columns))
	for _, c := range columns {
		if c.Name != "Owner" {
			kept = append(kept, c)
		}
	}
	return kept
}

// findingContext are the columns that say where a finding is from.
func findingContext() []render.Column[findingRecord] {
	return []render.Column[findingRecord]{
		{Name: "Status", Drop: 1, Text: func(r findingRecord) string {
			return r.tokenText(func(t tokenRecord) string { return string(t.Status) })
		}},
		{Name: "Actor state", Drop: 1, Text: func(r findingRecord) string {
			if r.Token == nil {
				return ""
			}
			return string(r.Token.ActorState)
		}},
		{Name: "Profile", Drop: 1, Text: findingRecord.profile},
		{Name: "Server", Drop: 1, Text: func(r findingRecord) string { return textOrEmpty(r.Server) }},
		{Name: "Scope", Drop: 1, Text: func(r findingRecord) string { return string(r.Scope) }},
	}
}

func findingColumn(name string, drop int, text, exact func(tokenRecord) string) render.Column[findingRecord] {
	return render.Column[findingRecord]{Name: name, Drop: drop,
		Text:  func(r findingRecord) string { return r.tokenText(text) },
		Exact: func(r findingRecord) string { return r.tokenText(exact) }}
}

func findingUser(name string, drop int, urn func(tokenRecord) string) render.Column[findingRecord] {
	return findingColumn(name, drop, func(t tokenRecord) string { return datahub.URN(urn(t)).Username() }, urn)
}

func findingTime(
	name, field string, drop int, now time.Time,
	of func(tokenRecord) *time.Time, words func(*time.Time, time.Time) string,
) render.Column[findingRecord] {
	column := findingColumn(name, drop,
		func(t tokenRecord) string { return words(of(t), now) },
		func(t tokenRecord) string { return exactTime(of(t)) })
	column.Field = field
	return column
}

func severityStyle(r findingRecord) render.Style {
	switch r.Severity {
	case audit.Error:
		return render.Red
	case audit.Warning:
		return render.Yellow
	}
	return render.Dim
}

// auditIDs is how the ids of tokens are listed, each once, as `pat revoke -`
// reads them.
var auditIDs = render.View[string]{ID: func(id string) string { return id }}
