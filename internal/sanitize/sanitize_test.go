package sanitize_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/sanitize"
)

func TestLineKeepsOrdinaryText(t *testing.T) {
	for _, s := range []string{
		"",
		"ci",
		"deploy key (prod) – Zürich, naïve façade",
		"Ångström e\u0301te\u0301 Việt Nam Vie\u0323\u0302t",
		"日本語のトークン　全角",
		"한국어 \u1112\u1161\u11ab",
		"עִבְרִית العَرَبِيَّة",
		"हिन्दी ภาษาไทย བོད་སྐད",
		"🚀 👍🏽 🇩🇪 ❤️ ☎︎ 1️⃣ #️⃣ *️⃣ ‼️ ℹ️ ©️ ↔️",
		"100 % <b>&amp;</b> \"quoted\" 'single' \\back ^caret",
		"\u0600123", // an Arabic number sign is drawn although it is a format character
		"\ufffd",
	} {
		if got := sanitize.Line(s); got != s {
			t.Errorf("Line(%+q) = %+q", s, got)
		}
	}
}

func TestLineSpellsOut(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"escape":                 {"\x1b[31mred\x1b[0m", "^[[31mred^[[0m"},
		"row forgery":            {"a\nb\r\nc\td", "a^Jb^M^Jc^Id"},
		"nul, bell, delete":      {"\x00\a\x7f", "^@^G^?"},
		"C1":                     {"\u009b31m\u0085", `\u{9b}31m\u{85}`},
		"C1 as a lone byte":      {"\x9b31m", `\x9b31m`},
		"OSC 8":                  {"\x1b]8;;http://x\x1b\\y", `^[]8;;http://x^[\y`},
		"bidi override":          {"user\u202etxt.exe", `user\u{202e}txt.exe`},
		"bidi isolates":          {"\u2066a\u2069\u200f\u061c", `\u{2066}a\u{2069}\u{200f}\u{61c}`},
		"zero width":             {"a\u200bb\u2060c\ufeffd", `a\u{200b}b\u{2060}c\u{feff}d`},
		"soft hyphen":            {"pass\u00adword", `pass\u{ad}word`},
		"separators":             {"a\u2028b\u2029c", `a\u{2028}b\u{2029}c`},
		"tags":                   {"x\U000e0041\U000e007f", `x\u{e0041}\u{e007f}`},
		"fillers":                {"\u3164\u115f\uffa0\u034f", `\u{3164}\u{115f}\u{ffa0}\u{34f}`},
		"private, noncharacter":  {"\ue000\uffff\U0010ffff", `\u{e000}\u{ffff}\u{10ffff}`},
		"truncated character":    {"caf\xc3", `caf\xc3`},
		"surrogate in CESU":      {"\xed\xa0\x80", `\xed\xa0\x80`},
		"overlong slash":         {"\xc0\xaf", `\xc0\xaf`},
		"joiner in an emoji":     {"👩\u200d💻", `👩\u{200d}💻`},
		"joiner in a word":       {"می\u200cخواهم", `می\u{200c}خواهم`},
		"flag of England":        {"🏴\U000e0067\U000e007f", `🏴\u{e0067}\u{e007f}`},
		"selector on a letter":   {"a\ufe0f", `a\u{fe0f}`},
		"selector at the start":  {"\ufe0f❤", `\u{fe0f}❤`},
		"two selectors":          {"❤\ufe0f\ufe0f", "❤\ufe0f" + `\u{fe0f}`},
		"selector behind a mark": {"❤\u20e3\ufe0f", "❤\u20e3" + `\u{fe0f}`},
		"data in selectors":      {"❤\ufe01\U000e0121", `❤\u{fe01}\u{e0121}`},
		"mongolian selector":     {"\u1820\u180b", "\u1820" + `\u{180b}`},
		"mark at the start":      {"\u0301a", `\u{301}a`},
		"a stack of marks":       {"a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0302\u0303\u0304" + `\u{305}`},
		"mark behind an escape":  {"\u200b\u0301", `\u{200b}` + "\u0301"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sanitize.Line(c.in); got != c.want {
				t.Errorf("Line(%+q) = %+q, want %+q", c.in, got, c.want)
			}
		})
	}
}

