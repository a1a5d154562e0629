// Package tested runs tests that measure, and keeps what they say.
package tested

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/datahub-pat/pat/testdata/bench/report"
)

// Opens is the part of the benchmark that tells what commands open.
func Opens(_ []string, out io.Writer) (bool, error) {
	lines, passed, err := run("TestOpensNothingNeedless")
	if err != nil {
		return false, err
	}
	table := false
	for _, line := range lines {
		if strings.HasPrefix(line, "|") {
			fmt.Fprintln(out, line)
			table = true
		}
	}
	if !table {
		fmt.Fprintln(out, "Not measured:", strings.Join(lines, " "))
		return passed, nil
	}
	fmt.Fprintln(out)
	return report.Verdict(out, passed, "nothing is opened that the command is not about"), nil
}

// place is where a test says what it says.
var place = regexp.MustCompile(`^\w+_test\.go:\d+: `)

// Faults is the part of the benchmark that tells what becomes of commands when
// things go wrong.
func Faults(_ []string, out io.Writer) (bool, error) {
	lines, passed, err := run("TestFaultMatrix")
	if err != nil {
		return false, err
	}
	for _, line := range lines {
		if rest := place.ReplaceAllString(line, ""); rest != line && !strings.Contains(rest, "PAT_TEST_MATRIX") {
			fmt.Fprintf(out, "- %s\n", strings.TrimSpace(rest))
		}
	}
	return report.Verdict(out, passed, "every answer is complete and right, or the command fails with the right code, before its deadline"), nil
}

// run runs a test with all its cases, and returns its lines.
func run(test string) (lines []string, passed bool, err error) {
	cmd := exec.Command("go", "test", "-count=1", "-v", "-run", "^"+test+"$", "./cmd/pat")
	cmd.Env = append(os.Environ(), "PAT_TEST_MATRIX=all")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if cmd.ProcessState == nil {
		return nil, false, err
	}
	if !bytes.Contains(text, []byte(test)) {
		return nil, false, fmt.Errorf("the test %s does not run: %s", test, text)
	}
	for line := range strings.Lines(string(text)) {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(line, "    ") && !strings.HasPrefix(trimmed, "---") {
			lines = append(lines, trimmed)
		}
	}
	return lines, cmd.ProcessState.Success(), nil
}
