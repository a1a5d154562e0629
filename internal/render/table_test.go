package render_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// checkSafe fails if text holds anything but lines of visible characters.
func checkSafe(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("not UTF-8: %q", text)
	}
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp, unicode.Join_Control) || r == '\ufeff') {
			t.Fatalf("%U in %q", r, text)
		}
	}
}

var pairs = render.View[[2]string]{
	ID: func(p [2]string) string { return p[0] },
	Columns: []render.Column[[2]string]{
		{Name: "first", Text: func(p [2]string) string { return p[0] }},
		{Name: "second", Text: func(p [2]string) string { return p[1] }},
		{Name: "mark", Text: func([2]string) string { return "|" }},
	},
}

// FuzzTable shows that cells come through the table library whole, one row a
// record, aligned, and safe.
func FuzzTable(f *testing.F) {
	for _, s := range []string{"", "ci", "  a  ", "a\nb", "日本語", "👍🏽🇩🇪❤️1️⃣", "\x1b[31m", "\t", "a_b", "{{x}}", "%d", "é\u0301", "\u1112\u1161\u11ab", "ำ", "\xff"} {
		f.Add(s, "x")
		f.Add("x", s)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var b strings.Builder
		if err := pairs.Write(&b, render.Output{Terminal: true}, [][2]string{{first, second}, {"a", "b"}}); err != nil {
			t.Fatal(err)
		}
		checkSafe(t, b.String())
		lines := strings.Split(b.String(), "\n")
		if len(lines) != 4 {
			t.Fatalf("%d lines: %q", len(lines), b.String())
		}
		wide := []int{max(5, displaywidth.String(sanitize.Line(first))), max(6, displaywidth.String(sanitize.Line(second)))}
		pad := func(s string, n int) string { return s + strings.Repeat(" ", n+2-displaywidth.String(s)) }
		for i, row := range [][2]string{{"FIRST", "SECOND"}, {first, second}, {"a", "b"}} {
			want := pad(sanitize.Line(row[0]), wide[0]) + pad(sanitize.Line(row[1]), wide[1]) + []string{"MARK", "|", "|"}[i]
			if lines[i] != want {
				t.Errorf("got %q, want %q", lines[i], want)
			}
		}
	})
}

// FuzzFit shows that a column that may shrink makes the table as narrow as it
// has to be, whatever is in it.
func FuzzFit(f *testing.F) {
	for _, s := range []string{"a long name, longer than the screen", "日本語日本語日本語日本語", "👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"} {
		f.Add(s, 20)
		f.Add(s, 7)
	}
	view := render.View[string]{Columns: []render.Column[string]{
		{Name: "n", Text: func(s string) string { return s }, Shrink: true},
		{Name: "id", Text: func(string) string { return "1234" }},
	}}
	f.Fuzz(func(t *testing.T, name string, width int) {
		if width < 12 || width > 300 {
			return
		}
		var b strings.Builder
		if err := view.Write(&b, render.Output{Terminal: true, Width: width}, []string{name}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
		}
		if line := sanitize.Line(name); displaywidth.String(line) <= width-6 && !strings.Contains(b.String(), line) {
			t.Errorf("%q was cut without need: %q", line, b.String())
		}
	})
}

func TestShrinkingTakesFromTheWidest(t *testing.T) {
	view := render.View[[2]string]{Columns: []render.Column[[2]string]{
		{Name: "a", Text: func(p [2]string) string { return p[0] }, Shrink: true},
		{Name: "b", Text: func(p [2]string) string { return p[1] }, Shrink: true},
		{Name: "c", Text: func([2]string) string { return "fixed" }},
	}}
	row := [][2]string{{"abcdefghijklmnopqrstuvwxyz", "0123456789"}}
	for width, want := range map[int]string{
		45: "abcdefghijklmnopqrstuvwxyz  0123456789  fixed",
		29: "abcdefghi…  0123456789  fixed",
		35: "abcdefghijklmno…  0123456789  fixed",
		27: "abcdefgh…  01234567…  fixed",
		23: "abcdef…  012345…  fixed",
		21: "abcde…  01234…  fixed",
		5:  "abcde…  01234…  fixed",
	} {
		var b strings.Builder
		if err := view.Write(&b, render.Output{Terminal: true, Width: width}, row); err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(b.String(), "\n")[1]; got != want {
			t.Errorf("%d: %q, want %q", width, got, want)
		}
	}
}

func TestEmptyCellsKeepTheirPlace(t *testing.T) {
	var b strings.Builder
	if err := pairs.Write(&b, render.Output{Terminal: true}, [][2]string{{"", "x"}, {"y", ""}, {"", ""}}); err != nil {
		t.Fatal(err)
	}
	if want := "FIRST  SECOND  MARK\n       x       |\ny              |\n               |\n"; b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestPaint(t *testing.T) {
	for style, want := range map[render.Style]string{
		render.Plain: "x", render.Dim: "\x1b[2mx\x1b[0m", render.Bold: "\x1b[1mx\x1b[0m", render.Green: "\x1b[32mx\x1b[0m",
		render.Yellow: "\x1b[33mx\x1b[0m", render.Red: "\x1b[31mx\x1b[0m", render.Style(99): "x",
	} {
		if got := style.Paint("x", true); got != want {
			t.Errorf("%d: %q, want %q", style, got, want)
		}
		if got := style.Paint("x", false); got != "x" {
			t.Errorf("%d without colour: %q", style, got)
		}
		if got := style.Paint("", true); got != "" {
			t.Errorf("%d of nothing: %q", style, got)
		}
	}
}

// TestColourChangesNoLayout strips the colours and finds the same table.
func TestColourChangesNoLayout(t *testing.T) {
	out := render.Output{Terminal: true, Width: 80}
	plain := show(t, out, ships)
	out.Colour = true
	coloured := show(t, out, ships)
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"} {
		coloured = strings.ReplaceAll(coloured, code, "")
	}
	if coloured != plain {
		t.Errorf("got\n%s\nwant\n%s", coloured, plain)
	}
}

func TestTableDoesNotDependOnTheLocale(t *testing.T) {
	before := show(t, render.Output{Terminal: true, Width: 60}, ships)
	t.Setenv("LANG", "ja_JP.UTF-8")
	t.Setenv("LC_ALL", "ja_JP.UTF-8")
	t.Setenv("RUNEWIDTH_EASTASIAN", "1")
	if after := show(t, render.Output{Terminal: true, Width: 60}, ships); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
}

func BenchmarkTable(b *testing.B) {
	rows := make([][2]string, 1000)
	for i := range rows {
		rows[i] = [2]string{strings.Repeat("x", i%30), "urn:li:corpuser:jdoe"}
	}
	for b.Loop() {
		var out strings.Builder
		if err := pairs.Write(&out, render.Output{Terminal: true, Width: 80}, rows); err != nil {
			b.Fatal(err)
		}
	}
}
