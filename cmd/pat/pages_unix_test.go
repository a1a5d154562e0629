//go:build unix

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// TestPagesAsPrinted types the commands of every page of the documentation, from
// its first to its last, into one shell on an empty machine. Of a console block
// the lines after $ are typed, and the others must be shown, where … stands for
// anything.
func TestPagesAsPrinted(t *testing.T) {
	keyring := keyringtest.Impersonate(t, keyringtest.Manners{}).Env()
	for name, page := range printedPages(t) {
		script, expected := printedCommands(page)
		typedElsewhere := strings.HasPrefix(name, "docs/reference/") || // its examples are those of the commands
			name == "docs/getting-started.md" // by .ci/getting-started, on an empty machine
		if script == "" || typedElsewhere {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, keyring)
			if strings.Contains(page, isSignedIn) {
				d.prepare(name)
			}
			screen, err := d.typed(script)
			if lacking := missingProgram(screen); err != nil && lacking != "" {
				t.Skip(lacking)
			}
			if err != nil {
				t.Fatalf("%v; the last block on this screen does not work as printed:\n%s", err, screen)
			}
			for _, line := range expected {
				if !line.MatchString(screen) {
					t.Errorf("nothing on the screen is like %s:\n%s", line, screen)
				}
			}
		})
	}
}

// isSignedIn marks a page for people who have signed in and have some tokens: the
// world of the examples.
const isSignedIn = "<!-- signed in -->"

// printedCommands are the commands of a page as one script, which says where it
// is, and what they must show.
func printedCommands(page string) (script string, expected []*regexp.Regexp) {
	for _, block := range blocksOf(page) {
		if !block.isCommands() || strings.HasPrefix(block.mark, runsElsewhere) || strings.HasPrefix(block.mark, isNotRun) {
			continue
		}
		script += fmt.Sprintf("echo '-- line %d'\n", block.line)
		if block.language != "console" {
			script += block.text
			continue
		}
		for line := range strings.Lines(block.text) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				script += command
			} else if line = strings.TrimSpace(line); line != "" {
				expected = append(expected, like(line))
			}
		}
	}
	return script, expected
}

// like matches a printed line, whatever the blanks between its words.
func like(line string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.Join(strings.Fields(line), " ")), " ", `\s+`)
	return regexp.MustCompile(strings.ReplaceAll(pattern, "…", ".*"))
}

// missingProgram is the program, of those that not every machine has, for lack
// of which a script failed.
func missingProgram(screen string) string {
	return regexp.MustCompile(`(?:curl|jq): command not found`).FindString(screen)
}
