package render

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// TemplateFunction is a function that templates have beside those of all Go
// templates.
type TemplateFunction struct{ Usage, Summary string }

// TemplateFunctions are all of them.
func TemplateFunctions() []TemplateFunction {
	return []TemplateFunction{
		{"join SEPARATOR LIST", "the elements of a list as one text"},
		{"date LAYOUT TIME", `a time in UTC as Go's notation says, such as date "2006-01-02"; nothing for null`},
		{"ago TIME", "3 days ago, or in 2 hours for what is to come; nothing for null"},
		{"json VALUE", "compact JSON"},
		{"upper TEXT", "in capital letters"},
		{"lower TEXT", "in small letters"},
	}
}

// compileTemplate is the template ready to run, with the [TemplateFunctions].
func (o Output) compileTemplate() (*template.Template, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"join":  join,
		"date":  date,
		"ago":   func(v any) (string, error) { return ago(v, o.now()) },
		"json":  compact,
		"upper": strings.ToUpper,
		"lower": strings.ToLower,
	}).Parse(o.Template)
	if err != nil {
		return nil, templateError(err)
	}
	return t, nil
}

func templateError(err error) error {
	text := strings.TrimPrefix(err.Error(), "template: :")
	return &failure.Error{Kind: failure.Usage, Message: "--template: " + text, Err: err}
}

// runTemplate writes what the template makes of data, with a newline at the end
// if it has none. On a terminal the texts in the data are made safe before the
// template sees them, so that line ends and tabs are the template's own; nothing
// else that a terminal would obey goes out. Elsewhere the data is exact.
func runTemplate(b *bytes.Buffer, out Output, data []byte) error {
	t, err := out.compileTemplate()
	if err != nil {
		return err
	}
	input, err := generic(data)
	if err != nil {
		return err
	}
	if out.Terminal {
		input = mapLeaves(input, safeText)
	}
	var result strings.Builder
	if err := t.Execute(&result, input); err != nil {
		return templateError(err)
	}
	text := result.String()
	if out.Terminal {
		text = lineWith("\n\t", text)
	}
	b.WriteString(text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	return nil
}

// safeText makes v safe if it is a text.
func safeText(v any) any {
	if s, ok := v.(string); ok {
		return sanitize.Line(s)
	}
	return v
}

func join(separator string, list []any) string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		words = append(words, fmt.Sprint(v))
	}
	return strings.Join(words, separator)
}

func date(layout string, v any) (string, error) {
	t, err := parseTime(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return t.UTC().Format(layout), nil
}

func ago(v any, now time.Time) (string, error) {
	t, err := parseTime(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return Ago(t, now), nil
}

// parseTime is a time from JSON; zero for null.
func parseTime(v any) (time.Time, error) {
	switch v := v.(type) {
	case nil:
		return time.Time{}, nil
	case string:
		return time.Parse(time.RFC3339, v)
	}
	return time.Time{}, fmt.Errorf("%v is no time", v)
}

func compact(v any) (string, error) {
	data, err := marshal(v, "")
	return strings.TrimSuffix(string(sanitize.JSON(data)), "\n"), err
}
