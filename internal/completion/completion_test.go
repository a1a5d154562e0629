package completion_test

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/completion"
)

func TestPlain(t *testing.T) {
	for _, value := range []string{
		"ci", "my token", "it's", `a "quoted" one`, "urn:li:corpuser:jdoe", "jane@example.com", "Ümläut 日本", "a*b", "[x]", "3%", `DOMAIN\jdoe`,
	} {
		if !completion.Plain(value) {
			t.Errorf("%q is not offered", value)
		}
	}
	for _, value := range []string{
		"", " ci", "ci ", "-rf", "--yes", "~root", "#x", "@splat", "=ls", "%1", "^a", "$HOME", "$(touch x)", "a`touch x`", "x;y", "a|b", "a&b", "<x", ">x",
		"{a,b}", "wow!", "a\nb", "a\tb", "a\x1b[31mb", "a\u202eb", "a\u200bb", "a\x00b", "\xff", "a\u00a0b",
	} {
		if completion.Plain(value) {
			t.Errorf("%q is offered", value)
		}
	}
}

func TestLine(t *testing.T) {
	for want, offer := range map[string]completion.Offer{
		"ci":                  {Value: "ci"},
		"ci\tjdoe, ends soon": {Value: "ci", Description: "jdoe, ends soon"},
		"ci\ta^Ib^Jc^[[31m":   {Value: "ci", Description: "a\tb\nc\x1b[31m"},
		"ci\tjdoe \\u{202e}x": {Value: "ci", Description: "jdoe \u202ex"},
	} {
		if got := offer.Line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The scripts evaluate nothing of what stands on a line.
func TestScriptsEvaluateNothing(t *testing.T) {
	for shell, script := range map[string]string{"bash": completion.Bash(), "zsh": completion.Zsh(), "fish": completion.Fish()} {
		for _, line := range strings.Split(script, "\n") {
			if code, _, _ := strings.Cut(line, "#"); strings.Contains(code, "eval") {
				t.Errorf("%s: %s", shell, line)
			}
		}
		if !strings.Contains(script, "complet") {
			t.Errorf("%s: the script is %q", shell, script)
		}
	}
}
