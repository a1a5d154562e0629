package handover_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/handover"
)

// nasty are values that would do something, or become something else, where
// they are not quoted as they should be.
var nasty = []string{
	"plain", "a b", "$(touch ran)", "`touch ran`", "${HOME}", "$HOME", "'; touch ran; '", `"; touch ran; "`, `\`, `\\'`, `a\'b`, "a'b", "''",
	"a; touch ran", "a & touch ran", "a | touch ran", "a > ran", "*", "?", "[a]", "{a,b}", "~", "~root", "a:~", "#a", "a #b", "!!", "-n", "=",
	"%PATH%", "(touch ran)", "<ran", "\u2018; touch ran; \u2019", "‚‛", "ü→\U0001F600", "true", "null", "0x10", "1_0", "on", "- a", "a: b",
	": ", "? a", "& a", "*a", "!a", "|", ">", "@a", "%a", "a\u00a0b", "\ufeff", "\u200b", "{{ x }}", "EOF", "pat_x", "<<", "~x/y", "x,y", "x=y",
}

// broken are values that no form takes.
var broken = []string{"a\nb", "a\rb", "a\x00b", "\x1b[2J", "a\tb", "\x7f", "\u0085", "a\xffb", "\u2028", "\u2029", "\n", "b\n"}

// of is a handover all of whose values are the same.
func of(value string) handover.Handover {
	return handover.Handover{GMS: value, Secret: value, CACert: value, ClientCert: value, ClientKey: value}
}

// forAll calls check for every nasty value, as handed over and in the format;
// what the format refuses must be among refused.
func forAll(t *testing.T, format handover.Format, refused string, check func(t *testing.T, value, text string)) {
	t.Helper()
	for _, value := range nasty {
		text, err := of(value).Text(format, handover.NewKubernetesSecret())
		if err != nil {
			if !strings.ContainsAny(value, refused) {
				t.Errorf("%q is refused: %v", value, err)
			}
			continue
		}
		check(t, value, text)
	}
	for _, value := range broken {
		if text, err := of(value).Text(format, handover.NewKubernetesSecret()); err == nil {
			t.Errorf("%q is not refused: %q", value, text)
		}
	}
}

// evaluated is the environment that a shell passes on after it read text, the
// file that TEXT names. Some variables are set before that have to go.
func evaluated(t testing.TB, text string, shell ...string) []string {
	t.Helper()
	folder := t.TempDir()
	script := filepath.Join(folder, "text")
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(shell[0], shell[1:]...)
	cmd.Dir = folder
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TEXT=" + script,
		"DATAHUB_GMS_PORT=8080", "DATAHUB_AUTH_TYPE=x", "PAT_PROFILE=x", "DATAHUB_GMS_TOKEN=old",
	}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Fatalf("%v: %s\n%s", err, &said, text)
	}
	if ran, err := filepath.Glob(filepath.Join(folder, "ran*")); err != nil || len(ran) > 0 {
		t.Fatalf("something ran: %q %v\n%s", ran, err, text)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\x00"), "\x00")
}

// checkEvaluated compares what a shell made of a text with the value that all
// variables have.
func checkEvaluated(t testing.TB, value string, env []string) {
	t.Helper()
	for _, v := range of(value).Variables() {
		if !slices.Contains(env, v.Name+"="+value) {
			t.Errorf("%s is not %q in %q", v.Name, value, env)
		}
	}
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		if name == "DATAHUB_GMS_PORT" || name == "DATAHUB_AUTH_TYPE" || name == "PAT_PROFILE" {
			t.Errorf("%s is still there", name)
		}
	}
}

func TestShellsReadWhatIsMeant(t *testing.T) {
	for name, shell := range map[string]struct {
		format  handover.Format
		command []string
	}{
		"sh":         {handover.Sh, []string{"sh", "-c", `. "$TEXT"; env -0`}},
		"sh eval":    {handover.Sh, []string{"sh", "-c", `eval "$(cat "$TEXT")"; env -0`}},
		"bash":       {handover.Sh, []string{"bash", "-c", `set -eu; eval "$(cat "$TEXT")"; env -0`}},
		"zsh":        {handover.Sh, []string{"zsh", "-f", "-c", `eval "$(cat "$TEXT")"; env -0`}},
		"fish":       {handover.Fish, []string{"fish", "--no-config", "-c", `source $TEXT; env -0`}},
		"powershell": {handover.PowerShell, []string{"pwsh", "-NoProfile", "-NonInteractive", "-Command", `Get-Content $Env:TEXT | Out-String | Invoke-Expression; env -0`}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(shell.command[0]); err != nil {
				t.Skip(err)
			}
			forAll(t, shell.format, "", func(t *testing.T, value, text string) {
				checkEvaluated(t, value, evaluated(t, text, shell.command...))
			})
		})
	}
}