func TestJSONKeepsTheData(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":          {`{"name": "ci"}` + "\r\n\t", `{"name": "ci"}` + "\r\n\t"},
		"unicode":        {`"Zürich 日本 🚀"`, `"Zürich 日本 🚀"`},
		"C1 and DEL":     {"\"\u009b\x7f\"", `"\u009b\u007f"`},
		"bidi":           {"\"a\u202eb\"", `"a\u202eb"`},
		"beyond a plane": {"\"\U000e0041\"", `"\udb40\udc41"`},
		"selector":       {"\"❤\ufe0f\"", `"❤\ufe0f"`},
		"not UTF-8":      {"\"\xff\xc3\"", `"\ufffd\ufffd"`},
		"escapes stay":   {`"\u202e\\u202e\ud800"`, `"\u202e\\u202e\ud800"`},
		"key":            {"{\"\u200b\":1}", `{"\u200b":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(sanitize.JSON([]byte(c.in))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestCSVCellStartsNoFormula(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "",
		"ci":               "ci",
		"a=b":              "a=b",
		"=1+1":             "'=1+1",
		"+49 30":           "'+49 30",
		"-2":               "'-2",
		"@SUM(A1)":         "'@SUM(A1)",
		" =1+1":            "' =1+1",
		"\u00a0=1":         "'\u00a0=1",
		"\u3000@x":         "'\u3000@x",
		"＝1":               "'＝1",
		"＋1":               "'＋1",
		"－1":               "'－1",
		"＠x":               "'＠x",
		"\t=1":             "^I=1",
		"\r=1":             "^M=1",
		"\u200b=1":         `\u{200b}=1`,
		"'=1":              "'=1",
		"2026-11-22":       "2026-11-22",
		"say \"hi\", all;": "say \"hi\", all;",
	} {
		if got := sanitize.CSVCell(in); got != want {
			t.Errorf("CSVCell(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

// corpus is what went wrong in programs of this kind, as seeds for the fuzz
// targets and as cases of every test run.
var corpus = []string{
	"", "ci", "\x1b]52;c;cm0gLXJm\a", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
	"\u009b2J", "\xc2\x9b2J", "\x9b2J", "a\rb", "a\nFAKE  ROW", "\x7f", "user\u202etxt", "\u2066\u2069\u200e",
	"z\u200bero\u2060\ufeff", "\u2028\u2029\u0085", "👩\u200d💻", "❤️", "1️⃣", "🇩🇪", "\U000e0041\U000e007f",
	"e\u0301\u0302\u0303\u0304\u0305\u0306", "\u0301", "\u3164", "\xff\xfe", "\xed\xa0\x80", "\xf4\x90\x80\x80",
	"=cmd|'/c calc'!A1", "\t=1", "＝1", `{"a":"\u202e\ud800"}`, "{\"a\":\"\u202e\x7f\xff\"}", `\u{202e}`, "^[",
	"\U0001fae9", "\u0600", "\ufffd", "\ue000", "\U0010ffff", "\u180e", "\u00ad", "\u034f",
}

// obeyed tells whether r is a character that nothing of ours may put out.
func obeyed(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f: // C0, DEL, C1
		return true
	case unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp, unicode.Join_Control, unicode.Noncharacter_Code_Point):
		return true
	case 0x200b <= r && r <= 0x200f, 0x2060 <= r && r <= 0x2064, r == 0xfeff, r == 0xad, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return false
}

func checkSafe(t *testing.T, what, in, out string, allowed string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Fatalf("%s(%+q) is not UTF-8: %+q", what, in, out)
	}
	for _, r := range out {
		if obeyed(r) && !strings.ContainsRune(allowed, r) {
			t.Fatalf("%s(%+q) holds %U: %+q", what, in, r, out)
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range corpus {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := sanitize.Line(s)
		checkSafe(t, "Line", s, line, "")
		if again := sanitize.Line(line); again != line {
			t.Errorf("Line(%+q) = %+q, and again %+q", s, line, again)
		}
		cell := sanitize.CSVCell(s)
		checkSafe(t, "CSVCell", s, cell, "")
		if first := strings.TrimLeftFunc(cell, unicode.IsSpace); first != "" && strings.Contains("=+-@", first[:1]) {
			t.Errorf("CSVCell(%+q) = %+q starts a formula", s, cell)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range corpus {
		f.Add([]byte(s))
		quoted, _ := json.Marshal(s)
		f.Add(quoted)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want, got any
		if json.Unmarshal(data, &want) != nil {
			return
		}
		safe := sanitize.JSON(data)
		checkSafe(t, "JSON", string(data), string(safe), "\t\r\n")
		if err := json.Unmarshal(safe, &got); err != nil {
			t.Fatalf("JSON(%q) = %q: %v", data, safe, err)
		}
		before, _ := json.Marshal(want)
		if after, _ := json.Marshal(got); string(before) != string(after) {
			t.Errorf("JSON(%q) changed the data: %s", data, after)
		}
	})
}

// TestEveryCharacter holds Line and JSON against every character of the planes
// that have any, at the start of a text and behind an emoji.
func TestEveryCharacter(t *testing.T) {
	for _, plane := range []rune{0, 0x10000, 0xe0000} {
		for r := plane; r < plane+0x10000; r++ {
			for _, before := range []string{"", "❤"} {
				s := before + string(r)
				checkSafe(t, "Line", s, sanitize.Line(s), "")
				checkSafe(t, "JSON", s, string(sanitize.JSON([]byte(s))), "\t\r\n")
			}
		}
	}
}
