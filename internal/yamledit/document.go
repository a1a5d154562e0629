package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// byteOrderMark is what Windows editors put before UTF-8.
const byteOrderMark = "\ufeff"

// document is a text with what it says.
type document struct {
	mark   string // the byte order mark, if the text had one
	text   string // the rest
	starts []int  // where each line starts, and the end of the text
	root   *yaml.Node
}

// parse reads a text. What would make positions in it doubtful is refused.
func parse(doc []byte) (*document, error) {
	d := &document{text: string(doc)}
	if rest, found := strings.CutPrefix(d.text, byteOrderMark); found {
		d.mark, d.text = byteOrderMark, rest
	}
	d.starts = append(d.starts, 0)
	for i := range len(d.text) {
		if d.text[i] == '\n' && i+1 < len(d.text) {
			d.starts = append(d.starts, i+1)
		}
	}
	d.starts = append(d.starts, len(d.text))
	if err := d.checkText(); err != nil {
		return nil, err
	}
	root, err := read([]byte(d.text))
	if err != nil {
		return nil, err
	}
	d.root = root
	if line := duplicate(root); line > 0 {
		return nil, refuse(line, "a key is given twice")
	}
	return d, nil
}

// count is how many lines there are.
func (d *document) count() int { return len(d.starts) - 1 }

// line is a line, from 0, with its end.
func (d *document) line(i int) string { return d.text[d.starts[i]:d.starts[i+1]] }

// checkText refuses characters that make lines and columns a matter of opinion.
func (d *document) checkText() error {
	if !utf8.ValidString(d.text) {
		return refuse(0, "this is not UTF-8")
	}
	for i := range d.count() {
		line := strings.TrimSuffix(strings.TrimSuffix(d.line(i), "\n"), "\r")
		switch indent := len(line) - len(strings.TrimLeft(line, " \t")); {
		case strings.ContainsAny(line, "\r\u0085\u2028\u2029"+byteOrderMark):
			return refuse(i+1, "there is an odd line end in it")
		case strings.Contains(line[:indent], "\t") && indent < len(line):
			return refuse(i+1, "it is indented with a tab")
		}
	}
	return nil
}

// atLine finds the line in the words of the library, which are not passed on
// because they may quote the text.
var atLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`line (\d+)`) })

// read is the one document in a text, nil if there is nothing in it.
func read(text []byte) (root *yaml.Node, err error) {
	defer func() {
		if recover() != nil { // the library gives up so on some comments
			root, err = nil, refuse(0, "this is not YAML that can be edited")
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, malformed(err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, refuse(second.Line, "there are several documents in it")
	}
	if len(first.Content) == 0 || isEmpty(first.Content[0]) {
		return nil, nil
	}
	return first.Content[0], nil
}

func malformed(err error) error {
	if found := atLine().FindStringSubmatch(err.Error()); found != nil {
		if line, err := strconv.Atoi(found[1]); err == nil {
			return refuse(line, "this is not YAML")
		}
	}
	return refuse(0, "this is not YAML")
}

// isNull says whether a node stands for nothing.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// isEmpty says whether a node stands for nothing and has no text either.
func isEmpty(n *yaml.Node) bool {
	return isNull(n) && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// duplicate is the line of a key that its mapping has already, 0 if there is
// none.
func duplicate(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	seen := map[string]bool{}
	for i, child := range n.Content {
		if line := duplicate(child); line > 0 {
			return line
		}
		if n.Kind != yaml.MappingNode || i%2 != 0 || child.Kind != yaml.ScalarNode {
			continue
		}
		name := fmt.Sprintf("%s %s", child.Tag, child.Value)
		if seen[name] {
			return child.Line
		}
		seen[name] = true
	}
	return 0
}
