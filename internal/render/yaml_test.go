package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/render"
)

func yamlOf(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	if err := render.WriteObject(&b, render.Output{Format: render.YAML}, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestYAMLQuotesWhatOthersWouldMisread(t *testing.T) {
	for in, want := range map[string]string{
		"ci": "ci", "deploy key (prod)": "deploy key (prod)", "urn:li:corpuser:jdoe": "urn:li:corpuser:jdoe",
		"": `""`, "yes": `"yes"`, "No": `"No"`, "ON": `"ON"`, "off": `"off"`, "y": `"y"`, "null": `"null"`,
		"~": `"~"`, "true": `"true"`, "12": `"12"`, "-1": `"-1"`, ".5": `".5"`, "1e3": `"1e3"`, "0x1f": `"0x1f"`,
		"190:20:30": `"190:20:30"`, "2026-11-22": `"2026-11-22"`, "=": `"="`, "<<": `"<<"`,
		"a: b": `'a: b'`, "- a": `"- a"`, "#x": `'#x'`, " x": `' x'`, "a\nb": `"a\nb"`, "a\tb": `"a\tb"`,
		"\u009b\u202e\u2028": `"\x9B\u202e\L"`, strings.Repeat("long ", 60) + "x": strings.Repeat("long ", 60) + "x",
	} {
		if got := yamlOf(t, map[string]string{"k": in}); got != "k: "+want+"\n" {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestYAMLValues(t *testing.T) {
	data := json.RawMessage(`{"z":1,"a":[true,false,null,1.5,-2e9,[],{},[[1]]],"12":"x","no":{"deep":{"er":[]}}}`)
	want := `z: 1
a:
  - true
  - false
  - null
  - 1.5
  - -2e9
  - []
  - {}
  - - - 1
"12": x
"no":
  deep:
    er: []
`
	if diff := cmp.Diff(want, yamlOf(t, data)); diff != "" {
		t.Error(diff)
	}
}

// FuzzYAML holds YAML against JSON: the same data, and nothing that a terminal
// obeys.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"ci", "yes", "1_000", "0o7", "a\nb\n", "\u2028\u0085", "\u202e\\u202e", "'\"\u200b", "\U000e0041", "🚀", ".inf", "12:30", "\ufeff", "!!x", "&a", "*a", "\\", "? x", "\x7f", "\ue000"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		data, err := json.Marshal(map[string]any{key: []string{value, value}})
		if err != nil {
			t.Skip()
		}
		text := yamlOf(t, json.RawMessage(data))
		var want, got any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s\nof %s: %v", text, data, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\nof %s: %s", text, data, diff)
		}
		checkSafe(t, text)
	})
}
