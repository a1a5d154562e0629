package failure

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	formats := []string{"table", "wide", "json", "jsonl", "yaml", "csv", "tsv", "id"}
	for word, want := range map[string]string{
		"jsno": "json", "JSON": "json", "jsonll": "jsonl", "tabel": "table", "wid": "wide", "xml": "", "": "", "i": "", "ymal": "yaml", "ta": "table",
	} {
		if got := Nearest(word, formats); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestMistyped(t *testing.T) {
	told := Mistyped("format", "formats", "jsno", []string{"json", "yaml"})
	if told.Kind != Usage || told.Message != `unknown format "jsno"` || told.Hint != "did you mean json? the formats are json, yaml" {
		t.Errorf("%+v", told)
	}
	if told := Mistyped("format", "formats", "picture", []string{"json", "yaml"}); strings.Contains(told.Hint, "mean") {
		t.Errorf("%+v", told)
	}
}
