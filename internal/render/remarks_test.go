package render_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/render"
)

func TestRemarks(t *testing.T) {
	remarks := []render.Remark{
		{Mark: "+", Name: "one", Text: "a text of some words", Advice: "do this and do that"},
		{Mark: "-", Name: "another", Text: "shorter"},
	}
	for width, want := range map[int]string{
		0:  "+ one      a text of some words\n           → do this and do that\n- another  shorter\n",
		60: "+ one      a text of some words\n           → do this and do that\n- another  shorter\n",
		20: "+ one\n  a text of some\n  words\n  → do this and do\n    that\n- another\n  shorter\n",
	} {
		var b strings.Builder
		if err := render.WriteRemarks(&b, render.Output{Terminal: true, Width: width}, remarks); err != nil || b.String() != want {
			t.Errorf("%d columns (%v):\n%s\nwant\n%s", width, err, b.String(), want)
		}
	}
	var b strings.Builder
	if err := render.WriteRemarks(&b, render.Output{}, nil); err != nil || b.Len() > 0 {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// FuzzRemarks shows that nothing gets out of its line, and that words which fit
// the screen stay on it.
func FuzzRemarks(f *testing.F) {
	for _, text := range []string{"", "a b", "\x1b[31m red", "日本語 日本語 日本語 日本語 日本語", "a\nb", "\u202e x"} {
		f.Add("name", text, text, 40)
		f.Add(text, "text", "", 80)
	}
	f.Fuzz(func(t *testing.T, name, text, advice string, width int) {
		if width < 20 || width > 300 {
			return
		}
		var b strings.Builder
		remark := render.Remark{Mark: "!", Name: name, Text: text, Advice: advice}
		if err := render.WriteRemarks(&b, render.Output{Terminal: true, Width: width}, []render.Remark{remark}); err != nil {
			t.Fatal(err)
		}
		checkSafe(t, b.String())
		for line := range strings.Lines(b.String()) {
			line = strings.TrimRight(line, "\n")
			if displaywidth.String(name) < 8 && widest(line) < width/2 && displaywidth.String(line) > width {
				t.Errorf("%d columns: %q", displaywidth.String(line), line)
			}
		}
	})
}

// widest is the width of the widest word in a line.
func widest(line string) int {
	most := 0
	for _, word := range strings.Fields(line) {
		most = max(most, displaywidth.String(word))
	}
	return most
}
