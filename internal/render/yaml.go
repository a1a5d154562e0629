package render

import (
	"bytes"
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/sanitize"
)

// writeYAML writes JSON as YAML: the same fields in the same order, 2 spaces
// deep. It is the only place that knows the YAML library.
//
// What reads YAML 1.1 gets the same data: words and numbers that it would take
// for something else are quoted. So is every text with characters that are not
// plainly visible, which makes them escapes that no terminal obeys.
func writeYAML(b *bytes.Buffer, data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	node, err := readNode(dec)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(node); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	// The encoder spells out much, but neither bidirectional nor zero-width
	// characters; in quotes the escapes of JSON mean the same. It has escaped
	// everything that JSON would need two escapes for.
	b.Write(sanitize.JSON(out.Bytes()))
	return nil
}

// readNode is the next JSON value as YAML.
func readNode(dec *json.Decoder) (*yaml.Node, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch value := token.(type) {
	case json.Delim:
		return readChildren(dec, value)
	case string:
		return textNode(value), nil
	case json.Number:
		return numberNode(value.String()), nil
	case bool:
		node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"}
		if value {
			node.Value = "true"
		}
		return node, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}

// readChildren is the rest of an object or array: of both, the decoder gives
// what is in them one after the other.
func readChildren(dec *json.Decoder, open json.Delim) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if open == '{' {
		node.Kind, node.Tag = yaml.MappingNode, "!!map"
	}
	for dec.More() {
		child, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, child)
	}
	if len(node.Content) == 0 {
		node.Style = yaml.FlowStyle // [] and {}
	}
	_, err := dec.Token()
	return node, err
}

func numberNode(value string) *yaml.Node {
	tag := "!!int"
	if strings.ContainsAny(value, ".eE") {
		tag = "!!float"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

func textNode(value string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	if ambiguous(value) || sanitize.Line(value) != value {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// ambiguous tells whether a reader of YAML 1.1 could take a text for a boolean,
// a number (190:20:30 is one), a time or a merge.
func ambiguous(value string) bool {
	switch strings.ToLower(value) {
	case "", "y", "n", "yes", "no", "on", "off", "=", "<<":
		return true
	}
	return strings.IndexByte("+-.0123456789", value[0]) >= 0
}
