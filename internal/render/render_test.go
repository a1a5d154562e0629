package render_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/goldentest"
	"github.com/datahub-pat/pat/internal/render"
)

// ship is a record to render.
type ship struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Captain string     `json:"captain"`
	Port    *string    `json:"homePort"`
	Built   time.Time  `json:"built"`
	Ends    *time.Time `json:"retiresAt"`
	Crew    int        `json:"crew"`
	Flags   []string   `json:"flags"`
	Status  string     `json:"status"`
}

var now = time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

var ships = []ship{
	{
		ID: "d8e8fca2dc0f896fd7cb4cb0031ba249", Name: "Endeavour", Captain: "jdoe", Port: ptr("Whitby"),
		Built: at("2026-11-19T15:00:00Z"), Ends: ptr(at("2026-11-22T18:30:00Z")), Crew: 94,
		Flags: []string{"🇬🇧"}, Status: "expiring",
	},
	{
		ID: "126a8a51b9d1bbd07fddc65819a542c3", Name: "氷川丸 👍🏽 ❤️ museum ship", Captain: "山田",
		Built: at("2025-01-01T00:00:00Z"), Crew: 0, Flags: []string{"🇯🇵", "museum"}, Status: "active",
	},
	{
		ID: "3e7705498e8be60520841409ebc69bc1", Name: "Flying\nDutchman \x1b[31m\u202e\u200b", Captain: "=1+1",
		Port: ptr("none\tat all"), Built: at("2026-11-22T15:59:30Z"), Ends: ptr(at("2020-01-01T00:00:00Z")),
		Crew: -1, Flags: []string{}, Status: "expired",
	},
}

func statusStyle(s ship) render.Style {
	return map[string]render.Style{"active": render.Green, "expiring": render.Yellow, "expired": render.Red}[s.Status]
}

func port(s ship) string {
	if s.Port == nil {
		return ""
	}
	return *s.Port
}

var fleet = render.View[ship]{
	ID: func(s ship) string { return s.ID },
	Columns: []render.Column[ship]{
		{Name: "Name", Text: func(s ship) string { return s.Name }, Shrink: true},
		{Name: "ID", Text: func(s ship) string { return s.ID[:8] }, Exact: func(s ship) string { return s.ID }},
		{Name: "Captain", Exact: func(s ship) string { return s.Captain }, Drop: 3, Shrink: true},
		{Name: "Home port", Text: port, Drop: 1},
		{
			Name: "BUILT AT", Text: func(s ship) string { return render.Ago(s.Built, now) },
			Exact: func(s ship) string { return s.Built.Format(time.RFC3339) }, Drop: 2,
		},
		{Name: "Crew", Text: func(s ship) string { return fmt.Sprint(s.Crew) }, WideOnly: true, Drop: 1},
		{Name: "Status", Text: func(s ship) string { return s.Status }, Style: statusStyle},
	},
}

func show(t *testing.T, out render.Output, records []ship) string {
	t.Helper()
	var b strings.Builder
	if err := fleet.Write(&b, out, records); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, out := range map[string]render.Output{
		"table-40":     {Terminal: true, Width: 40},
		"table-80":     {Terminal: true, Width: 80},
		"table-160":    {Terminal: true, Width: 160},
		"table-colour": {Terminal: true, Width: 80, Colour: true},
		"wide-40":      {Format: render.Wide, Terminal: true, Width: 40},
		"wide-80":      {Format: render.Wide, Terminal: true, Width: 80},
		"wide-160":     {Format: render.Wide, Terminal: true, Width: 160},
		"table-piped":  {Format: render.Table, Width: 40},
		"piped-colour": {Format: render.Table, Width: 40, Colour: true},
		"wide-piped":   {Format: render.Wide},
		"json":         {Format: render.JSON, Colour: true},
		"jsonl":        {Format: render.JSONL},
		"yaml":         {Format: render.YAML},
		"csv":          {Format: render.CSV, Colour: true},
		"tsv":          {Format: render.TSV, Colour: true},
		"id":           {Format: render.ID, Colour: true},
	} {
		t.Run(name, func(t *testing.T) {
			goldentest.Check(t, filepath.Join("testdata", name+".golden"), []byte(show(t, out, ships)))
		})
	}
}

func TestNothingToShow(t *testing.T) {
	header := "name,id,captain,homePort,builtAt,crew,status\n"
	for format, want := range map[render.Format]string{
		render.Table: "", render.Wide: "", render.ID: "", render.JSONL: "", "": "",
		render.JSON: "[]\n", render.YAML: "[]\n",
		render.CSV: header, render.TSV: strings.ReplaceAll(header, ",", "\t"),
	} {
		for _, terminal := range []bool{false, true} {
			for _, none := range [][]ship{nil, {}} {
				if got := show(t, render.Output{Format: format, Terminal: terminal, Width: 80}, none); got != want {
					t.Errorf("%s: %q, want %q", format, got, want)
				}
			}
		}
	}
}

