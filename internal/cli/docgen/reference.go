package main

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/cli"
)

// generated is what every page of the reference begins with.
const generated = "<!-- Generated from the commands by go generate: do not edit. -->\n\n"

// reference is the pages of the reference, by file name.
func reference(pages []cli.Page) map[string]string {
	files := map[string]string{"README.md": index(pages)}
	for _, p := range pages {
		m := &markdown{}
		m.page(p)
		files[fileName(p)+".md"] = m.String()
	}
	return files
}

// index lists all pages.
func index(pages []cli.Page) string {
	m := &markdown{}
	m.WriteString(generated + "# Reference\n\nAll commands and topics, as `pat --help` and `pat help` have them.\n")
	m.line("\n## Commands\n")
	for _, p := range pages {
		if !p.Topic {
			m.line("- [`%s`](%s.md): %s", p.Name, fileName(p), escaped(p.Summary))
		}
	}
	m.line("\n## Topics\n")
	for _, p := range pages {
		if p.Topic {
			m.line("- [%s](%s.md): %s", p.Name, fileName(p), escaped(p.Summary))
		}
	}
	return m.String()
}

// markdown is a page as it is written.
type markdown struct{ strings.Builder }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *markdown) page(p cli.Page) {
	m.WriteString(generated)
	m.line("# %s\n", title(p))
	if p.Topic {
		m.line("%s.\n", escaped(strings.ToUpper(p.Summary[:1])+p.Summary[1:]))
	}
	m.blocks(p.Text)
	if p.Usage != "" {
		m.line("\n```text\n%s\n```", p.Usage)
	}
	if len(p.Aliases) > 0 {
		m.line("\nAlso called `%s`.", strings.Join(p.Aliases, "`, `"))
	}
	if len(p.Examples) > 0 {
		m.line("\n## Examples\n\n```sh\n%s\n```", strings.Join(p.Examples, "\n"))
	}
	for _, section := range p.Below {
		m.line("\n## %s\n", section.Title)
		for _, link := range section.Links {
			m.link(linkBelow(p, section, link))
		}
	}
	m.flags(p)
	m.schemas(p)
	if len(p.SeeAlso) > 0 {
		m.line("\n## See also\n")
		for _, link := range p.SeeAlso {
			m.link(link)
		}
	}
}

// linkBelow is the link to a command below another, or to a topic, by its whole
// name.
func linkBelow(p cli.Page, section cli.Section, link cli.Link) cli.Link {
	if strings.HasPrefix(section.Title, "Topics") {
		return cli.Link{Name: "pat help " + link.Name, Summary: link.Summary}
	}
	return cli.Link{Name: p.Name + " " + link.Name, Summary: link.Summary}
}

func (m *markdown) link(link cli.Link) {
	m.line("- [`%s`](%s.md): %s", link.Name, linkedFile(link.Name), escaped(link.Summary))
}

// blocks writes paragraphs, and rows as a table, or as code where there is
// nothing beside them.
func (m *markdown) blocks(text string) {
	for i, block := range cli.Blocks(text) {
		if i > 0 {
			m.WriteByte('\n')
		}
		switch {
		case block.Rows == nil:
			m.line("%s", escaped(block.Prose))
		case block.Rows[0].Right == "":
			m.line("```text")
			for _, row := range block.Rows {
				m.line("%s", row.Left)
			}
			m.line("```")
		default:
			m.table(block.Rows)
		}
	}
}

func (m *markdown) table(rows []cli.Row) {
	m.line("| | |\n|---|---|")
	for _, row := range rows {
		m.line("| `%s` | %s |", strings.ReplaceAll(row.Left, "|", `\|`), strings.ReplaceAll(escaped(row.Right), "|", `\|`))
	}
}

func (m *markdown) flags(p cli.Page) {
	if len(p.Flags) > 0 {
		m.line("\n## Flags\n")
		m.table(flagRows(p.Flags))
	}
	if !p.Topic {
		m.line("\nBeside these it takes the [flags of all commands](pat-help-flags.md).")
	}
}

func flagRows(flags []cli.Flag) []cli.Row {
	var rows []cli.Row
	for _, f := range flags {
		rows = append(rows, cli.Row{Left: f.Spelled(), Right: f.Usage})
	}
	return rows
}

func (m *markdown) schemas(p cli.Page) {
	var links []string
	for _, name := range p.Schemas {
		links = append(links, fmt.Sprintf("[%[1]s.json](../schemas/%[1]s.json)", name))
	}
	if len(links) > 0 {
		m.line("\n## JSON\n\nThe schema of what `-o json` prints: %s.", strings.Join(links, ", "))
	}
}

// escaped is text in which nothing but what is between backquotes is markup.
func escaped(text string) string {
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "~", `\~`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}
