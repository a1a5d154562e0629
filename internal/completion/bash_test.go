package completion_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/completion"
)

func TestParseBash(t *testing.T) {
	for line, want := range map[string][]string{
		"pat ":                          {"pat", ""},
		"pat rev":                       {"pat", "rev"},
		"pat  revoke\tci ":              {"pat", "revoke", "ci", ""},
		`pat revoke my\ to`:             {"pat", "revoke", "my to"},
		`pat revoke "my to`:             {"pat", "revoke", "my to"},
		`pat revoke 'it`:                {"pat", "revoke", "it"},
		`pat revoke it\'s x`:            {"pat", "revoke", "it's", "x"},
		`pat revoke 'it'\''s' x`:        {"pat", "revoke", "it's", "x"},
		`pat revoke "a\"b\c" x`:         {"pat", "revoke", `a"b\c`, "x"},
		`pat revoke "" x`:               {"pat", "revoke", "", "x"},
		`pat revoke x\`:                 {"pat", "revoke", "x"},
		`pat revoke $(touch x) $HOME/y`: {"pat", "revoke", "$(touch", "x)", "$HOME/y"},
		`pat list --output=js`:          {"pat", "list", "--output=js"},
		`A=1 B_2="x y" pat list `:       {"pat", "list", ""},
		`cd x; pat list && pat rev`:     {"pat", "rev"},
		`pat inspect - <found --on`:     {"pat", "inspect", "-", "--on"},
		`pat inspect ÄÖ`:                {"pat", "inspect", "ÄÖ"},
		"":                              {""},
	} {
		got := completion.ParseBash(line)
		if diff := cmp.Diff(want, got.Words); diff != "" || got.Files() {
			t.Errorf("%s: files %v\n%s", line, got.Files(), diff)
		}
	}
	for _, line := range []string{"pat inspect - <", "pat inspect - <fou", "pat list > "} {
		if !completion.ParseBash(line).Files() {
			t.Errorf("%s: a file is not asked for", line)
		}
	}
}

func offers(values ...string) []completion.Offer {
	all := make([]completion.Offer, len(values))
	for i, value := range values {
		all[i] = completion.Offer{Value: value, Description: "of jdoe"}
	}
	return all
}

func TestReply(t *testing.T) {
	names := offers("my token", "it's", `a "b"`, "urn:li:x", "ci")
	for _, c := range []struct {
		line, word, kind string
		offers           []completion.Offer
		want             []string
	}{
		{"pat revoke my", "my", "9", names, []string{`my\ token`}},
		{`pat revoke my\ t`, `my\ t`, "9", names, []string{`my\ token`}},
		{`pat revoke "my`, "my", "9", names, []string{"my token"}},
		{`pat revoke 'my`, "my", "9", names, []string{"my token"}},
		{"pat revoke 'i", "i", "9", names, []string{`it'\''s`}},
		{"pat revoke i", "i", "9", names, []string{`it\'s`}},
		{`pat revoke "a`, "a", "9", names, []string{`a \"b\"`}},
		{"pat revoke urn:li:", "", "9", names, []string{"x"}},
		{"pat revoke urn:l", "l", "9", names, []string{"li:x"}},
		{"pat list --name=urn:l", "l", "9", names, []string{"li:x"}},
		{"pat list --name=my", "my", "9", names, []string{`my\ token`}},
		{`pat list --name="my`, "my", "9", names, []string{"my token"}},
		{"pat list --name=", "", "9", offers("ci"), []string{"ci"}},
		{"pat list --all", "--all", "9", offers("--all"), []string{"--all"}},
		{"pat revoke x", "x", "9", names, nil},
		{`pat revoke m"y`, "y", "9", names, nil},                                                // where bash would put what, is not clear
		{`pat revoke "my token"`, `"my token"`, "9", names, nil},                                // complete
		{"pat revoke ", "", "9", offers("a", "a"), []string{"a"}},                               // and no description
		{"pat revoke ", "", "37", offers("a", "b c"), []string{"a", `b\ c`}},                    // one after another
		{"pat revoke ", "", "9", offers("a", "bc"), []string{"a   (of jdoe)", "bc  (of jdoe)"}}, // shown
	} {
		got := completion.ParseBash(c.line).Reply(c.offers, c.word, c.kind, 80)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
}

func TestReplyFitsTheWidth(t *testing.T) {
	long := []completion.Offer{{Value: "a", Description: strings.Repeat("x", 100)}, {Value: "日本", Description: "short enough"}}
	got := completion.ParseBash("pat revoke ").Reply(long, "", "9", 40)
	want := []string{"a     (" + strings.Repeat("x", 31) + "…)", "日本  (short enough)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := completion.ParseBash("pat revoke ").Reply(long, "", "9", 10); !slices.Equal(got, []string{"a", "日本"}) {
		t.Errorf("without room: %q", got)
	}
}

// What is inserted is, to bash itself, the value and nothing else.
func FuzzReplyIsTheValue(f *testing.F) {
	for _, value := range []string{"my token", "it's", `a\b`, "*", "a[b]?", "#x y", "~x", "ü 日本", "a=b", "x\"y"} {
		f.Add(value, byte(0))
		f.Add(value, byte('"'))
		f.Add(value, byte('\''))
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("bash is not installed")
	}
	f.Fuzz(func(t *testing.T, value string, quote byte) {
		if !completion.Plain(value) {
			t.Skip()
		}
		open := ""
		if quote == '"' || quote == '\'' {
			open = string(quote)
		}
		reply := completion.ParseBash("pat revoke "+open).Reply(offers(value), "", "9", 80)
		if len(reply) != 1 {
			t.Fatalf("%q in %s: %q", value, open, reply)
		}
		out, err := exec.Command(bash, "--norc", "-c", "printf %s "+open+reply[0]+open).Output()
		if err != nil || string(out) != value {
			t.Errorf("%q is inserted as %s, which is %q: %v", value, open+reply[0]+open, out, err)
		}
		again := completion.ParseBash("pat revoke " + open + reply[0] + open + " ")
		if want := []string{"pat", "revoke", value, ""}; !slices.Equal(again.Words, want) {
			t.Errorf("%q is read back as %q", value, again.Words)
		}
	})
}

func FuzzParseBash(f *testing.F) {
	for _, line := range []string{`pat revoke "my t`, "pat \\", "'", `a=b c <d "e`, "pat list;\n>"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		parsed := completion.ParseBash(line)
		if len(parsed.Words) == 0 {
			t.Fatal("there is no word")
		}
		for _, reply := range parsed.Reply(offers("ci", "my token"), "", "9", 80) {
			if strings.ContainsAny(reply, "\n\t") {
				t.Errorf("%q", reply)
			}
		}
	})
}
