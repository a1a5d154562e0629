package cli

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/doctor"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// doctorLimit is how long each thing may take that doctor waits for, unless
// --timeout says otherwise: other commands wait longer, who asks the doctor
// wants to know.
const doctorLimit = 5 * time.Second

func newDoctor(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Find out why it does not work, and what to do",
		Long: `Look at everything that can keep tokens from working, and say of each what was
found and what to do: the address and who names it, the way to the server (proxy,
name, connection, TLS), what answers there, its release and clock, whether it
checks tokens, the credential and whether it is accepted, its privileges, how long
tokens may live, the keyring, the files and variables that pat and DataHub's own
client read, and what was left open. It works with nothing configured too.

Each line begins with a mark: ✓ ok, ! warning, ✗ problem, - skipped, because there
is nothing to look at or what it depends on failed. Nothing is changed: the keyring
is tried with an entry that is removed at once, and nobody is asked anything. What
is plainly no DataHub does not get to see the credential. Each check may take five
seconds, or --timeout.

The exit code is 0 unless there is a problem, then 10 (found), whichever it is:
the "kind" of each problem in -o json says what other commands fail with. -o json
is an array of {check, result, value, found, advice, kind}.

Use it when something does not work, and send what it says to whoever shall help:
there are no secrets in it.`,
		Example: `  pat doctor
  pat doctor --profile prod
  pat doctor --server https://datahub.example.com
  pat doctor -o json --jq '.[] | select(.result == "problem") | .check'`,
		GroupID:     groupAccess,
		Annotations: seeAlso("whoami", "login", "config", "environment").prints("doctor"),

		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), w) },
	}
}

func runDoctor(ctx context.Context, w *world) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	findings, err := doctor.Examine(ctx, w.surroundings())
	if err != nil {
		return err
	}
	if err := writeFindings(w, out, findings); err != nil {
		return err
	}
	return foundProblems(findings)
}

// surroundings are this machine, for the doctor, who asks nobody anything and
// waits for nothing long.
func (w *world) surroundings() doctor.Surroundings {
	keys := sync.OnceValues(w.quietKeyring)
	sources := w.sources()
	sources.Config = sync.OnceValues(sources.Config)
	sources.Keyring = func() (session.Keyring, error) { return keys() }
	s := doctor.Surroundings{
		Sources: sources, Keys: func() (doctor.Keys, error) { return keys() },
		Open: w.openOperations, Now: w.now,
		Until: func(t time.Time) string { return render.Until(t, w.now()) },
		Limit: doctorLimit,
	}
	if w.global.timeout > 0 {
		s.Limit = w.global.timeout
	}
	s.Sources.CommandLimit = s.Limit
	s.Way = func(pair session.Pair) (transport.Options, error) {
		pair.Timeout = s.Limit
		return w.way(pair)
	}
	s.Connect = func(pair session.Pair) (*datahub.Client, error) {
		way, err := s.Way(pair)
		if err != nil {
			return nil, err
		}
		return datahub.Connect(pair.Server, way, datahub.Options{Now: w.now})
	}
	if store, err := w.store(); err == nil {
		s.ConfigPath = store.Path
	}
	s.StateFolder, _ = w.stateFolder()
	return s
}

// checkRecord is what one check came to, as the machine formats show it.
// Fields are only ever added: see docs/schemas/doctor.json.
type checkRecord struct {
	Check  doctor.Check  `json:"check"`
	Result doctor.Result `json:"result"`
	Value  *string       `json:"value"`
	Found  string        `json:"found"`
	Advice *string       `json:"advice"`
	Kind   *string       `json:"kind"`
}

// recordOfCheck is a finding with its foreign words made safe.
func recordOfCheck(f doctor.Finding) checkRecord {
	kind := string(f.Kind)
	return checkRecord{
		Check: f.Check, Result: f.Result, Value: messageOrNull(f.Value), Found: safeList(f.Found),
		Advice: textOrNull(safeList(f.Advice)), Kind: messageOrNull(kind),
	}
}

// findingParts is what stands between the parts of a finding that has several.
const findingParts = "; "

// safeList makes each part of a text safe, so that none is cut off for the
// length of another.
func safeList(text string) string {
	parts := strings.Split(text, findingParts)
	for i, part := range parts {
		parts[i] = sanitize.Message(part)
	}
	return strings.Join(parts, findingParts)
}

// writeFindings writes what was found.
func writeFindings(w *world, out render.Output, findings []doctor.Finding) error {
	records := make([]checkRecord, len(findings))
	for i, f := range findings {
		records[i] = recordOfCheck(f)
	}
	if people := out.Format == render.Table || out.Format == render.Wide; !people || !out.Terminal {
		return checkView().Write(w.Stdout(), out, records)
	}
	remarks := make([]render.Remark, len(records))
	for i, r := range records {
		mark := marks[r.Result]
		remarks[i] = render.Remark{Mark: mark.sign, Style: mark.style, Name: string(r.Check), Text: r.Found, Advice: textOrEmpty(r.Advice)}
	}
	return render.WriteRemarks(w.Stdout(), out, remarks)
}

// marks are how results look.
var marks = map[doctor.Result]struct {
	sign  string
	style render.Style
}{
	doctor.OK: {"✓", render.Green}, doctor.Warning: {"!", render.Yellow},
	doctor.Problem: {"✗", render.Red}, doctor.Skipped: {"-", render.Dim},
}

func checkView() render.View[checkRecord] {
	return render.View[checkRecord]{
		ID: func(r checkRecord) string { return string(r.Check) },
		Columns: []render.Column[checkRecord]{
			{Name: "Result", Text: func(r checkRecord) string { return string(r.Result) }, Style: func(r checkRecord) render.Style { return marks[r.Result].style }},
			{Name: "Check", Text: func(r checkRecord) string { return string(r.Check) }},
			{Name: "Value", WideOnly: true, Text: func(r checkRecord) string { return textOrEmpty(r.Value) }},
			{Name: "Found", Text: func(r checkRecord) string { return r.Found }},
			{Name: "Advice", Text: func(r checkRecord) string { return textOrEmpty(r.Advice) }},
			{Name: "Kind", WideOnly: true, Text: func(r checkRecord) string { return textOrEmpty(r.Kind) }},
		},
	}
}

// foundProblems is the failure of what does not work.
func foundProblems(findings []doctor.Finding) error {
	var problems []string
	hint := "what to do is said with each"
	for _, f := range findings {
		if f.Result != doctor.Problem {
			continue
		}
		problems = append(problems, string(f.Check))
		if f.Advice == "" {
			hint = ""
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return failure.New(failure.Found, "%s: %s", counted(len(problems), "problem", "problems"), strings.Join(problems, ", ")).
		WithHint("%s", hint)
}
