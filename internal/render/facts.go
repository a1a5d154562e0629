package render

import (
	"bytes"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// Fact is a thing known, for people: "Server", "https://datahub.example.com".
type Fact struct{ Name, Value string }

// minFolded is the narrowest that values are folded to, in terminal columns, and
// minAligned the narrowest place for values beside the names.
const (
	minFolded  = 12
	minAligned = 24
)

// WriteFacts writes facts one a line. On a terminal the values are aligned
// behind "Name:" and folded between words to the width, so that what has no
// spaces can be copied whole; on a narrow one, what does not fit beside its name
// stands below it. Elsewhere a tab separates name and value. The format is not
// looked at.
func WriteFacts(w io.Writer, out Output, facts []Fact) error {
	var b bytes.Buffer
	widest := 0
	for _, f := range facts {
		widest = max(widest, displaywidth.String(sanitize.Line(f.Name)))
	}
	for _, f := range facts {
		name, value := sanitize.Line(f.Name), sanitize.Line(f.Value)
		if out.Terminal {
			writeFact(&b, out, name, value, widest+len(":"+gap))
		} else {
			b.WriteString(Bold.Paint(name, out.Colour) + "\t" + value + "\n")
		}
	}
	if b.Len() == 0 {
		return nil
	}
	_, err := w.Write(b.Bytes())
	return err
}

// writeFact writes a fact whose value starts at the given column.
func writeFact(b *bytes.Buffer, out Output, name, value string, column int) {
	label := name + ":"
	b.WriteString(Bold.Paint(label, out.Colour))
	if value == "" {
		b.WriteByte('\n')
		return
	}
	if out.Width > 0 && out.Width-column < minAligned {
		writeBelow(b, label, value, out.Width)
		return
	}
	indent := column - displaywidth.String(label)
	for _, line := range Fold(value, out.Width-column) {
		b.WriteString(strings.Repeat(" ", indent) + line + "\n")
		indent = column
	}
}

// writeBelow writes a value behind its label, or where there is no room on the
// lines below it.
func writeBelow(b *bytes.Buffer, label, value string, width int) {
	if displaywidth.String(label+" "+value) <= width {
		b.WriteString(" " + value + "\n")
		return
	}
	b.WriteByte('\n')
	for _, line := range Fold(value, width-len(gap)) {
		b.WriteString(gap + line + "\n")
	}
}

// Fold breaks text between words into lines of at most width columns, where
// that is possible. Where there is no width to speak of, it stays whole.
func Fold(text string, width int) []string {
	if width < minFolded || displaywidth.String(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := line + " " + word
		switch {
		case line == "":
			line = word
		case displaywidth.String(longer) <= width:
			line = longer
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