// TestEveryWidth holds the table against all widths: aligned at each, never
// wider than the terminal where the columns that must stay have room.
func TestEveryWidth(t *testing.T) {
	for width := 1; width <= 200; width++ {
		for _, format := range []render.Format{render.Table, render.Wide} {
			text := show(t, render.Output{Format: format, Terminal: true, Width: width}, ships)
			lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
			if len(lines) != len(ships)+1 {
				t.Fatalf("width %d: %d lines\n%s", width, len(lines), text)
			}
			status := strings.Index(lines[0], "STATUS")
			for i, line := range lines {
				if n := displaywidth.String(line); n > max(width, 26) {
					t.Errorf("width %d: %d columns in %q", width, n, line)
				}
				if line != strings.TrimRight(line, " ") {
					t.Errorf("width %d: blanks at the end of %q", width, line)
				}
				if i == 0 {
					continue
				}
				before, _, found := strings.Cut(line, ships[i-1].Status)
				if !found || displaywidth.String(before) != status {
					t.Errorf("width %d: status is not below its heading in\n%s", width, text)
				}
			}
		}
	}
}

func TestColumnsGoInTheirOrder(t *testing.T) {
	var gone []string
	seen := map[string]bool{}
	for width := 200; width > 20; width-- {
		heading, _, _ := strings.Cut(show(t, render.Output{Format: render.Wide, Terminal: true, Width: width}, ships), "\n")
		for _, name := range []string{"NAME", "ID", "CAPTAIN", "HOME PORT", "BUILT AT", "CREW", "STATUS"} {
			if !strings.Contains(heading, name) && !seen[name] {
				seen[name] = true
				gone = append(gone, name)
			}
		}
	}
	if diff := cmp.Diff([]string{"CREW", "HOME PORT", "BUILT AT", "CAPTAIN"}, gone); diff != "" {
		t.Error(diff)
	}
}

func TestNoWidthMeansNoLimit(t *testing.T) {
	unlimited := show(t, render.Output{Terminal: true}, ships)
	if diff := cmp.Diff(show(t, render.Output{Terminal: true, Width: 1000}, ships), unlimited); diff != "" {
		t.Error(diff)
	}
}

func TestParseFormat(t *testing.T) {
	for _, f := range render.Formats() {
		if got, err := render.ParseFormat(strings.ToUpper(string(f))); got != f || err != nil {
			t.Errorf("%s: %q, %v", f, got, err)
		}
	}
	if got, err := render.ParseFormat(""); got != render.Table || err != nil {
		t.Errorf("empty: %q, %v", got, err)
	}
	_, err := render.ParseFormat("xml")
	if f := failure.Of(err); f.Kind != failure.Usage || f.Hint != "the formats are table, wide, json, jsonl, yaml, csv, tsv, id" {
		t.Errorf("xml: %+v", f)
	}
}

func TestValidate(t *testing.T) {
	for name, c := range map[string]struct {
		out  render.Output
		want string // in the message; empty for no error
	}{
		"nothing":           {render.Output{Format: render.CSV}, ""},
		"jq":                {render.Output{Format: render.JSON, JQ: ".[].id"}, ""},
		"template":          {render.Output{Format: render.JSON, Template: `{{range .}}{{.id | upper}}{{end}}`}, ""},
		"both":              {render.Output{Format: render.JSON, JQ: ".", Template: "x"}, "exclude each other"},
		"jq of a table":     {render.Output{JQ: "."}, "--jq works on json"},
		"jq of jsonl":       {render.Output{Format: render.JSONL, JQ: "."}, "--jq works on json"},
		"template of yaml":  {render.Output{Format: render.YAML, Template: "x"}, "--template works on json"},
		"jq syntax":         {render.Output{Format: render.JSON, JQ: ".["}, "--jq: "},
		"jq function":       {render.Output{Format: render.JSON, JQ: "nonsense(1)"}, "--jq: function not defined: nonsense/1"},
		"jq variable":       {render.Output{Format: render.JSON, JQ: "$x"}, "--jq: variable not defined: $x"},
		"template syntax":   {render.Output{Format: render.JSON, Template: "{{.id"}, "--template: 1: unclosed action"},
		"template function": {render.Output{Format: render.JSON, Template: "{{env}}"}, `--template: 1: function "env" not defined`},
	} {
		err := c.out.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: kind %s", name, failure.KindOf(err))
		}
	}
}

// full is a device without space.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfTheWriterAreReturned(t *testing.T) {
	for _, format := range render.Formats() {
		for _, terminal := range []bool{true, false} {
			if err := fleet.Write(full{}, render.Output{Format: format, Terminal: terminal}, ships); !errors.Is(err, errFull) {
				t.Errorf("%s: %v", format, err)
			}
		}
	}
	if err := render.WriteFacts(full{}, render.Output{}, []render.Fact{{Name: "a"}}); !errors.Is(err, errFull) {
		t.Errorf("facts: %v", err)
	}
	if err := render.WriteObject(full{}, render.Output{Format: render.JSON}, 1); !errors.Is(err, errFull) {
		t.Errorf("object: %v", err)
	}
}

// pieces counts what arrives.
type pieces struct{ n int }

func (p *pieces) Write(b []byte) (int, error) { p.n++; return len(b), nil }

func TestResultIsWrittenInOnePiece(t *testing.T) {
	for _, format := range render.Formats() {
		for _, terminal := range []bool{true, false} {
			var p pieces
			if err := fleet.Write(&p, render.Output{Format: format, Terminal: terminal}, ships); err != nil || p.n != 1 {
				t.Errorf("%s: %d pieces, %v", format, p.n, err)
			}
		}
	}
}
