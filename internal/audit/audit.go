// Package audit holds tokens against a policy: what is found, how grave it is,
// and what somebody has accepted for a while.
//
// It is handed what was read, from one DataHub or from several, and asks nobody
// anything. What is found is in [Finding]s; how they are shown is up to others.
package audit

import (
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// ScopeWord says in one word whose tokens were read.
type ScopeWord string

// The scopes that an audit can have.
const (
	Everybody ScopeWord = "everybody" // all tokens that the DataHub has
	Own       ScopeWord = "own"       // those that the caller created: others cannot be seen
	Named     ScopeWord = "named"     // those of users who were named
)

// Source is what was read from one DataHub.
type Source struct {
	Profile string // the profile it was read by; empty: by none
	Server  string
	Scope   ScopeWord
	Tokens  []datahub.Token // all in scope, or what is selected of them: see [Policy.JudgesAlone]
	// Users are those of whom the server tells; others are unknown.
	Users map[datahub.URN]datahub.User
}

// Unread is a profile whose DataHub could not be read: what it has is missing.
type Unread struct {
	Profile string
	Kind    failure.Kind
	Message string
}

// ActorState is what the server tells about whom a token represents.
type ActorState string

// The states an actor can be in.
const (
	ActorActive    ActorState = "active"
	ActorSuspended ActorState = "suspended"
	ActorMissing   ActorState = "missing" // there is nobody of that name: never was, or was removed
	ActorUnknown   ActorState = "unknown" // the server does not tell, or was not asked
)

// Actor is what the source tells about somebody.
func (s Source) Actor(urn datahub.URN) ActorState {
	user, told := s.Users[urn]
	switch {
	case !told:
		return ActorUnknown
	case !user.Exists:
		return ActorMissing
	case user.Suspended:
		return ActorSuspended
	}
	return ActorActive
}

// Finding is something that breaks the policy.
type Finding struct {
	Check    Check
	Severity Severity
	Message  string         // a few words, with foreign text in it
	Source   int            // in which of the report's sources
	Token    *datahub.Token // nil: it is about the policy itself
	Related  []string       // ids of the other tokens without which it would be none
	// Accepted is the exception that allows it for a while; nil: none does.
	Accepted *Exception
}

// Report is what an audit came to.
type Report struct {
	At       time.Time
	Policy   Policy
	Sources  []Source // their tokens are those that were selected
	Findings []Finding
	Accepted []Finding // what an exception allows

	Several bool // profiles were meant: it is to be said which of them a token is of
	Unread  []Unread
}

// Audit judges those tokens of the sources that are selected.
func (p Policy) Audit(sources []Source, selection datahub.Selection, now time.Time) Report {
	report := Report{At: now, Policy: p, Sources: make([]Source, len(sources))}
	for i, source := range sources {
		judge := newJudge(p, i, source, now)
		source.Tokens = selection.Select(source.Tokens, now)
		report.Sources[i] = source
		for at := range source.Tokens {
			for _, finding := range judge.token(&source.Tokens[at]) {
				report.add(finding)
			}
		}
	}
	for _, finding := range p.expiredExceptions(now) {
		report.add(finding)
	}
	sortFindings(report.Findings)
	sortFindings(report.Accepted)
	return report
}

// add takes a finding down, among the accepted ones where an exception fits.
func (r *Report) add(f Finding) {
	for i := range r.Policy.Exceptions {
		if exception := &r.Policy.Exceptions[i]; exception.accepts(f, r.At) {
			f.Accepted = exception
			r.Accepted = append(r.Accepted, f)
			return
		}
	}
	r.Findings = append(r.Findings, f)
}

// Tokens is how many tokens were judged.
func (r Report) Tokens() int {
	count := 0
	for _, source := range r.Sources {
		count += len(source.Tokens)
	}
	return count
}

// Count is how many findings have exactly that severity.
func (r Report) Count(s Severity) int {
	count := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			count++
		}
	}
	return count
}

// AtLeast is how many findings are that grave or graver.
func (r Report) AtLeast(s Severity) int {
	count := 0
	for _, f := range r.Findings {
		if f.Severity >= s {
			count++
		}
	}
	return count
}

// Scope is the word for all sources: the narrowest, since that is as far as the
// audit saw.
func (r Report) Scope() ScopeWord {
	scope := Everybody
	for _, source := range r.Sources {
		switch {
		case source.Scope == Own:
			return Own
		case source.Scope == Named:
			scope = Named
		}
	}
	return scope
}

// Mixed reports whether the sources differ in their scopes.
func (r Report) Mixed() bool {
	return slices.ContainsFunc(r.Sources, func(s Source) bool { return s.Scope != r.Sources[0].Scope })
}

// TokenIDs are the ids of the tokens that something was found about, each once,
// in the order of the findings.
func (r Report) TokenIDs() []string {
	seen := map[string]bool{}
	ids := []string{}
	for _, f := range r.Findings {
		if f.Token != nil && !seen[f.Token.ID] {
			seen[f.Token.ID] = true
			ids = append(ids, f.Token.ID)
		}
	}
	return ids
}
