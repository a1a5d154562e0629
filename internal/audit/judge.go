package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
)

// judge holds the tokens of one source against the policy.
type judge struct {
	policy   Policy
	at       int // of the source
	source   Source
	now      time.Time
	replaced map[string]bool // ids of those that have a newer active one like them
	alike    map[called][]string
}

// called is what may be told apart by nobody: one name for one actor.
type called struct {
	name  string
	actor datahub.URN
}

// newJudge learns what a token can only be judged by among all those in scope.
func newJudge(p Policy, at int, source Source, now time.Time) *judge {
	j := &judge{policy: p, at: at, source: source, now: now, replaced: map[string]bool{}, alike: map[called][]string{}}
	for _, t := range (datahub.Selection{SupersededFor: 1}).Select(source.Tokens, now) {
		j.replaced[t.ID] = true
	}
	for _, t := range source.Tokens {
		if !ended(t, now) {
			who := called{t.Name, t.Actor}
			j.alike[who] = append(j.alike[who], t.ID)
		}
	}
	return j
}

func ended(t datahub.Token, now time.Time) bool { return t.StatusAt(now) == datahub.Expired }

// token is what there is to say about a token. About one that has ended it is
// only that: nothing else about it matters any more.
func (j *judge) token(t *datahub.Token) []Finding {
	checks := []struct {
		check Check
		look  func(*datahub.Token) (message string, related []string)
	}{
		{ActorGone, j.actorGone}, {ActorLocked, j.actorLocked}, {ActorUntold, j.actorUntold},
		{NeverExpires, j.neverExpires}, {LivesTooLong, j.livesTooLong}, {NotRotated, j.notRotated},
		{ForAnother, j.forAnother}, {LeftoverName, j.leftover}, {DuplicateName, j.duplicate},
		{ExpiredListed, j.expired},
	}
	var found []Finding
	for _, c := range checks {
		severity := j.policy.Rules[c.check].Severity
		if severity == Off || ended(*t, j.now) != (c.check == ExpiredListed) {
			continue
		}
		if message, related := c.look(t); message != "" {
			found = append(found, Finding{Check: c.check, Severity: severity, Message: message, Source: j.at, Token: t, Related: related})
		}
	}
	return found
}

func (j *judge) actorGone(t *datahub.Token) (string, []string) {
	if j.source.Actor(t.Actor) != ActorMissing {
		return "", nil
	}
	return fmt.Sprintf("DataHub knows no user %s", t.Actor.Username()), nil
}

func (j *judge) actorLocked(t *datahub.Token) (string, []string) {
	if j.source.Actor(t.Actor) != ActorSuspended {
		return "", nil
	}
	return fmt.Sprintf("%s is suspended", t.Actor.Username()), nil
}

func (j *judge) actorUntold(t *datahub.Token) (string, []string) {
	if j.source.Actor(t.Actor) != ActorUnknown {
		return "", nil
	}
	return fmt.Sprintf("the server does not tell about %s", t.Actor.Username()), nil
}

func (j *judge) neverExpires(t *datahub.Token) (string, []string) {
	if !t.NeverExpires() {
		return "", nil
	}
	return fmt.Sprintf("never expires; %s old", inDays(j.now.Sub(t.CreatedAt))), nil
}

func (j *judge) livesTooLong(t *datahub.Token) (string, []string) {
	length, limit := t.ExpiresAt.Sub(t.CreatedAt), j.policy.Rules[LivesTooLong].Limit
	if t.NeverExpires() || length <= limit {
		return "", nil
	}
	return fmt.Sprintf("lives %s, limit %s", inDays(length), inDays(limit)), nil
}

func (j *judge) notRotated(t *datahub.Token) (string, []string) {
	age, limit := j.now.Sub(t.CreatedAt), j.policy.Rules[NotRotated].Limit
	if age <= limit || j.replaced[t.ID] {
		return "", nil
	}
	return fmt.Sprintf("%s old, limit %s; no successor", inDays(age), inDays(limit)), nil
}

// forAnother leaves service accounts alone: their tokens are made by people
// in no other way.
func (j *judge) forAnother(t *datahub.Token) (string, []string) {
	if t.Owner == t.Actor || t.Actor.IsServiceAccount() {
		return "", nil
	}
	return fmt.Sprintf("made by %s for %s", t.Owner.Username(), t.Actor.Username()), nil
}

func (j *judge) leftover(t *datahub.Token) (string, []string) {
	for _, pattern := range j.policy.Rules[LeftoverName].Names {
		if (datahub.Selection{Name: pattern}).Matches(*t, j.now) {
			return "named as " + cmp.Or(tools[pattern], "a tool") + " does: " + pattern, nil
		}
	}
	return "", nil
}

// tools are who makes tokens with such names.
var tools = map[string]string{
	"cli token *":                   "DataHub's own command line", // datahub init
	"juju-managed-ingestion-token*": "Canonical's charm for DataHub",
}

func (j *judge) duplicate(t *datahub.Token) (string, []string) {
	ids := j.alike[called{t.Name, t.Actor}]
	if len(ids) < 2 {
		return "", nil
	}
	const most = 10 // hundreds of tokens alike would name each other in squares
	others := make([]string, 0, min(len(ids), most))
	for _, id := range ids {
		if len(others) == most {
			break
		}
		if id != t.ID {
			others = append(others, id)
		}
	}
	return fmt.Sprintf("one of %d active tokens so named for %s", len(ids), t.Actor.Username()), others
}

func (j *judge) expired(t *datahub.Token) (string, []string) {
	return fmt.Sprintf("expired %s ago, still listed", inDays(j.now.Sub(t.ExpiresAt))), nil
}

// inDays is a length of time in whole days, or in hours where it is short.
func inDays(d time.Duration) string {
	const day = 24 * time.Hour
	n, unit := int(d/day), "day"
	if d < 2*day {
		n, unit = int(d/time.Hour), "hour"
	}
	switch n {
	case 0:
		return "less than an hour"
	case 1:
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// sortFindings puts the gravest first; equals by check, name and id, so that the
// order is the same in every run.
func sortFindings(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Check.rank(), b.Check.rank()),
			cmp.Compare(a.Source, b.Source), compareTokens(a.Token, b.Token),
		)
	})
}

func compareTokens(a, b *datahub.Token) int {
	if a == nil || b == nil {
		return 0
	}
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}
