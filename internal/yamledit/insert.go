package yamledit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// usualStep is by how much a section is indented where the text does not show
// it.
const usualStep = 2

// insert is the text with the missing keys of a path, the last of them with a
// value.
func (d *document) insert(to place, text string) (string, error) {
	after, indent, err := d.insertionPoint(to)
	if err != nil {
		return "", err
	}
	lines, err := d.newLines(to.missing, indent, text)
	if err != nil {
		return "", err
	}
	edited := d.insertLines(after, lines)
	if d.root == nil || len(to.sections) > len(to.entries) {
		return edited, nil
	}
	// The section was there without keys; a null in its place has to go.
	parent := to.last()
	start, err := d.offset(parent.value)
	if err != nil || isEmpty(parent.value) {
		return edited, err
	}
	if d.text[start:start+len(parent.value.Value)] != parent.value.Value || d.lineAt(start) != parent.line {
		return "", refuse(parent.value.Line, "%s is not a section with keys", shown(to.path[:len(to.entries)]))
	}
	return strings.TrimRight(edited[:start], " ") + edited[start+len(parent.value.Value):], nil
}

// insertionPoint is the line after which the missing keys belong, -1 for the
// start of the text, and how far they are indented.
func (d *document) insertionPoint(to place) (after, indent int, err error) {
	known := len(to.entries)
	switch {
	case len(to.sections) > known:
		return d.endOfSection(to.sections[known], to)
	case known > 0:
		parent := to.last()
		indent = parent.indent + d.step(d.root)
		return d.commentsAfter(parent.line, parent.limit, parent.indent+1), indent, nil
	case d.text == "":
		return -1, 0, nil
	}
	return d.count() - 1, 0, nil
}

// endOfSection is the insertion point in a section that has keys.
func (d *document) endOfSection(section *yaml.Node, to place) (after, indent int, err error) {
	limit := d.contentEnd()
	if len(to.entries) > 0 {
		limit = to.last().limit
	}
	last, err := d.entry(section, len(section.Content)-2, limit)
	if err != nil {
		return 0, 0, err
	}
	after, err = d.lastLine(last)
	if err != nil {
		return 0, 0, err
	}
	return d.commentsAfter(after, limit, last.indent), last.indent, nil
}

// step is by how many blanks the text indents a section, or the usual number.
func (d *document) step(n *yaml.Node) int {
	if n == nil || n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle != 0 {
		return usualStep
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if value.Kind == yaml.MappingNode && value.Style&yaml.FlowStyle == 0 && value.Column > key.Column {
			return value.Column - key.Column
		}
	}
	return usualStep
}

// newLines are keys, each one below the one before, and the value of the last.
func (d *document) newLines(keys []string, indent int, value string) ([]string, error) {
	lines := make([]string, len(keys))
	for i, key := range keys {
		name, err := quote(key)
		if err != nil {
			return nil, err
		}
		lines[i] = strings.Repeat(" ", indent+i*d.step(d.root)) + name + ":"
	}
	lines[len(lines)-1] += " " + value
	return lines, nil
}

// insertLines is the text with lines after one of its own. If that is the last
// and has no end, the new last one has none either.
func (d *document) insertLines(after int, lines []string) string {
	at, end := 0, newline(d.text)
	if after >= 0 {
		at = d.starts[after+1]
	}
	text := strings.Join(lines, end)
	if at > 0 && !strings.HasSuffix(d.text[:at], "\n") {
		text = end + text
	} else {
		text += end
	}
	return d.splice(at, at, text)
}

// newline is how a text ends its lines.
func newline(text string) string {
	if at := strings.Index(text, "\n"); at > 0 && text[at-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
