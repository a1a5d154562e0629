package render

import (
	"bytes"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// Remark is something that was looked at, for people: a mark of how it is, its
// name, what there is to say, and what to do about it, if anything.
type Remark struct {
	Mark   string // one column wide, and clear without its colour
	Style  Style  // of the mark; what is dim is so with its text
	Name   string
	Text   string
	Advice string
}

// narrow is the width below which names stand above their texts.
const narrow = 60

// advised stands before an advice.
const advised = "→ "

// WriteRemarks writes remarks for a terminal, the texts aligned behind the names
// and folded between words to the width; on a narrow one the text stands below
// the name. An advice begins a line of its own.
func WriteRemarks(w io.Writer, out Output, remarks []Remark) error {
	var b bytes.Buffer
	widest := 0
	for _, r := range remarks {
		widest = max(widest, displaywidth.String(sanitize.Line(r.Name)))
	}
	column := 2 + widest + len(gap)
	if out.Width > 0 && out.Width < narrow {
		column = 2
	}
	for _, r := range remarks {
		r.write(&b, out, column)
	}
	if b.Len() == 0 {
		return nil
	}
	_, err := w.Write(b.Bytes())
	return err
}

// write writes a remark whose text starts at the given column.
func (r Remark) write(b *bytes.Buffer, out Output, column int) {
	name := sanitize.Line(r.Name)
	b.WriteString(r.Style.Paint(r.Mark, out.Colour) + " " + Bold.Paint(name, out.Colour))
	used := 2 + displaywidth.String(name)
	if used >= column {
		b.WriteByte('\n')
		used = 0
	}
	for _, line := range Fold(sanitize.Line(r.Text), out.Width-column) {
		b.WriteString(strings.Repeat(" ", column-used) + r.textStyle().Paint(line, out.Colour) + "\n")
		used = 0
	}
	if r.Advice == "" {
		return
	}
	lead := advised
	for _, line := range Fold(sanitize.Line(r.Advice), out.Width-column-displaywidth.String(advised)) {
		b.WriteString(strings.Repeat(" ", column) + lead + line + "\n")
		lead = strings.Repeat(" ", displaywidth.String(advised))
	}
}

// textStyle is how the text looks: what is dim is so as a whole, and else only
// the mark is coloured.
func (r Remark) textStyle() Style {
	if r.Style == Dim {
		return Dim
	}
	return Plain
}
