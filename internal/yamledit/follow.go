package yamledit

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// place is how far a path leads into a document.
type place struct {
	path     []string
	sections []*yaml.Node // the mappings in which keys of the path were looked for
	entries  []entry      // the keys of the path that are there
	missing  []string     // the rest of the path
}

// entry is a key with its value in a mapping of block style.
type entry struct {
	key   span // with its quotes
	colon int  // where the colon after it is
	line  int  // of the key, from 0
	indent,
	limit int // the line at which something else starts, at the latest
	value *yaml.Node
}

// span is a part of the text.
type span struct{ start, end int }

// last is the deepest key of the path that is there.
func (p place) last() entry { return p.entries[len(p.entries)-1] }

// line is where the path led to, from 1; 0 for nowhere.
func (p place) line() int {
	if len(p.entries) == 0 {
		return 0
	}
	return p.last().line + 1
}

// follow finds the keys of a path, and refuses what is in its way.
func (d *document) follow(path []string) (place, error) {
	to := place{path: path}
	section, limit := d.root, d.contentEnd()
	for i, name := range path {
		to.missing = path[i:]
		if section == nil || isNull(section) && section != d.root && section.Anchor == "" {
			return to, nil
		}
		if err := editable(section, path[:i]); err != nil {
			return place{}, err
		}
		to.sections = append(to.sections, section)
		at := find(section, name)
		if at < 0 {
			return to, nil
		}
		found, err := d.entry(section, at, limit)
		if err != nil {
			return place{}, err
		}
		to.entries = append(to.entries, found)
		section, limit = found.value, found.limit
	}
	to.missing = nil
	return to, nil
}

// editable refuses a section that cannot be edited key by key.
func editable(section *yaml.Node, path []string) error {
	name := "the document"
	if len(path) > 0 {
		name = shown(path)
	}
	switch {
	case section.Kind == yaml.AliasNode:
		return refuse(section.Line, "%s is an alias (*)", name)
	case section.Anchor != "":
		return refuse(section.Line, "%s has an anchor (&)", name)
	case section.Style&yaml.TaggedStyle != 0:
		return refuse(section.Line, "%s has a tag (!)", name)
	case section.Kind != yaml.MappingNode:
		return refuse(section.Line, "%s is not a section with keys", name)
	case section.Style&yaml.FlowStyle != 0:
		return refuse(section.Line, "%s is written in flow style ({…})", name)
	}
	for i := 0; i < len(section.Content); i += 2 {
		if key := section.Content[i]; key.Tag == "!!merge" {
			return refuse(key.Line, "%s has a merge key (<<)", name)
		}
	}
	return nil
}

// find is where in a mapping's content a key is, -1 for nowhere.
func find(section *yaml.Node, name string) int {
	for i := 0; i < len(section.Content); i += 2 {
		if key := section.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			return i
		}
	}
	return -1
}

// contentEnd is the line at which the document ends: that of its end marker, or
// the one after the last.
func (d *document) contentEnd() int {
	if d.root == nil {
		return d.count()
	}
	for i := d.root.Line - 1; i < d.count(); i++ {
		if rest, found := strings.CutPrefix(d.line(i), "..."); found && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n")) {
			return i
		}
	}
	return d.count()
}

// entry is the key at an index of a mapping's content. limit is that of the
// mapping.
func (d *document) entry(section *yaml.Node, at, limit int) (entry, error) {
	key, value := section.Content[at], section.Content[at+1]
	if at+2 < len(section.Content) {
		limit = section.Content[at+2].Line - 1
	}
	start, err := d.offset(key)
	if err != nil {
		return entry{}, err
	}
	e := entry{line: key.Line - 1, value: value, limit: limit}
	e.indent = start - d.starts[e.line]
	if key.Anchor != "" || key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0 || strings.Trim(d.text[start-e.indent:start], " ") != "" {
		return entry{}, refuse(key.Line, "the key is written in an unusual way")
	}
	end, err := d.scalarEnd(key, start, e.line+1)
	if err != nil {
		return entry{}, err
	}
	blanks := len(d.text[end:]) - len(strings.TrimLeft(d.text[end:], " "))
	if e.colon = end + blanks; e.colon >= len(d.text) || d.text[e.colon] != ':' {
		return entry{}, refuse(key.Line, "the key is written in an unusual way")
	}
	e.key = span{start, end}
	return e, nil
}

// offset is where in the text a node starts. The library counts characters.
func (d *document) offset(n *yaml.Node) (int, error) {
	if n.Line < 1 || n.Line > d.count() {
		return 0, refuse(0, "it is laid out in an unusual way")
	}
	at, rest := d.starts[n.Line-1], d.line(n.Line-1)
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(rest)
		if size == 0 {
			return 0, refuse(n.Line, "it is laid out in an unusual way")
		}
		at, rest = at+size, rest[size:]
	}
	return at, nil
}
