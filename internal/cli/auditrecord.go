package cli

import (
	"cmp"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/failure"
)

// auditRecord is an audit as the machine formats show it, see
// docs/schemas/audit.json. Fields are only ever added.
type auditRecord struct {
	CheckedAt time.Time       `json:"checkedAt"`
	Scope     audit.ScopeWord `json:"scope"`
	Policy    policyRecord    `json:"policy"`
	Sources   []sourceRecord  `json:"sources"`
	Unread    []unreadRecord  `json:"unread"`
	Summary   summaryRecord   `json:"summary"`
	Findings  []findingRecord `json:"findings"`
	Accepted  []findingRecord `json:"accepted"`
}

type policyRecord struct {
	Path   *string                    `json:"path"` // null: the default
	Checks map[audit.Check]ruleRecord `json:"checks"`
}

type ruleRecord struct {
	Severity     audit.Severity `json:"severity"`
	LimitSeconds *int64         `json:"limitSeconds"`
	Names        []string       `json:"names"`
}

type sourceRecord struct {
	Profile *string         `json:"profile"`
	Server  string          `json:"server"`
	Scope   audit.ScopeWord `json:"scope"`
	Tokens  int             `json:"tokens"`
}

// unreadRecord is a profile whose DataHub could not be read.
type unreadRecord struct {
	Profile string       `json:"profile"`
	Kind    failure.Kind `json:"kind"`
	Message string       `json:"message"`
}

type summaryRecord struct {
	Tokens   int `json:"tokens"`
	Findings int `json:"findings"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Accepted int `json:"accepted"`
}

// findingRecord is one finding. What it is about may be the policy itself: then
// it has neither a token nor a server.
type findingRecord struct {
	Check     audit.Check      `json:"check"`
	Severity  audit.Severity   `json:"severity"`
	Message   string           `json:"message"`
	Scope     audit.ScopeWord  `json:"scope"`
	Profile   *string          `json:"profile"`
	Server    *string          `json:"server"`
	Token     *auditedToken    `json:"token"`
	Related   []string         `json:"related"`
	Exception *exceptionRecord `json:"exception"`
}

// auditedToken is a token and what is known of whom it represents.
type auditedToken struct {
	tokenRecord
	ActorState audit.ActorState `json:"actorState"`
}

type exceptionRecord struct {
	Reason string    `json:"reason"`
	Until  time.Time `json:"until"`
	Line   int       `json:"line"`
}

func auditRecordOf(r audit.Report, stored storedAt) auditRecord {
	record := auditRecord{
		CheckedAt: r.At.UTC().Truncate(time.Second), Scope: r.Scope(),
		Policy:   policyRecord{Path: textOrNull(r.Policy.Path), Checks: map[audit.Check]ruleRecord{}},
		Sources:  make([]sourceRecord, len(r.Sources)),
		Unread:   make([]unreadRecord, len(r.Unread)),
		Findings: findingRecords(r, r.Findings, stored), Accepted: findingRecords(r, r.Accepted, stored),
		Summary: summaryRecord{
			Tokens: r.Tokens(), Findings: len(r.Findings), Accepted: len(r.Accepted),
			Errors: r.Count(audit.Error), Warnings: r.Count(audit.Warning), Infos: r.Count(audit.Info),
		},
	}
	for check, rule := range r.Policy.Rules {
		record.Policy.Checks[check] = ruleRecordOf(rule)
	}
	for i, s := range r.Sources {
		record.Sources[i] = sourceRecord{Profile: textOrNull(s.Profile), Server: s.Server, Scope: s.Scope, Tokens: len(s.Tokens)}
	}
	for i, u := range r.Unread {
		record.Unread[i] = unreadRecord(u)
	}
	return record
}

func ruleRecordOf(rule audit.Rule) ruleRecord {
	record := ruleRecord{Severity: rule.Severity, Names: rule.Names}
	if rule.Limit > 0 {
		seconds := int64(rule.Limit / time.Second)
		record.LimitSeconds = &seconds
	}
	return record
}

// findingRecords are findings of a report, with what this machine keeps of them.
func findingRecords(r audit.Report, found []audit.Finding, stored storedAt) []findingRecord {
	records := make([]findingRecord, len(found))
	for i, f := range found {
		record := findingRecord{Check: f.Check, Severity: f.Severity, Message: f.Message, Scope: r.Scope(), Related: f.Related}
		if record.Related == nil {
			record.Related = []string{}
		}
		if f.Accepted != nil {
			record.Exception = &exceptionRecord{Reason: f.Accepted.Reason, Until: f.Accepted.Until.UTC(), Line: f.Accepted.Line}
		}
		if f.Token != nil {
			source := r.Sources[f.Source]
			record.Scope, record.Profile, record.Server = source.Scope, textOrNull(source.Profile), &source.Server
			record.Token = &auditedToken{recordOf(*f.Token, stored[source.Server][f.Token.ID], r.At), source.Actor(f.Token.Actor)}
		}
		records[i] = record
	}
	shortenFindingIDs(records)
	return records
}

// shortenFindingIDs gives each token the shortest beginning of its id that fits
// no other among the findings.
func shortenFindingIDs(records []findingRecord) {
	at := map[string]int{}
	var tokens []tokenRecord
	for _, r := range records {
		if r.Token == nil {
			continue
		}
		if _, seen := at[r.Token.ID]; !seen {
			at[r.Token.ID] = len(tokens)
			tokens = append(tokens, r.Token.tokenRecord)
		}
	}
	shortenIDs(tokens)
	for _, r := range records {
		if r.Token != nil {
			r.Token.shortID = tokens[at[r.Token.ID]].shortID
		}
	}
}

// tokenText is a property of the finding's token, empty where it has none.
func (r findingRecord) tokenText(text func(tokenRecord) string) string {
	if r.Token == nil {
		return ""
	}
	return text(r.Token.tokenRecord)
}

// profile is which profile led to the finding's token; empty: none did.
func (r findingRecord) profile() string { return textOrEmpty(r.Profile) }

// called is the name of what the finding is about.
func (r findingRecord) called() string {
	if r.Token == nil {
		return "the policy"
	}
	return cmp.Or(r.Token.Name, "(no name)")
}
