// Package report puts what was measured into Markdown, and into the document
// that keeps it.
package report

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Table is rows of cells below a heading. Cells are aligned to the right but for
// those of the first column.
type Table struct {
	heading []string
	rows    [][]string
}

// NewTable is a table with the names of its columns.
func NewTable(heading ...string) *Table { return &Table{heading: heading} }

// Row adds a row; each cell is shown as %v shows it.
func (t *Table) Row(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = fmt.Sprint(cell)
	}
	t.rows = append(t.rows, row)
}

// Write writes the table, and an empty line.
func (t *Table) Write(w io.Writer) {
	fmt.Fprintf(w, "| %s |\n|---%s|\n", strings.Join(t.heading, " | "), strings.Repeat("|--:", len(t.heading)-1))
	for _, row := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
	fmt.Fprintln(w)
}

// Short is a length of time with as many digits as mean something.
func Short(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// Megabytes is a number of bytes for people; 0 is unknown.
func Megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// Verdict writes whether a promise is kept, and passes that on.
func Verdict(w io.Writer, kept bool, format string, args ...any) bool {
	word := "Kept"
	if !kept {
		word = "**Missed**"
	}
	fmt.Fprintf(w, "- %s: %s\n", word, fmt.Sprintf(format, args...))
	return kept
}

// Keep puts a text into a document between the markers of a part, in place of
// what is there.
func Keep(file, part, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	begin, end := fmt.Sprintf("<!-- measured: %s -->\n", part), "<!-- end -->\n"
	before, rest, found := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no place for %q between %q and %q", file, part, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(file, []byte(before+begin+strings.TrimSpace(text)+"\n"+end+after), 0o644)
}
