package audit

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
)

// Policy is what tokens are held against.
type Policy struct {
	Path       string // of its file; empty: it is the default
	Rules      map[Check]Rule
	Exceptions []Exception
}

// Rule is how one check is made.
type Rule struct {
	Severity Severity
	Limit    time.Duration // of the checks that have one
	Names    []string      // of the check for left-overs: patterns as in --name
}

// Exception allows findings for a while. All conditions that are set must hold,
// and one of them is.
type Exception struct {
	ID           string // of the one token it is for
	Name         string // a pattern as in --name
	Actor, Owner datahub.URN
	Checks       []Check // that it is for; empty: all
	Reason       string
	Until        time.Time // the moment from which it allows nothing more
	Line         int       // in the policy's file
}

// DefaultText is the default policy as a file.
//
//go:embed default-policy.yaml
var DefaultText string

// Default is the policy where none is given.
func Default() Policy {
	policy, err := parsePolicy("", []byte(DefaultText), map[Check]Rule{})
	if err != nil {
		panic("the embedded policy: " + err.Error())
	}
	return policy
}

// AsksForActors reports whether it matters who is still there.
func (p Policy) AsksForActors() bool {
	return slices.ContainsFunc([]Check{ActorGone, ActorLocked, ActorUntold}, func(c Check) bool {
		return p.Rules[c].Severity > Off
	})
}

// JudgesAlone reports whether the selected tokens can be judged without the
// others in scope. About those that have expired there is nothing to compare.
func (p Policy) JudgesAlone(selected datahub.Selection) bool {
	compares := p.Rules[NotRotated].Severity > Off || p.Rules[DuplicateName].Severity > Off
	return !selected.NeedsAll() && (selected.Expired || !compares)
}

// accepts reports whether the exception allows what was found.
func (e *Exception) accepts(f Finding, now time.Time) bool {
	return f.Token != nil && now.Before(e.Until) && e.isFor(*f.Token, now) &&
		(len(e.Checks) == 0 || slices.Contains(e.Checks, f.Check))
}

// isFor reports whether the exception is about a token.
func (e *Exception) isFor(t datahub.Token, now time.Time) bool {
	return (e.ID == "" || e.ID == t.ID) &&
		(datahub.Selection{Name: e.Name}).Matches(t, now) &&
		(e.Actor == "" || e.Actor == t.Actor) && (e.Owner == "" || e.Owner == t.Owner)
}

// What says, for people, which tokens the exception is for.
func (e *Exception) What() string {
	var parts []string
	for _, part := range []struct{ word, value string }{
		{"token", e.ID}, {"name", e.Name}, {"actor", e.Actor.Username()}, {"owner", e.Owner.Username()},
	} {
		if part.value != "" {
			parts = append(parts, part.word+" "+part.value)
		}
	}
	return strings.Join(parts, ", ")
}

// LastDay is the last day on which the exception allows something, in UTC.
func (e *Exception) LastDay() string {
	return e.Until.Add(-time.Nanosecond).UTC().Format(time.DateOnly)
}

// expiredExceptions are the exceptions that allow nothing any more.
func (p Policy) expiredExceptions(now time.Time) []Finding {
	severity := p.Rules[ExceptionOver].Severity
	var found []Finding
	for i := range p.Exceptions {
		e := &p.Exceptions[i]
		if severity == Off || now.Before(e.Until) {
			continue
		}
		found = append(found, Finding{
			Check: ExceptionOver, Severity: severity,
			Message: fmt.Sprintf("the exception for %s ended on %s (line %d): %s", e.What(), e.LastDay(), e.Line, e.Reason),
		})
	}
	return found
}
