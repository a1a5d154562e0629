package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/term"
)

// topic is something to be explained that concerns several commands.
type topic struct {
	name, summary string
	text          func() string // made when it is asked for
	examples      string
	related       []string
}

// topics are all topics, in the order in which help lists them.
func topics() []topic {
	return []topic{
		{"flags", "the flags that every command takes", flagsText,
			"pat list --server http://localhost:8080 --token-file prod.token\npat whoami --profile prod --timeout 5s", []string{"environment", "formatting"}},
		{"environment", "the variables that pat reads, and those that it gives to commands", environmentText,
			"PAT_PROFILE=prod pat list\nPAT_DURATION=ONE_DAY pat create weekly", []string{"whoami", "exec", "config"}},
		{"config", "the configuration file", configText,
			"pat profile list\npat profile show prod -o yaml", []string{"profile", "login", "environment"}},
		{"filters", "whose tokens are looked at, and which of them are meant", filtersText,
			"pat list --all --expired\npat list --actor jdoe --name 'ci-*' --expiring-within 7d\npat revoke --user jdoe --created-before 90d --dry-run", []string{"list", "revoke", "rotate", "durations"}},
		{"durations", "how long a token lasts, and spans and points in time", durationsText,
			"pat create weekly --duration 90d\npat list --expiring-within 2w\npat list --created-after 2026-01-31", []string{"create", "filters"}},
		{"formatting", "the formats of results, --jq and --template", formattingText,
			`pat list -o csv
pat list -o json --jq '.[] | select(.status == "expiring") | .name'
pat list -o json --template '{{range .}}{{.name}} ends {{ago .expiresAt}}{{"\n"}}{{end}}'
pat list --all -o json --jq '.[] | [.name, .owner, .expiresAt] | @tsv'`, []string{"list", "exit-codes"}},
		{"exit-codes", "what the exit code says", exitCodesText,
			`pat whoami --min-left 7d || echo "exit code $?"`, []string{"exec", "whoami"}},
	}
}

func findTopic(name string) (topic, bool) {
	all := topics()
	if at := slices.IndexFunc(all, func(t topic) bool { return t.name == name }); at >= 0 {
		return all[at], true
	}
	return topic{}, false
}

// page is what there is to say about the topic.
func (t topic) page() Page {
	p := Page{Name: t.name, Topic: true, Summary: t.summary, Text: t.text(), Examples: lines(t.examples)}
	root := treeForReading()
	for _, name := range t.related {
		p.SeeAlso = append(p.SeeAlso, linkTo(root, name))
	}
	return p
}

// treeForReading is a command tree that nobody runs.
func treeForReading() *cobra.Command { return newRoot(newWorld(term.New(term.Streams{}))) }

// list is rows, as a page's text has them.
type list struct{ strings.Builder }

func (l *list) add(left, right string) { fmt.Fprintf(l, "  %s   %s\n", left, right) }

func flagsText() string {
	var b strings.Builder
	for _, section := range globalSections(treeForReading()) {
		var l list
		for _, flag := range section.Flags {
			l.add(flag.Spelled(), flag.Usage)
		}
		fmt.Fprintf(&b, "%s:\n\n%s\n", section.Title, l.String())
	}
	b.WriteString("Help:\n\n  -h, --help   explain the command\n  --version   print the version of pat\n")
	return b.String()
}

func durationsText() string {
	var named, lengths list
	for _, n := range datahub.DurationNames() {
		length, _ := datahub.ParseDuration(n.Name)
		named.add(n.Name, length.String())
	}
	lengths.add("12h, 90d, 2w, 3mo, 1y", "hours, days, weeks, months of 30 days, years of 365; also s and min")
	lengths.add("1d12h", "the larger unit first; m alone is refused, for it could be minutes or months")
	lengths.add("PT12H, P90D, P1Y", "ISO-8601")
	return `How long a new token lasts is said with --duration, else PAT_DURATION, else the
profile, else it is one hour. DataHub knows these by name, in any case and with -
for _:

` + named.String() + `
Other lengths are taken by releases of DataHub that allow them:

` + lengths.String() + `
A length that equals a name is sent as the name. A token without an end also needs
--allow-no-expiry.

--expiring-within, --superseded-for and --min-left take a length. --created-before
and --created-after take a length before now, --ends-before one after now; all three
also take a date (2026-11-22, its first moment here) or a time (2026-11-22T08:00:00Z).
`
}

func formattingText() string {
	var formats, functions list
	for _, f := range render.Formats() {
		formats.add(string(f), f.Summary())
	}
	for _, f := range render.TemplateFunctions() {
		functions.add(f.Usage, f.Summary)
	}
	return `stdout carries the result and nothing else; all that is said beside it goes to
stderr. -o says in which format:

` + formats.String() + `
With nothing to show there is [] in json and yaml, a header in csv and tsv, and
nothing in the others. Times are RFC 3339 in UTC, null where there is none. Fields are
only ever added. The schemas of all JSON are in docs/schemas. With -o json a failure
too is JSON, one line on stderr: {"error": {kind, exitCode, message, server, hint}}.

--jq QUERY gives what a jq query makes of the JSON; texts come without quotes, each on
a line. --template TEMPLATE does the same with a template of Go, which beside Go's own
functions has:

` + functions.String() + `
Colour is used on a terminal, unless --color never, NO_COLOR, CLICOLOR=0 or TERM=dumb
say otherwise; --color always and CLICOLOR_FORCE use it everywhere.
`
}

func filtersText() string {
	var scope, selection list
	everybody, picked := filterFlags()
	for _, f := range everybody {
		scope.add(f.Spelled(), f.Usage)
	}
	for _, f := range picked {
		selection.add(f.Spelled(), f.Usage)
	}
	return `The scope says whose tokens are looked at: those that you created, unless one of
these widens it. The owner created a token, the actor is whom it represents.

` + scope.String() + `
The selection picks among them. All that is given must hold.

` + selection.String() + `
--expired, --expiring-within and --never-expires exclude each other. A name is compared
as a whole and with its case. USER is a user name, a URN or me.

list, revoke, rotate and audit take the same, but that audit looks at everybody's tokens
as it is, and with --all fails where it may not. For revoke and rotate --all selects
nothing by itself. In scripts they need --yes, and where a selection says what goes --max.
`
}

// filterFlags are the flags for scope and selection.
func filterFlags() (scope, selection []Flag) {
	first, second := &cobra.Command{}, &cobra.Command{}
	new(scopeFlags).bind(first)
	new(selectionFlags).bind(second, "name")
	first.Flags().SortFlags, second.Flags().SortFlags = false, false
	return localFlags(first), localFlags(second)
}

func exitCodesText() string {
	var own, run list
	for _, c := range exitCodes {
		own.add(fmt.Sprint(c.code), c.meaning)
	}
	for _, c := range runCodes {
		run.add(c.word(), c.meaning)
	}
	return `A command ends with one of these:

` + own.String() + `
pat exec ends as the command that it runs, with its exit code. Where there is none:

` + run.String()
}
