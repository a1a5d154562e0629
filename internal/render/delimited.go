package render

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"strings"
	"unicode"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// csv writes all columns with a header, lines ending in LF.
func (v View[T]) csv(b *bytes.Buffer, records []T) error {
	w := csv.NewWriter(b)
	if err := w.Write(v.header()); err != nil {
		return err
	}
	for _, record := range records {
		row := make([]string, 0, len(v.Columns))
		for _, c := range v.Columns {
			row = append(row, sanitize.CSVCell(c.exact(record)))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// tsv writes all columns with a header. Cells hold neither tabs nor line ends.
func (v View[T]) tsv(b *bytes.Buffer, records []T) {
	b.WriteString(strings.Join(v.header(), "\t") + "\n")
	v.tabbed(b, v.Columns, records, false)
}

// tabbed writes columns separated by tabs, without a header.
func (v View[T]) tabbed(b *bytes.Buffer, columns []Column[T], records []T, colour bool) {
	for _, record := range records {
		for i, c := range columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(c.style(record).Paint(sanitize.Line(c.exact(record)), colour))
		}
		b.WriteByte('\n')
	}
}

// header is the columns' names as fields.
func (v View[T]) header() []string {
	names := make([]string, 0, len(v.Columns))
	for _, c := range v.Columns {
		names = append(names, cmp.Or(c.Field, lowerCamel(c.Name)))
	}
	return names
}

// lowerCamel is a heading as the name of a field: "CREATED AT" and "Created at"
// are createdAt; a name that is one already stays as it is.
func lowerCamel(heading string) string {
	words := strings.FieldsFunc(heading, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		runes := []rune(word)
		if i == 0 {
			runes[0] = unicode.ToLower(runes[0])
		} else {
			runes[0] = unicode.ToUpper(runes[0])
		}
		words[i] = string(runes)
	}
	return strings.Join(words, "")
}
