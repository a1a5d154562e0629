package handover

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// entry is a line of a YAML mapping: a key with a value of ours, with foreign
// text, or with a mapping.
type entry struct {
	key        string
	foreignKey bool
	plain      string
	text       string
	below      []entry
}

// yamlText is a mapping in the order of its entries. What is foreign is quoted,
// so that it reads back as the same text and as nothing but text.
func yamlText(entries []entry) (string, error) {
	var b bytes.Buffer
	out := yaml.NewEncoder(&b)
	out.SetIndent(2)
	if err := out.Encode(mapping(entries)); err != nil {
		return "", err
	}
	err := out.Close()
	return b.String(), err
}

func mapping(entries []entry) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, e := range entries {
		key, value := plainNode(e.key), quotedNode(e.text)
		if e.foreignKey {
			key = quotedNode(e.key)
		}
		switch {
		case e.below != nil:
			value = mapping(e.below)
		case e.plain != "":
			value = plainNode(e.plain)
		}
		node.Content = append(node.Content, key, value)
	}
	return node
}

func plainNode(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

func quotedNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: text}
}
