package render

import (
	"bytes"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/ll"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is what stands between two columns.
const gap = "  "

// cell is a piece of a table: safe text and how it looks.
type cell struct {
	text  string
	style Style
}

// column is a column of a table on its way to the terminal.
type column struct {
	cells  []cell // the heading first
	width  int    // of the widest cell, in terminal columns
	drop   int
	shrink bool
}

// table writes the records as aligned columns with a heading.
func (v View[T]) table(b *bytes.Buffer, out Output, records []T) error {
	if len(records) == 0 {
		return nil
	}
	var columns []column
	for _, c := range v.columns(out) {
		columns = append(columns, c.layOut(records))
	}
	return writeTable(b, fit(columns, out.Width), out.Colour)
}

// layOut is the column with the cells of all records.
func (c Column[T]) layOut(records []T) column {
	col := column{drop: c.Drop, shrink: c.Shrink}
	col.add(cell{strings.ToUpper(c.Name), Bold})
	for _, record := range records {
		col.add(cell{c.text(record), c.style(record)})
	}
	return col
}

func (c *column) add(x cell) {
	c.cells = append(c.cells, x)
	c.width = max(c.width, displaywidth.String(x.text))
}

// writeTable has tablewriter walk through the table, with a renderer that knows
// our widths: its own ones count characters, not what they look like together,
// and pad the last column.
func writeTable(b *bytes.Buffer, columns []column, colour bool) error {
	cells := tw.CellConfig{Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off}}
	t := tablewriter.NewTable(b,
		tablewriter.WithConfig(tablewriter.Config{
			Header: cells, Row: cells,
			Behavior: tw.Behavior{TrimSpace: tw.Off, TrimLine: tw.Off, TrimTab: tw.Off},
		}),
		tablewriter.WithRenderer(&bare{columns: columns, colour: colour}))
	for i := range columns[0].cells {
		// A slice for each row: the table keeps them.
		row := make([]string, 0, len(columns))
		for _, c := range columns {
			row = append(row, c.cells[i].text)
		}
		if i == 0 {
			t.Header(row)
		} else if err := t.Append(row); err != nil {
			return err
		}
	}
	return t.Render()
}

// bare draws a table without borders, lines and trailing blanks.
type bare struct {
	columns []column
	colour  bool
	w       io.Writer
	row     int // how many are drawn
	err     error
}

// Start is part of tablewriter's interface, as are all methods of bare.
func (r *bare) Start(w io.Writer) error { r.w = w; return nil }

// Header draws the heading.
func (r *bare) Header(rows [][]string, _ tw.Formatting) {
	for _, row := range rows {
		r.draw(row)
	}
}

// Row draws a row.
func (r *bare) Row(row []string, _ tw.Formatting) { r.draw(row) }

// Footer draws nothing: there is none.
func (r *bare) Footer([][]string, tw.Formatting) {}

// Line draws nothing.
func (r *bare) Line(tw.Formatting) {}

// Config says that there is nothing around the cells.
func (r *bare) Config() tw.Rendition {
	return tw.Rendition{
		Borders:  tw.BorderNone,
		Symbols:  tw.NewSymbols(tw.StyleNone),
		Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
	}
}

// Logger is not used.
func (r *bare) Logger(*ll.Logger) {}

// Close tells how drawing went.
func (r *bare) Close() error { return r.err }

// draw writes one line. Blanks come only before something to see.
func (r *bare) draw(row []string) {
	var line strings.Builder
	blanks := 0
	for i, text := range row {
		if text != "" {
			line.WriteString(strings.Repeat(" ", blanks))
			line.WriteString(r.columns[i].cells[r.row].style.Paint(text, r.colour))
			blanks = 0
		}
		blanks += r.columns[i].width - displaywidth.String(text) + len(gap)
	}
	r.row++
	if _, err := io.WriteString(r.w, line.String()+"\n"); err != nil && r.err == nil {
		r.err = err
	}
}
