package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// proof is what a page names to back something that it says.
type proof struct {
	of    string // the heading or the first cell of the row it stands under
	names []string
}

var (
	proofForm = regexp.MustCompile(`(?ms)^Proof: (.*?)(?:\n\n|\z)`)
	nameForm  = regexp.MustCompile("`([^`]+)`")
)

// proofsOf are the proofs of a page: paragraphs that begin with "Proof: ", and
// the last cells of tables whose last column is called so. A part that says what
// it is about, and names nothing, has a proof without names.
func proofsOf(page string) []proof {
	var proofs []proof
	for _, part := range strings.Split("\n"+page, "\n## ") {
		title, _, _ := strings.Cut(part, "\n")
		for _, paragraph := range proofForm.FindAllStringSubmatch(part, -1) {
			proofs = append(proofs, proof{title, namesIn(paragraph[1])})
		}
		for _, row := range provenRows(part) {
			proofs = append(proofs, proof{row[0], namesIn(row[len(row)-1])})
		}
	}
	return proofs
}

// provenRows are the cells of all rows of tables whose last column is the proof.
func provenRows(text string) [][]string {
	var rows [][]string
	proven := false
	for line := range strings.Lines(text) {
		cells := cellsOf(line)
		switch {
		case cells == nil:
			proven = false
		case cells[len(cells)-1] == "Proof":
			proven = true
		case proven && !strings.HasPrefix(cells[0], "---"):
			rows = append(rows, cells)
		}
	}
	return rows
}

// cellsOf are the cells of a line of a table; nil for any other line.
func cellsOf(line string) []string {
	line = strings.TrimSpace(line)
	if len(line) < 2 || !strings.HasPrefix(line, "|") || !strings.HasSuffix(line, "|") {
		return nil
	}
	cells := strings.Split(line[1:len(line)-1], "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

func namesIn(text string) []string {
	var names []string
	for _, name := range nameForm.FindAllStringSubmatch(text, -1) {
		names = append(names, name[1])
	}
	return names
}

// TestProofsExist holds every page that names tests and scripts as proof to
// those that there are.
func TestProofsExist(t *testing.T) {
	known, count := testNames(t), 0
	for name, page := range printedPages(t) {
		for _, proof := range proofsOf(page) {
			for _, missing := range unknown(proof.names, known) {
				t.Errorf("%s, %s: there is no test and no script %s", name, proof.of, missing)
			}
			count += len(proof.names)
		}
	}
	if count == 0 {
		t.Error("no proofs were found")
	}
}

// unknown are the names that are not known.
func unknown(names []string, known map[string]bool) []string {
	var missing []string
	for _, name := range names {
		if !known[name] {
			missing = append(missing, name)
		}
	}
	return missing
}

func TestProofsBite(t *testing.T) {
	page := "# P\n\n## One\n\nProof: `list`, `TestNo`,\n`x`.\n\nNot `y`.\n\n" +
		"| a | Proof |\n|---|---|\n| Two | `revoke`, `TestNeither` |\n| Three | |\n\n| b | c |\n|---|---|\n| Four | `z` |\n"
	var got []string
	for _, proof := range proofsOf(page) {
		missing := unknown(proof.names, map[string]bool{"list": true, "revoke": true})
		got = append(got, proof.of+": "+strings.Join(missing, " "))
	}
	want := "One: TestNo x; Two: TestNeither; Three: "
	if strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestThreatsAreComplete holds docs/security.md to saying, of each threat, what
// is done, what is not, and what proves it.
func TestThreatsAreComplete(t *testing.T) {
	threats := strings.Split(document(t, "security.md"), "\n## ")[1:]
	if len(threats) < 12 {
		t.Fatalf("only %d threats", len(threats))
	}
	for _, threat := range threats {
		title, _, _ := strings.Cut(threat, "\n")
		for _, part := range []string{"**Done.**", "**Not done.**", "\nProof: `"} {
			if !strings.Contains(threat, part) {
				t.Errorf("%s: there is no %s", title, part)
			}
		}
	}
}

// TestFuzzTableIsTrue holds the table in docs/fuzzing.md to targets that there
// are, each run for its time.
func TestFuzzTableIsTrue(t *testing.T) {
	known, rows := testNames(t), 0
	row := regexp.MustCompile(`(?m)^\| (Fuzz\w+) +\| (\S+) +\| (\S+) +\|`)
	for _, m := range row.FindAllStringSubmatch(document(t, "fuzzing.md"), -1) {
		rows++
		if _, err := os.Stat(filepath.Join("..", "..", "internal", m[2])); !known[m[1]] || err != nil {
			t.Errorf("there is no target %s in %s", m[1], m[2])
		}
	}
	if rows < 30 {
		t.Errorf("the table has %d targets", rows)
	}
}

// TestFuzzTargetsAreListed holds docs/fuzzing.md to naming every target beside
// what it parses.
func TestFuzzTargetsAreListed(t *testing.T) {
	listed, _, _ := strings.Cut(document(t, "fuzzing.md"), "\n## ")
	for name := range testNames(t) {
		if strings.HasPrefix(name, "Fuzz") && !strings.Contains(listed, "`"+name+"`") {
			t.Errorf("%s is not among what is parsed", name)
		}
	}
}

// document is a page of docs.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// testNames are the names of all tests and fuzz targets, and of all scripts.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, f := range houseFiles(t) {
		for name := range f.syntax.Scope.Objects {
			if f.isTest() && (strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz")) {
				names[name] = true
			}
		}
	}
	scripts, err := filepath.Glob(filepath.Join("..", "..", "testdata", "script", "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		names[strings.TrimSuffix(filepath.Base(script), ".txtar")] = true
	}
	return names
}
