package cli

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/audit/report"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
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
}

// tell judges what was read, shows it and says how it ended.
func (job *auditing) tell(sources []audit.Source) error {
	result := job.policy.Audit(sources, job.selection, job.w.now())
	if err := job.write(result); err != nil {
		return err
	}
	job.w.notice("%s", summary(result))
	if grave := result.AtLeast(job.failOn); grave > 0 {
		return failure.New(failure.Found, "%s as grave as --fail-on %s", counted(grave, "finding is", "findings are"), job.failOn).
			WithHint("`pat audit --help` says how to change the policy and how to except a token for a while")
	}
	return nil
}

// write shows the result.
func (job *auditing) write(result audit.Report) error {
	stored, err := job.storedIDs()
	if err != nil {
		return err
	}
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
		return render.WriteObject(stdout, job.out, auditRecordOf(result, stored))
	case render.ID:
		return auditIDs.Write(stdout, job.out, result.TokenIDs())
	}
	return view.Write(stdout, job.out, findingRecords(result, result.Findings, stored))
}

// storedIDs are the ids of tokens that this machine keeps for the server in use.
func (job *auditing) storedIDs() (map[string]bool, error) {
	if job.w.knownClient == nil {
		return nil, nil
	}
	stored, err := job.w.storedHere(job.w.knownClient.Address())
	return idsOf(stored), err
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
	text := fmt.Sprintf("%s in %s (%s)", strings.Join(parts, ", "), counted(r.Tokens(), "token", "tokens"), scopeWords[r.Scope()])
	if n := len(r.Accepted); n > 0 {
		text += fmt.Sprintf("; %d accepted by exceptions", n)
	}
	return text
}

// scopeWords say, for people, whose tokens were looked at.
var scopeWords = map[audit.ScopeWord]string{
	audit.Everybody: "everybody's", audit.Own: "only your own", audit.Named: "of the users named",
}
