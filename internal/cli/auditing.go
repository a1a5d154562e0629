package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/audit/report"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// auditing is one run of `pat audit`.
type auditing struct {
	w         *world
	out       render.Output
	special   string // the format, where only audits have it
	scope     *scopeFlags
	selection datahub.Selection
	policy    audit.Policy
	failOn    audit.Severity
	all       *instances
	now       time.Time // at which tokens are judged
	stored    storedAt  // filled while the instances are read
}

// storedAt is the ids of the tokens that this machine keeps, by server.
type storedAt map[string]map[string]bool

// tell judges what was read, shows it and says how it ended. That some instance
// could not be read comes before what was found in the others: nobody should take
// the code of an audit that is not whole for that of one that is.
func (job *auditing) tell(sources []audit.Source, failed error) error {
	result := job.policy.Audit(sources, job.selection, job.now)
	result.Several, result.Unread = job.all.several(), unreadIn(failed)
	if err := job.write(result); err != nil {
		return err
	}
	job.w.notice("%s", summary(result))
	grave := result.AtLeast(job.failOn)
	if grave == 0 {
		return failed
	}
	found := failure.New(failure.Found, "%s as grave as --fail-on %s", counted(grave, "finding is", "findings are"), job.failOn).
		WithHint("`pat audit --help` says how to change the policy and how to except a token for a while")
	if failed != nil {
		job.w.notice("%s", found.Message)
		return failed
	}
	return found
}

// unreadIn are the profiles that could not be read, by the failure of all.
func unreadIn(failed error) []audit.Unread {
	var some *unreadProfiles
	if !errors.As(failed, &some) {
		return nil
	}
	unread := make([]audit.Unread, len(some.names))
	for i, name := range some.names {
		told := failure.Of(some.errs[i])
		unread[i] = audit.Unread{
			Profile: name, Kind: told.Kind,
			Message: sanitize.Message(strings.TrimPrefix(told.Error(), "profile "+name+": ")),
		}
	}
	return unread
}

// write shows the result.
func (job *auditing) write(result audit.Report) error {
	stdout := job.w.Stdout()
	about := report.About{Program: "pat " + buildVersion().Version, Selected: !job.selection.Empty(), FailOn: job.failOn}
	switch job.special {
	case asPage:
		return report.WritePage(stdout, result, about)
	case asJUnit:
		return report.WriteJUnit(stdout, result, about)
	}
	view := auditView(job.out, result)
	switch job.out.Format {
	case render.JSON, render.YAML:
		return render.WriteObject(stdout, job.out, auditRecordOf(result, job.stored))
	case render.ID:
		return auditIDs.Write(stdout, job.out, result.TokenIDs())
	}
	return view.Write(stdout, job.out, findingRecords(result, result.Findings, job.stored))
}

// summary is the result in a line: what was found, in how many tokens, whose.
func summary(r audit.Report) string {
	var parts []string
	for _, s := range []struct {
		severity  audit.Severity
		one, many string
	}{{audit.Error, "error", "errors"}, {audit.Warning, "warning", "warnings"}, {audit.Info, "info", "info"}} {
		if n := r.Count(s.severity); n > 0 {
			parts = append(parts, counted(n, s.one, s.many))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing found"}
	}
	text := fmt.Sprintf("%s in %s (%s)", strings.Join(parts, ", "), counted(r.Tokens(), "token", "tokens"), whoseTokens(r))
	if n := len(r.Accepted); n > 0 {
		text += fmt.Sprintf("; %d accepted by exceptions", n)
	}
	return text
}

// whoseTokens says whose tokens were looked at, for each instance where that differs.
func whoseTokens(r audit.Report) string {
	if !r.Mixed() {
		return scopeWords[r.Scope()]
	}
	parts := make([]string, len(r.Sources))
	for i, source := range r.Sources {
		parts[i] = source.Profile + ": " + scopeWords[source.Scope]
	}
	return strings.Join(parts, ", ")
}

// scopeWords say, for people, whose tokens were looked at.
var scopeWords = map[audit.ScopeWord]string{
	audit.Everybody: "everybody's", audit.Own: "only your own", audit.Named: "of the users named",
}
