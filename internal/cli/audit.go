package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
)

// The formats that only an audit has.
const (
	asPage  = "html"
	asJUnit = "junit"
)

type auditOptions struct {
	scope       scopeFlags
	selection   selectionFlags
	policy      string
	failOn      string
	printPolicy bool
	format      string // as given
}

func newAudit(w *world) *cobra.Command {
	o := &auditOptions{}
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Find tokens that break a policy, for people, for CI and for auditors",
		Long: `Find tokens that break a policy: that never expire, live too long, were not
rotated, have expired and are still listed, represent somebody who was suspended
or removed, were made by somebody for somebody else, share a name, or were left
over by a tool. The policy is a YAML file; --print-policy shows the default one,
which is a start for your own. It can except tokens, with a reason and a date.

It looks at everybody's tokens. Without the privilege Manage All Access Tokens it
looks at those you created, and says so; with --all that is a failure instead.
DataHub does not record when a token was last used, so that nothing is found about
that.

Several --profile, or --all-profiles, audit several instances at once, each with
its own credential and judged by itself, and say which profile a token is of. An
instance that cannot be read is named on stderr and in the report.

The exit code is 10 where something is found that is as grave as --fail-on. It is 7
where some instance could not be read, whatever is found in the others.
-o junit is for CI, -o html one page that can be sent to an auditor.

Use it now and then by hand, and each night in CI.`,
		Example: `  pat audit
  pat audit --print-policy >policy.yaml
  pat audit --all --policy policy.yaml -o junit >audit.xml
  pat audit -o html >audit.html
  pat audit --all-profiles -o html >audit.html
  pat audit --user jdoe -o json --jq '.findings[].message'
  pat audit --expired --fail-on info -o id`,
		GroupID:     groupTokens,
		Annotations: seeAlso("list", "inspect", "revoke", "rotate", "filters").prints("audit", "audit-findings"),

		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runAudit(cmd, w, o) },
	}
	o.bind(cmd, w)
	return cmd
}

func (o *auditOptions) bind(cmd *cobra.Command, w *world) {
	f := cmd.Flags()
	f.SortFlags = false
	f.Var((*filled)(&o.policy), "policy", "file with the policy; - reads stdin (default: see --print-policy)")
	f.StringVar(&o.failOn, "fail-on", audit.Warning.String(), "exit with 10 when something this grave is found: info, warning, error, or never")
	f.BoolVar(&o.printPolicy, "print-policy", false, "print the default policy, and do nothing else")
	o.scope.bind(cmd)
	f.Lookup("all").Usage = "everybody's tokens or none: fail where you may not see them"
	o.selection.bind(cmd, "name")
	w.bindAllProfiles(cmd)
	f.StringVarP(&o.format, "output", "o", string(render.Table), "format: table, wide, json, jsonl, yaml, csv, tsv, id, html or junit")
}

func runAudit(cmd *cobra.Command, w *world, o *auditOptions) error {
	ctx, cancel := w.withDeadline(cmd.Context())
	defer cancel()
	job, err := o.parse(w)
	if err != nil {
		return err
	}
	if o.printPolicy {
		return w.printPolicy(o)
	}
	if job.all, err = w.instances(); err != nil {
		return err
	}
	if job.policy, err = w.auditPolicy(o.policy); err != nil {
		return err
	}
	sources, failed := atEach(ctx, job.all, job.readFrom)
	if failed != nil && len(sources) == 0 {
		return failed
	}
	return job.tell(sources, failed)
}

// parse reads the options, before anything is asked of anybody.
func (o *auditOptions) parse(w *world) (job auditing, err error) {
	job = auditing{w: w, scope: &o.scope, special: strings.ToLower(o.format), now: w.now(), stored: storedAt{}}
	switch job.special {
	case asPage, asJUnit:
		if w.global.jq != "" || w.global.template != "" {
			return job, failure.New(failure.Usage, "--jq and --template work on json, not on %s", job.special)
		}
	default:
		job.special, w.global.output = "", o.format
	}
	if job.out, err = w.output(); err != nil {
		return job, withAuditFormats(err)
	}
	if job.failOn, err = parseFailOn(o.failOn); err != nil {
		return job, err
	}
	job.selection, err = o.selection.selection(job.now)
	return job, err
}

// withAuditFormats adds the formats that only an audit has to a list of formats.
func withAuditFormats(err error) error {
	told := *failure.Of(err)
	if strings.HasPrefix(told.Hint, "the formats are") {
		told.Hint += ", " + asPage + ", " + asJUnit
	}
	return &told
}

// failNever is graver than all there is.
const failNever = audit.Error + 1

func parseFailOn(word string) (audit.Severity, error) {
	if word == "never" {
		return failNever, nil
	}
	severity, err := audit.ParseSeverity(word)
	if err != nil || severity == audit.Off {
		return 0, failure.New(failure.Usage, "--fail-on takes info, warning, error or never, not %.20q", word)
	}
	return severity, nil
}
