//go:build unix

package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// otherShells are the shells besides bash for which there are examples, by what
// tells those. Where a shell is missing, what its line gets from pat is run.
var otherShells = map[string]string{"| source": "fish", "| Invoke-Expression": "pwsh", "completion zsh": "zsh"}

// TestExamples runs every example of every command and topic, as help shows it:
// each at a desk of its own, or where they are of a command with others below
// it, one after the other.
func TestExamples(t *testing.T) {
	keyring := keyringtest.Impersonate(t, keyringtest.Manners{}).Env()
	count := 0
	for _, page := range cli.Pages() {
		count += len(page.Examples)
		for _, sitting := range sittings(page) {
			t.Run(page.Name+"/"+sitting[0], func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, keyring)
				d.prepare(page.Name)
				for _, example := range sitting {
					if screen, err := d.typed(inShell(t, example)); err != nil {
						t.Errorf("%v\n$ %s\n%s", err, example, screen)
					}
				}
			})
		}
	}
	if count < 80 {
		t.Errorf("only %d examples were found", count)
	}
}

// sittings are the examples of a page, those together that are run at one desk.
func sittings(page cli.Page) [][]string {
	if len(page.Below) > 0 {
		return [][]string{page.Examples}
	}
	var all [][]string
	for _, example := range page.Examples {
		all = append(all, []string{example})
	}
	return all
}

// inShell is the example for bash.
func inShell(t *testing.T, example string) string {
	for mark, shell := range otherShells {
		if !strings.Contains(example, mark) {
			continue
		}
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s is not here: only what pat gives it is tried", shell)
			return gotByShell(example) + " | cat"
		}
		if shell == "fish" { // whose set says 4 where there is nothing to erase
			example += "; test $pipestatus[1] -eq 0"
		}
		if shell == "zsh" { // as every ~/.zshrc has it
			example = "autoload -U compinit && compinit -D -u\n" + example
		}
		return shell + " -c '" + strings.ReplaceAll(example, "'", `'\''`) + "'"
	}
	return example
}

// gotByShell is the command of an example whose output a shell is to take in.
func gotByShell(example string) string {
	if within, ok := strings.CutPrefix(example, "source <("); ok {
		return strings.TrimSuffix(within, ")")
	}
	before, _, _ := strings.Cut(example, " | ")
	return before
}

// prepare makes the world that a page's examples speak of: profiles, a token in
// the keyring, a service account, and other tokens. What an example is to make
// is not there yet.
func (d *desk) prepare(page string) {
	d.t.Helper()
	for name, days := range map[string]time.Duration{"reports": 90, "ci-1": 1, "ci-2": 7} { // no two end alike
		d.hub.Issue("datahub", name, days*24*time.Hour)
	}
	if page != "pat profile add" {
		d.write("../.config/pat/config.yaml", d.profiles(page), 0o600)
	}
	if page == "pat profile add" || page == "pat mock serve" {
		return
	}
	setup := "pat service-account create ingest --description 'for ingestion' 2>/dev/null\n"
	switch page {
	case "pat create", "pat", "pat help":
	case "pat service-account create", "pat service-account":
		setup = ""
	default:
		setup += "pat create ci --duration ONE_DAY\n"
	}
	switch page {
	case "pat profile rename":
		setup = "true"
	case "pat audit": // with nothing to find, or its exit code is 10
		setup += "pat revoke mine --yes\npat audit --print-policy >policy.yaml\n"
	}
	if screen, err := d.typed(setup); err != nil {
		d.t.Fatalf("%v\n%s", err, screen)
	}
}

// profiles is the configuration that a page's examples speak of.
func (d *desk) profiles(page string) string {
	profile := func(name string) string {
		return "  " + name + ":\n    server: " + d.site + "\n    actor: urn:li:corpuser:datahub\n    token_file: " + d.folder + "/prod.token\n"
	}
	if page == "pat profile rename" {
		return "current: datahub.example.com\nprofiles:\n" + profile("datahub.example.com")
	}
	return "current: prod\nprofiles:\n" + profile("prod") + profile("staging")
}