// A shell is what it is; the text that it gets is ours.
func TestTextForShells(t *testing.T) {
	h := handover.Handover{GMS: "http://gms:8080", Secret: "it's"}
	for format, want := range map[handover.Format]string{
		handover.Sh:         "export DATAHUB_GMS_URL='http://gms:8080'\nexport DATAHUB_GMS_TOKEN='it'\\''s'\n",
		handover.Fish:       "set -gx DATAHUB_GMS_URL 'http://gms:8080'\nset -gx DATAHUB_GMS_TOKEN 'it\\'s'\n",
		handover.PowerShell: "$Env:DATAHUB_GMS_URL = 'http://gms:8080'\n$Env:DATAHUB_GMS_TOKEN = 'it''s'\n",
	} {
		text, err := h.Text(format, handover.KubernetesSecret{})
		if err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(text, "\n")
		if diff := cmp.Diff(want, rest); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		if !strings.Contains(first, "DATAHUB_GMS_PORT") || !strings.Contains(first, "DATAHUB_CLIENT_CERT_PATH") || strings.Contains(first, "DATAHUB_GMS_URL") {
			t.Errorf("%s forgets %s", format, first)
		}
	}
}

// FuzzSh lets a real shell read what it gets.
func FuzzSh(f *testing.F) {
	for _, value := range append(nasty, broken...) {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if text, err := of(value).Text(handover.Sh, handover.KubernetesSecret{}); err == nil {
			checkEvaluated(t, value, evaluated(t, text, "sh", "-c", `. "$TEXT"; env -0`))
		}
	})
}

// FuzzPowerShell reads what PowerShell gets, as its grammar says: a string ends
// at a single quote of any shape that no second one follows.
func FuzzPowerShell(f *testing.F) {
	for _, value := range append(nasty, broken...) {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text, err := of(value).Text(handover.PowerShell, handover.KubernetesSecret{})
		if err != nil {
			return
		}
		const start = "$Env:DATAHUB_GMS_TOKEN = "
		_, rest, _ := strings.Cut(text, start)
		got, rest := readPowerShell([]rune(rest))
		if got != value || !strings.HasPrefix(rest, "\n$Env:") {
			t.Errorf("%q is read as %q, followed by %q", value, got, rest)
		}
	})
}

func readPowerShell(text []rune) (value, rest string) {
	isQuote := func(i int) bool { return i < len(text) && strings.ContainsRune("'\u2018\u2019\u201a\u201b", text[i]) }
	var read []rune
	for i := 1; i < len(text); i++ {
		if isQuote(i) {
			if !isQuote(i + 1) {
				return string(read), string(text[i+1:])
			}
			i++
		}
		read = append(read, text[i])
	}
	return string(read), ""
}

// FuzzFish reads what fish gets, as its grammar says: within single quotes a
// backslash stands before a single quote or another backslash, or for itself.
func FuzzFish(f *testing.F) {
	for _, value := range append(nasty, broken...) {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text, err := of(value).Text(handover.Fish, handover.KubernetesSecret{})
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(text, "set -gx DATAHUB_GMS_TOKEN ")
		got, rest := readFish(rest)
		if got != value || !strings.HasPrefix(rest, "\nset -gx ") {
			t.Errorf("%q is read as %q, followed by %q", value, got, rest)
		}
	})
}

func readFish(text string) (value, rest string) {
	var read []byte
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			return string(read), text[i+1:]
		case text[i] == '\\' && i+1 < len(text) && strings.ContainsRune(`\'`, rune(text[i+1])):
			i++
		}
		read = append(read, text[i])
	}
	return string(read), ""
}
