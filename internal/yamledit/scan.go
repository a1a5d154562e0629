package yamledit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// end is where the text of a node ends, without what follows it on its line.
// limit is the line at which something else starts.
func (d *document) end(n *yaml.Node, limit int) (int, error) {
	block := n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0
	if (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && block {
		return d.end(n.Content[len(n.Content)-1], limit)
	}
	start, err := d.offset(n)
	if err != nil {
		return 0, err
	}
	start = d.skipProperties(start)
	switch n.Kind {
	case yaml.AliasNode:
		return start + len("*") + len(n.Value), nil
	case yaml.ScalarNode:
		return d.scalarEnd(n, start, limit)
	}
	return d.flowEnd(start)
}

// skipProperties is where what follows a node's anchor and tag starts.
func (d *document) skipProperties(at int) int {
	for at < len(d.text) && (d.text[at] == '&' || d.text[at] == '!') {
		rest := d.text[at:]
		size := strings.IndexAny(rest, " \r\n")
		if size < 0 {
			return len(d.text)
		}
		at += len(rest) - len(strings.TrimLeft(rest[size:], " "))
	}
	return at
}

// scalarEnd is the end of a text, number or the like that starts at start.
func (d *document) scalarEnd(n *yaml.Node, start, limit int) (int, error) {
	quote := byte(0)
	if start < len(d.text) {
		quote = d.text[start]
	}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0 && quote == '"', n.Style&yaml.SingleQuotedStyle != 0 && quote == '\'':
		return d.quotedEnd(start)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && (quote == '|' || quote == '>'):
		return d.blockEnd(start, limit), nil
	case n.Style&^yaml.TaggedStyle != 0:
		return 0, refuse(n.Line, "a value is written in an unusual way")
	case n.Value == "":
		return start, nil
	}
	return d.plainEnd(n, start, limit), nil
}

// quotedEnd is the end of a text in quotes.
func (d *document) quotedEnd(start int) (int, error) {
	quote := d.text[start]
	for i := start + 1; i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '\\' && quote == '"':
			i++
		case c != quote:
		case quote == '\'' && strings.HasPrefix(d.text[i+1:], "'"):
			i++
		default:
			return i + 1, nil
		}
	}
	return 0, refuse(0, "quotes are not closed")
}

// plainEnd is the end of a text without quotes, which may go on over lines. As a
// key it ends where its own text does.
func (d *document) plainEnd(n *yaml.Node, start, limit int) int {
	if strings.HasPrefix(d.text[start:], n.Value) {
		return start + len(n.Value)
	}
	end := start
	for i := d.lineAt(start); i < limit; i++ {
		from := max(d.starts[i], start)
		text, comment := cutComment(d.text[from:d.starts[i+1]])
		if text != "" {
			end = from + len(text)
		}
		if comment {
			break
		}
	}
	return end
}

// cutComment is a line of plain text without the blanks at its end, and whether
// that was because of a comment.
func cutComment(line string) (text string, comment bool) {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			line, comment = line[:i], true
			break
		}
	}
	return strings.TrimRight(line, " \t\r\n"), comment
}

// blockEnd is the end of a text after | or >: the last line that is indented as
// its first one is.
func (d *document) blockEnd(start, limit int) int {
	header := d.lineAt(start)
	text, _ := cutComment(d.text[start:d.starts[header+1]])
	end, indent := start+len(text), 0
	for i := header + 1; i < limit; i++ {
		line := strings.TrimRight(d.line(i), "\r\n")
		has := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimLeft(line, " ") == "" {
			continue
		}
		if indent == 0 {
			indent = has
		}
		if has == 0 || has < indent {
			break
		}
		end = d.starts[i] + len(line)
	}
	return end
}

// lineAt is the line, from 0, in which an offset is.
func (d *document) lineAt(offset int) int {
	i := 0
	for i+1 < d.count() && d.starts[i+1] <= offset {
		i++
	}
	return i
}

// flowEnd is the end of {…} or […].
func (d *document) flowEnd(start int) (int, error) {
	depth, fresh := 0, true // fresh: whatever comes next starts a value
	for i := start; i < len(d.text); i++ {
		c := d.text[i]
		switch {
		case c == '[' || c == '{':
			depth, fresh = depth+1, true
		case c == ']' || c == '}':
			if depth, fresh = depth-1, false; depth == 0 {
				return i + 1, nil
			}
		case c == ',' || c == ':' || c == '?':
			fresh = true
		case (c == '"' || c == '\'') && fresh:
			end, err := d.quotedEnd(i)
			if err != nil {
				return 0, err
			}
			i, fresh = end-1, false
		case c == '#' && strings.ContainsRune(" \t\r\n", rune(d.text[i-1])):
			i = d.starts[d.lineAt(i)+1] - 1
		case !strings.ContainsRune(" \t\r\n", rune(c)):
			fresh = false
		}
	}
	return 0, refuse(d.lineAt(start)+1, "brackets are not closed")
}
