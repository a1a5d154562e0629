package render

import (
	"bytes"
	"io"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// Column is how one property of a T is shown.
type Column[T any] struct {
	// Name is the heading: upper-case in tables, and in csv and tsv as a field
	// ("Created at" is createdAt).
	Name string
	// Field is the name in csv and tsv where the heading's own will not do.
	Field string
	// Text is the value for people. Nil: as Exact.
	Text func(T) string
	// Exact is the value for programs: full ids, RFC 3339 times. Nil: as Text.
	Exact func(T) string
	// WideOnly columns are left out of the table format, on a terminal and off.
	WideOnly bool
	// Drop is the order in which columns go when the terminal is too narrow: 1
	// goes first, 0 never.
	Drop int
	// Style is how the cell looks where there is colour. Nil: plain.
	Style func(T) Style
	// Shrink lets cells be cut, with an ellipsis, when all columns that could
	// be dropped are.
	Shrink bool
}

// text is the cell for people.
func (c Column[T]) text(record T) string {
	if c.Text == nil {
		return sanitize.Line(c.Exact(record))
	}
	return sanitize.Line(c.Text(record))
}

// exact is the cell for programs, not made safe yet.
func (c Column[T]) exact(record T) string {
	if c.Exact == nil {
		return c.Text(record)
	}
	return c.Exact(record)
}

// style is how the cell of record looks.
func (c Column[T]) style(record T) Style {
	if c.Style == nil {
		return Plain
	}
	return c.Style(record)
}

// View is how a list of T is shown: in columns, and by identifier. In json, jsonl
// and yaml the records themselves are written, by their json tags.
type View[T any] struct {
	Columns []Column[T]
	ID      func(T) string // what the id format writes
}

// Write writes records to w. Of no records there is [] in json and yaml, the
// header in csv and tsv, and nothing elsewhere.
func (v View[T]) Write(w io.Writer, out Output, records []T) error {
	var b bytes.Buffer
	if err := v.render(&b, out, records); err != nil || b.Len() == 0 {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (v View[T]) render(b *bytes.Buffer, out Output, records []T) error {
	switch out.format() {
	case Table, Wide:
		if out.Terminal {
			return v.table(b, out, records)
		}
		v.tabbed(b, v.columns(out), records, out.Colour)
		return nil
	case CSV:
		return v.csv(b, records)
	case TSV:
		v.tsv(b, records)
		return nil
	case ID:
		for _, record := range records {
			b.WriteString(sanitize.Line(v.ID(record)))
			b.WriteByte('\n')
		}
		return nil
	case JSONL:
		for _, record := range records {
			if err := writeCompact(b, record); err != nil {
				return err
			}
		}
		return nil
	}
	if records == nil {
		records = []T{} // [], not null
	}
	return renderData(b, out, records)
}

// columns is the columns of a table.
func (v View[T]) columns(out Output) []Column[T] {
	var columns []Column[T]
	for _, c := range v.Columns {
		if !c.WideOnly || out.Format == Wide {
			columns = append(columns, c)
		}
	}
	return columns
}
