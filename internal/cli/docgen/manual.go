package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cpuguy83/go-md2man/v2/md2man"

	"github.com/datahub-pat/pat/internal/cli"
)

// releaseDate is the date that manual pages bear, from seconds since 1970. None
// is no date: pages never bear the one on which they were made.
func releaseDate(epoch string) (string, error) {
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", fmt.Errorf("SOURCE_DATE_EPOCH is no number: %q", epoch)
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
}

// manuals are the manual pages, by file name.
func manuals(pages []cli.Page, date, version string) map[string]string {
	files := map[string]string{}
	for _, p := range pages {
		files[fileName(p)+".1"] = string(md2man.Render([]byte(manual(p, date, strings.TrimSpace("pat "+version)))))
	}
	return files
}

// manual is a page in the Markdown that becomes a manual page.
func manual(p cli.Page, date, source string) string {
	m := &markdown{}
	m.line("%q \"1\" %q %q \"pat\"\n===\n", strings.ToUpper(fileName(p)), date, source)
	m.line("# NAME\n\n%s - %s\n", fileName(p), escaped(p.Summary))
	if p.Usage != "" {
		m.line("# SYNOPSIS\n\n**%s**\n", escaped(p.Usage))
	}
	m.line("# DESCRIPTION\n")
	m.described(p.Text)
	if len(p.Flags) > 0 {
		m.line("# OPTIONS\n")
		m.definitions(flagRows(p.Flags))
	}
	if p.Name == "pat" {
		for _, section := range p.Global {
			m.line("# OPTIONS: %s\n", strings.ToUpper(section.Title))
			m.definitions(flagRows(section.Flags))
		}
	}
	for _, section := range p.Below {
		m.line("# %s\n", strings.ToUpper(section.Title))
		var rows []cli.Row
		for _, link := range section.Links {
			whole := linkBelow(p, section, link)
			rows = append(rows, cli.Row{Left: whole.Name, Right: whole.Summary})
		}
		m.definitions(rows)
	}
	if len(p.Examples) > 0 {
		m.line("# EXAMPLES\n\n```\n%s\n```\n", strings.Join(p.Examples, "\n"))
	}
	m.manualLinks(p)
	return m.String()
}

func (m *markdown) described(text string) {
	for _, block := range cli.Blocks(text) {
		if block.Rows == nil {
			m.line("%s\n", escaped(block.Prose))
			continue
		}
		m.definitions(block.Rows)
	}
}

// definitions writes rows as a list of terms.
func (m *markdown) definitions(rows []cli.Row) {
	for _, row := range rows {
		if row.Right == "" {
			m.line("    %s\n", row.Left)
			continue
		}
		m.line("**%s**\n: %s\n", escaped(row.Left), escaped(row.Right))
	}
}

func (m *markdown) manualLinks(p cli.Page) {
	if len(p.SeeAlso) == 0 {
		return
	}
	var names []string
	for _, link := range p.SeeAlso {
		names = append(names, "**"+escaped(linkedFile(link.Name))+"**(1)")
	}
	m.line("# SEE ALSO\n\n%s", strings.Join(names, ", "))
}
