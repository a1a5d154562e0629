package cli

import (
	"strings"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/render"
)

// widestPage is where the lines of help end on the widest terminal, as those of
// manuals do.
const widestPage = 80

// pageText writes a page for a terminal of some width.
type pageText struct {
	strings.Builder
	width  int
	colour bool
}

// textOf is the page as help shows it.
func textOf(p Page, width int, colour bool) string {
	t := &pageText{width: min(width, widestPage), colour: colour}
	if p.Topic {
		t.prose(upperFirst(p.Summary)+".", "")
		t.WriteByte('\n')
	}
	t.text(p.Text)
	t.usage(p)
	if len(p.Examples) > 0 {
		t.heading("Examples")
		for _, example := range p.Examples {
			t.WriteString("  " + example + "\n")
		}
	}
	for _, section := range p.Below {
		t.heading(section.Title)
		t.rows(linkRows(section.Links))
	}
	t.flags(p)
	if len(p.SeeAlso) > 0 {
		t.heading("See also")
		t.rows(linkRows(p.SeeAlso))
	}
	return t.String()
}

func linkRows(links []Link) []Row {
	all := make([]Row, len(links))
	for i, link := range links {
		all[i] = Row{link.Name, link.Summary}
	}
	return all
}

func (t *pageText) heading(title string) {
	t.WriteString("\n" + render.Bold.Paint(title+":", t.colour) + "\n")
}

// text writes paragraphs and rows, an empty line between them.
func (t *pageText) text(text string) {
	for i, block := range Blocks(text) {
		if i > 0 {
			t.WriteByte('\n')
		}
		if block.Rows != nil {
			t.rows(block.Rows)
		} else {
			t.prose(block.Prose, "")
		}
	}
}

func (t *pageText) prose(text, indent string) {
	for _, line := range render.Fold(text, t.width-len(indent)) {
		t.WriteString(indent + line + "\n")
	}
}

func (t *pageText) usage(p Page) {
	if p.Usage == "" {
		return
	}
	t.heading("Usage")
	t.prose(p.Usage, "  ")
	if len(p.Aliases) > 0 {
		t.heading("Also called")
		t.WriteString("  " + strings.Join(p.Aliases, ", ") + "\n")
	}
}

// flags writes a command's own flags, and for pat itself those of all commands.
// Elsewhere the latter are only named.
func (t *pageText) flags(p Page) {
	if len(p.Flags) > 0 {
		t.heading("Flags")
		t.rows(flagRows(p.Flags))
	}
	switch {
	case p.Topic:
	case p.Name == "pat":
		t.WriteByte('\n')
		t.prose("Flags that every command takes, each explained by pat help flags:", "")
		t.globalNames(p)
		t.WriteByte('\n')
		t.prose("pat COMMAND --help explains a command.", "")
	default:
		t.heading("Flags of all commands (pat help flags)")
		t.globalNames(p)
	}
}

func (t *pageText) globalNames(p Page) {
	var all []Row
	for _, section := range p.Global {
		var names []string
		for _, flag := range section.Flags {
			names = append(names, "--"+flag.Name)
		}
		all = append(all, Row{section.Title, strings.Join(names, ", ")})
	}
	t.rows(all)
}

func flagRows(flags []Flag) []Row {
	all := make([]Row, len(flags))
	for i, flag := range flags {
		all[i] = Row{flag.Spelled(), flag.Usage}
	}
	return all
}

// rows writes words with their meanings beside them or, where the screen is too
// narrow for that, below.
func (t *pageText) rows(all []Row) {
	const widestLeft, narrow = 24, 60
	column := 0
	for _, row := range all {
		if length := utf8.RuneCountInString(row.Left); length <= widestLeft {
			column = max(column, length)
		}
	}
	column += len("  ") + len("  ")
	if t.width < narrow {
		column = len("      ")
	}
	for _, row := range all {
		t.row(row, column)
	}
}

// row writes one row, whose meaning begins at a column.
func (t *pageText) row(row Row, column int) {
	t.WriteString("  " + row.Left)
	used := len("  ") + utf8.RuneCountInString(row.Left)
	if row.Right == "" {
		t.WriteByte('\n')
		return
	}
	if used+len("  ") > column {
		t.WriteByte('\n')
		used = 0
	}
	for _, line := range render.Fold(row.Right, t.width-column) {
		t.WriteString(strings.Repeat(" ", column-used) + line + "\n")
		used = 0
	}
}

// upperFirst is a text that begins with a capital letter.
func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
