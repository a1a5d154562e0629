// Package render puts results into the formats that a user asked for: tables
// for people, and machine formats that keep the data.
//
// It is generic: it knows nothing of tokens, servers or terminals, and is told
// what it needs (whether the output is a terminal, how wide, whether to colour)
// in an [Output]. All foreign text is made safe here, in one place: cells for
// people are lines of [sanitize.Line], csv cells start no formula, JSON and YAML
// keep the data and escape what a terminal would obey.
//
// Every result is written in one piece, so that what fails to render leaves
// nothing half-written; errors of the writer are returned.
package render

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// Format is one of the forms that a result can take.
type Format string

// The formats. The empty Format is [Table].
const (
	Table Format = "table" // aligned on a terminal, tab-separated without a header elsewhere
	Wide  Format = "wide"  // the table with all columns
	JSON  Format = "json"  // indented; an array for lists
	JSONL Format = "jsonl" // one compact object a line
	YAML  Format = "yaml"
	CSV   Format = "csv" // with a header, all columns, exact values
	TSV   Format = "tsv" // likewise, separated by tabs
	ID    Format = "id"  // one identifier a line
)

// Formats is all formats, in the order in which help lists them.
func Formats() []Format { return []Format{Table, Wide, JSON, JSONL, YAML, CSV, TSV, ID} }

// Summary is what the format is, for help.
func (f Format) Summary() string {
	return map[Format]string{
		Table: "the default: aligned and fitted to a terminal; piped separated by tabs, without a header, with exact times and full ids",
		Wide:  "the table with all columns",
		JSON:  "one document; an array for lists",
		JSONL: "one object a line, for lists as they come",
		YAML:  "the same as YAML",
		CSV:   "with a header; no cell starts a formula",
		TSV:   "likewise, separated by tabs",
		ID:    "one id a line, as pat revoke - reads them",
	}[f]
}

// ParseFormat is the format called s, in any case; the empty word is [Table]. The
// error for any other word is of kind [failure.Usage] and lists the formats.
func ParseFormat(s string) (Format, error) {
	f := Format(strings.ToLower(s))
	if f == "" {
		return Table, nil
	}
	if slices.Contains(Formats(), f) {
		return f, nil
	}
	var names []string
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return "", failure.Mistyped("format", "formats", s, names)
}

// Output is how a result is to be written.
type Output struct {
	Format   Format
	JQ       string // a jq query over the JSON; empty for none
	Template string // a Go template over the JSON; empty for none
	Terminal bool   // the writer is a terminal
	Width    int    // columns of the terminal; 0 for no limit
	Colour   bool   // tables for people are coloured

	// Stopped is done when the user does not want the result any more: a query
	// may go on for ever. Nil: never.
	Stopped context.Context

	// Now is what relative times in templates are relative to; the time of
	// writing where it is zero.
	Now time.Time
}

// Validate is an error of kind [failure.Usage] if a query or template is wrong,
// if there are both, or if the format is not json. Asked before any work is
// done, it saves a request whose result could not be shown.
func (o Output) Validate() error {
	switch {
	case o.JQ == "" && o.Template == "":
		return nil
	case o.JQ != "" && o.Template != "":
		return failure.New(failure.Usage, "--jq and --template exclude each other")
	case o.Format != JSON && o.JQ != "":
		return failure.New(failure.Usage, "--jq works on json").WithHint("add -o json")
	case o.Format != JSON:
		return failure.New(failure.Usage, "--template works on json").WithHint("add -o json")
	case o.JQ != "":
		_, err := compileQuery(o.JQ)
		return err
	}
	_, err := o.compileTemplate()
	return err
}

// Structured reports whether the format writes records by their json tags: it
// can hold what columns cannot.
func (o Output) Structured() bool {
	return o.Format == JSON || o.Format == JSONL || o.Format == YAML
}

// format is the format with the default filled in.
func (o Output) format() Format {
	if o.Format == "" {
		return Table
	}
	return o.Format
}

// now is the time that relative times are relative to.
func (o Output) now() time.Time {
	if o.Now.IsZero() {
		return time.Now()
	}
	return o.Now
}
