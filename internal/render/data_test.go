package render_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
)

func query(t *testing.T, out render.Output) (string, error) {
	t.Helper()
	out.Format, out.Now = render.JSON, now
	var b strings.Builder
	err := fleet.Write(&b, out, ships)
	return b.String(), err
}

func TestJQ(t *testing.T) {
	for name, c := range map[string]struct {
		query    string
		terminal bool
		want     string
	}{
		"texts are raw":          {".[].captain", false, "jdoe\n山田\n=1+1\n"},
		"other values are JSON":  {".[0] | .crew, .flags, .homePort, {crew}", false, "94\n[\"🇬🇧\"]\nWhitby\n{\"crew\":94}\n"},
		"null and booleans":      {".[1].homePort, true", false, "null\ntrue\n"},
		"arithmetic":             {"map(.crew) | add, length, (add / 2)", false, "93\n3\n46.5\n"},
		"nothing":                {"empty", false, ""},
		"selection":              {`.[] | select(.status == "active").id`, false, "126a8a51b9d1bbd07fddc65819a542c3\n"},
		"times":                  {".[0].retiresAt | fromdate", false, "1795372200\n"},
		"halt ends it":           {`"a", halt, "b"`, false, "a\n"},
		"no environment":         {"env, $ENV", false, "{}\n{}\n"},
		"exact when piped":       {".[2].name", false, "Flying\nDutchman \x1b[31m\u202e\u200b\n"},
		"safe on a terminal":     {".[2].name", true, "Flying^JDutchman ^[[31m\\u{202e}\\u{200b}\n"},
		"made from parts":        {`[27, 155] | implode`, true, "^[\\u{9b}\n"},
		"tabs stay":              {".[0] | [.name, .captain] | @tsv", true, "Endeavour\tjdoe\n"},
		"objects escape":         {".[2] | {name}", true, `{"name":"Flying\nDutchman \u001b[31m\u202e\u200b"}` + "\n"},
		"objects escape, piped":  {".[2] | {name}", false, `{"name":"Flying\nDutchman \u001b[31m\u202e\u200b"}` + "\n"},
		"keys of objects escape": {`{"a\u009bb": 1}`, true, `{"a\u009bb":1}` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := query(t, render.Output{JQ: c.query, Terminal: c.terminal})
			if got != c.want || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestJQThatFails(t *testing.T) {
	for query, want := range map[string]string{
		".[].id.x":       "--jq: expected an object but got: string",
		".[0] | .crew[]": "--jq: cannot iterate over: number",
		`error("no")`:    "--jq: error: no",
		`halt_error`:     "--jq: halt error",
		".[":             "--jq: ",
	} {
		got, err := renderError(t, render.Output{Format: render.JSON, JQ: query})
		if got != "" || failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, %v", query, got, err)
		}
	}
}

func renderError(t *testing.T, out render.Output) (string, error) {
	t.Helper()
	var b strings.Builder
	err := fleet.Write(&b, out, ships)
	if err == nil {
		t.Fatalf("no error, but %q", b.String())
	}
	return b.String(), err
}

func TestTemplate(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		terminal bool
		want     string
	}{
		"range":                {`{{range .}}{{.name | printf "%.3s"}}{{"\n"}}{{end}}`, false, "End\n氷川丸\nFly\n"},
		"newline at the end":   {`{{len .}} ships`, false, "3 ships\n"},
		"nothing":              {`{{range .}}{{end}}`, false, ""},
		"numbers":              {`{{range .}}{{if gt .crew 50}}{{.crew}}{{end}}{{end}}`, false, "94\n"},
		"join":                 {`{{(index . 1).flags | join ", "}}`, false, "🇯🇵, museum\n"},
		"date":                 {`{{range .}}{{date "2 Jan 2006 15:04" .retiresAt}};{{end}}`, false, "22 Nov 2026 18:30;;1 Jan 2020 00:00;\n"},
		"ago":                  {`{{range .}}{{ago .built}}, {{ago .retiresAt}};{{end}}`, false, "3 days ago, in 2 hours;1 year ago, ;just now, 6 years ago;\n"},
		"json":                 {`{{(index . 2) | json}}`, false, `{"built":"2026-11-22T15:59:30Z","captain":"=1+1","crew":-1,"flags":[],"homePort":"none\tat all","id":"3e7705498e8be60520841409ebc69bc1","name":"Flying\nDutchman \u001b[31m\u202e\u200b","retiresAt":"2020-01-01T00:00:00Z","status":"expired"}` + "\n"},
		"upper, lower":         {`{{(index . 0).name | upper}} {{lower "ABC"}}`, false, "ENDEAVOUR abc\n"},
		"exact when piped":     {`{{(index . 2).name}}`, false, "Flying\nDutchman \x1b[31m\u202e\u200b\n"},
		"safe on a terminal":   {`{{(index . 2).name}}{{"\n\t"}}x`, true, "Flying^JDutchman ^[[31m\\u{202e}\\u{200b}\n\tx\n"},
		"made from parts":      {`{{printf "%c[2J" 27}}`, true, "^[[2J\n"},
		"cut in a character":   {`{{slice (index . 1).name 0 2}}`, true, "\\xe6\\xb0\n"},
		"times on a terminal":  {`{{date "2006" (index . 0).built}}`, true, "2026\n"},
		"unknown field is nil": {`{{(index . 0).nothing}}`, false, "<no value>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := query(t, render.Output{Template: c.template, Terminal: c.terminal})
			if got != c.want || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestTemplateThatFails(t *testing.T) {
	for template, want := range map[string]string{
		`{{date "2006" 7}}`:          `--template: 1:2: executing "" at <date "2006" 7>: error calling date: 7 is no time`,
		`{{range .}}{{ago .id}}`:     "--template: 1: unexpected EOF",
		`{{ago (index . 0).id}}`:     "--template: 1:2: executing",
		`{{(index . 9).id}}`:         "--template: 1:3: executing",
		`{{join "," (index . 0)}}`:   "--template: 1:20: executing",
		`{{define "a"}}x{{end}}{{b}`: "--template: 1: ",
	} {
		got, err := renderError(t, render.Output{Format: render.JSON, Template: template})
		if got != "" || failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, %v", template, got, err)
		}
	}
}

func TestObject(t *testing.T) {
	thing := struct {
		URL  string `json:"url"`
		None any    `json:"none"`
		Text string `json:"text"`
	}{"https://x.example/?a=1&b=<2>", nil, "\u009b\u202e"}
	for name, c := range map[string]struct {
		out  render.Output
		want string
	}{
		"json":     {render.Output{Format: render.JSON}, "{\n  \"url\": \"https://x.example/?a=1&b=<2>\",\n  \"none\": null,\n  \"text\": \"\\u009b\\u202e\"\n}\n"},
		"jsonl":    {render.Output{Format: render.JSONL}, `{"url":"https://x.example/?a=1&b=<2>","none":null,"text":"\u009b\u202e"}` + "\n"},
		"yaml":     {render.Output{Format: render.YAML}, "url: https://x.example/?a=1&b=<2>\nnone: null\ntext: \"\\x9B\\u202e\"\n"},
		"jq":       {render.Output{Format: render.JSON, JQ: ".url"}, "https://x.example/?a=1&b=<2>\n"},
		"template": {render.Output{Format: render.JSON, Template: "{{.none}} {{.url}}"}, "<no value> https://x.example/?a=1&b=<2>\n"},
	} {
		var b strings.Builder
		if err := render.WriteObject(&b, c.out, thing); err != nil || b.String() != c.want {
			t.Errorf("%s: %q, %v", name, b.String(), err)
		}
	}
	for _, format := range []render.Format{"", render.Table, render.Wide, render.CSV, render.TSV, render.ID} {
		var b strings.Builder
		if err := render.WriteObject(&b, render.Output{Format: format}, thing); failure.KindOf(err) != failure.Usage || b.Len() > 0 {
			t.Errorf("%s: %q, %v", format, b.String(), err)
		}
	}
}

func TestWhatJSONCannotHoldIsAnError(t *testing.T) {
	channels := render.View[chan int]{}
	for _, format := range []render.Format{render.JSON, render.JSONL, render.YAML} {
		var b strings.Builder
		err := channels.Write(&b, render.Output{Format: format}, []chan int{nil, make(chan int)})
		var unsupported *json.UnsupportedTypeError
		if !errors.As(err, &unsupported) || b.Len() > 0 {
			t.Errorf("%s: %q, %v", format, b.String(), err)
		}
	}
}

func TestHeadingsBecomeFields(t *testing.T) {
	for heading, want := range map[string]string{
		"NAME": "name", "Created at": "createdAt", "CREATED AT": "createdAt", "expiresAt": "expiresAt",
		"In use": "inUse", "ID": "id", "Token ID": "tokenId", "in-use (here)": "inUseHere", "Übrig": "übrig",
	} {
		v := render.View[int]{Columns: []render.Column[int]{{Name: heading}}}
		var b strings.Builder
		if err := v.Write(&b, render.Output{Format: render.TSV}, nil); err != nil || b.String() != want+"\n" {
			t.Errorf("%s: %q, %v", heading, b.String(), err)
		}
	}
}

func TestCSVQuotes(t *testing.T) {
	v := render.View[string]{Columns: []render.Column[string]{
		{Name: "a", Exact: func(s string) string { return s }}, {Name: "b", Text: func(s string) string { return "+" + s }},
	}}
	var b strings.Builder
	if err := v.Write(&b, render.Output{Format: render.CSV}, []string{`say "hi", all`, " x ", "a;b"}); err != nil {
		t.Fatal(err)
	}
	want := "a,b\n\"say \"\"hi\"\", all\",\"'+say \"\"hi\"\", all\"\n\" x \",'+ x \na;b,'+a;b\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
