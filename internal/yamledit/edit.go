package yamledit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// splice is the text with a part replaced.
func (d *document) splice(start, end int, text string) string {
	return d.text[:start] + text + d.text[end:]
}

// replace is the text with another value for a key. kind is that of the new
// value.
func (d *document) replace(e entry, text string, kind yaml.Kind) (string, error) {
	if err := replaceable(e.value, kind); err != nil {
		return "", err
	}
	if isEmpty(e.value) {
		return d.splice(e.colon+1, e.colon+1, " "+text), nil
	}
	start, err := d.offset(e.value)
	if err != nil {
		return "", err
	}
	if d.skipProperties(start) != start {
		return "", refuse(e.value.Line, "the value has a tag (!)")
	}
	end, err := d.end(e.value, e.limit)
	if err != nil {
		return "", err
	}
	switch {
	case e.value.Kind == yaml.SequenceNode && e.value.Style&yaml.FlowStyle == 0:
		return d.replaceLines(e, span{e.colon + 1, e.colon + 1}, end, " "+text), nil
	case e.value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		sign, _ := cutComment(d.text[start:d.starts[d.lineAt(start)+1]])
		return d.replaceLines(e, span{start, start + len(sign)}, end, text), nil
	}
	return d.splice(start, end, text), nil
}

// replaceable refuses a value that means more than its own text, or that is of
// another kind than what is to take its place.
func replaceable(value *yaml.Node, kind yaml.Kind) error {
	switch {
	case value.Kind == yaml.AliasNode:
		return refuse(value.Line, "the value is an alias (*)")
	case value.Anchor != "":
		return refuse(value.Line, "the value has an anchor (&)")
	case value.Style&yaml.TaggedStyle != 0:
		return refuse(value.Line, "the value has a tag (!)")
	case value.Kind != yaml.ScalarNode && value.Kind != kind:
		return refuse(value.Line, "there are several values where one belongs")
	}
	return nil
}

// replaceLines puts text in the place of what is at first, and takes away the
// lines after it as far as end.
func (d *document) replaceLines(e entry, first span, end int, text string) string {
	from := d.starts[d.lineAt(first.start)+1]
	to := d.starts[d.lineAt(max(end-1, 0))+1]
	switch {
	case end <= from:
		to = from
	case to == len(d.text) && !strings.HasSuffix(d.text, "\n"):
		from = len(strings.TrimSuffix(strings.TrimSuffix(d.text[:from], "\n"), "\r")) // the last line has no end then either
	}
	return d.text[:first.start] + text + d.text[first.end:from] + d.text[to:]
}

// remove is the text without a key and its value.
func (d *document) remove(e entry) (string, error) {
	last, err := d.lastLine(e)
	if err != nil {
		return "", err
	}
	last = d.commentsAfter(last, e.limit, e.indent+1)
	return d.splice(d.starts[e.line], d.starts[last+1], ""), nil
}

// lastLine is the line, from 0, on which a key's value ends. Nothing else may
// be on it.
func (d *document) lastLine(e entry) (int, error) {
	end := e.colon + 1
	if !isEmpty(e.value) {
		var err error
		if end, err = d.end(e.value, e.limit); err != nil {
			return 0, err
		}
	}
	line := d.lineAt(max(end-1, 0))
	if rest, _ := cutComment(d.text[end:d.starts[line+1]]); strings.TrimSpace(rest) != "" {
		return 0, refuse(line+1, "something follows the value")
	}
	return line, nil
}

// commentsAfter is the last of the lines of comment that directly follow a line
// and are indented by at least indent; without any it is the line itself.
func (d *document) commentsAfter(line, limit, indent int) int {
	for line+1 < limit {
		text := strings.TrimLeft(d.line(line+1), " ")
		if !strings.HasPrefix(text, "#") || len(d.line(line+1))-len(text) < indent {
			break
		}
		line++
	}
	return line
}
