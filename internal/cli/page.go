package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

//go:generate go run ./docgen reference ../../docs/reference

// Page is all that there is to say about a command, or about a topic that
// concerns several. Help, the reference and the manual pages are made of it.
type Page struct {
	Name     string // "pat profile add", or a topic's name
	Topic    bool
	Summary  string
	Text     string // paragraphs; see [Blocks]
	Usage    string // empty for a topic
	Aliases  []string
	Examples []string
	Below    []Section // the commands below it, and for pat itself the topics
	Flags    []Flag
	Global   []FlagSection // the flags that every command takes
	Schemas  []string      // of the JSON that it prints: docs/schemas/NAME.json
	SeeAlso  []Link
}

// Section is links under a heading.
type Section struct {
	Title string
	Links []Link
}

// Link leads to another page.
type Link struct{ Name, Summary string }

// Flag is a flag as help shows it.
type Flag struct {
	Name, Short, Value, Usage string
}

// FlagSection is flags under a heading.
type FlagSection struct {
	Title string
	Flags []Flag
}

// Pages are those of all commands that are not hidden, and of all topics.
func Pages() []Page {
	root := treeForReading()
	var pages []Page
	var add func(cmd *cobra.Command)
	add = func(cmd *cobra.Command) {
		pages = append(pages, pageOf(cmd))
		for _, below := range shown(cmd) {
			add(below)
		}
	}
	add(root)
	for _, topic := range topics() {
		pages = append(pages, topic.page())
	}
	return pages
}

// pageOf is the page of a command.
func pageOf(cmd *cobra.Command) Page {
	p := Page{
		Name: cmd.CommandPath(), Summary: cmd.Short, Text: cmd.Long, Usage: cmd.UseLine(), Aliases: cmd.Aliases,
		Examples: lines(cmd.Example), Below: below(cmd), Flags: ownFlags(cmd), Global: globalSections(cmd.Root()),
		Schemas: schemasOf(cmd),
	}
	for _, name := range strings.Fields(strings.ReplaceAll(cmd.Annotations[relatedNote], ",", " ")) {
		p.SeeAlso = append(p.SeeAlso, linkTo(cmd.Root(), name))
	}
	return p
}

// lines are the lines of a text without what indents them.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// shown are the commands below one that help lists.
func shown(cmd *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return c.Hidden })
}

// below are the commands below one, by their groups.
func below(cmd *cobra.Command) []Section {
	if cmd.HasParent() {
		section := Section{Title: "Commands"}
		for _, c := range shown(cmd) {
			section.Links = append(section.Links, Link{c.Name(), c.Short})
		}
		if section.Links == nil {
			return nil
		}
		return []Section{section}
	}
	var sections []Section
	for _, group := range cmd.Groups() {
		section := Section{Title: group.Title}
		for _, c := range shown(cmd) {
			if c.GroupID == group.ID {
				section.Links = append(section.Links, Link{c.Name(), c.Short})
			}
		}
		sections = append(sections, section)
	}
	explained := Section{Title: "Topics, explained by pat help TOPIC"}
	for _, topic := range topics() {
		explained.Links = append(explained.Links, Link{topic.name, topic.summary})
	}
	return append(sections, explained)
}

// linkTo is the link to a command, by its name with slashes for those below
// others, or to a topic.
func linkTo(root *cobra.Command, name string) Link {
	if topic, ok := findTopic(name); ok {
		return Link{"pat help " + name, topic.summary}
	}
	for _, words := range [][]string{{name}, strings.Split(name, "/")} {
		if cmd, rest, err := root.Find(words); err == nil && len(rest) == 0 && cmd != root {
			return Link{cmd.CommandPath(), cmd.Short}
		}
	}
	return Link{Name: name}
}

// ownFlags are the flags that only this command takes; those of pat itself every
// command takes.
func ownFlags(cmd *cobra.Command) []Flag {
	if !cmd.HasParent() {
		return nil
	}
	return localFlags(cmd)
}

func localFlags(cmd *cobra.Command) []Flag {
	var flags []Flag
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			flags = append(flags, flagOf(f))
		}
	})
	return flags
}

func flagOf(f *pflag.Flag) Flag {
	return Flag{Name: f.Name, Short: f.Shorthand, Value: valueOf(f), Usage: f.Usage + defaultOf(f)}
}

// defaultOf is the value that a flag has by itself, where that says something.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "0s", "false", "[]":
		return ""
	}
	return " (default " + f.DefValue + ")"
}

// globalGroups are the flags that every command takes, as help groups them.
var globalGroups = []struct {
	title string
	names string
}{
	{"Server and token", "server token-file profile as system-client"},
	{"Output", "output jq template color debug"},
	{"Connection", "timeout deadline concurrency ca-cert client-cert client-key keyring-timeout"},
}

func globalSections(root *cobra.Command) []FlagSection {
	var sections []FlagSection
	for _, group := range globalGroups {
		section := FlagSection{Title: group.title}
		for _, name := range strings.Fields(group.names) {
			if f := root.PersistentFlags().Lookup(name); f != nil {
				section.Flags = append(section.Flags, flagOf(f))
			}
		}
		sections = append(sections, section)
	}
	return sections
}

// Spelled is the flag as one types it.
func (f Flag) Spelled() string {
	text := "--" + f.Name
	if f.Short != "" {
		text = "-" + f.Short + ", " + text
	}
	if f.Value != "" {
		text += " " + f.Value
	}
	return text
}
