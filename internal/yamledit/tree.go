package yamledit

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// tree is what a document says, without how it says it. The zero tree is an
// empty document.
type tree struct {
	kind   yaml.Kind
	tag    string
	value  string // of a scalar; the name of an alias
	anchor string
	keys   []tree // of a mapping, one for each of the items
	items  []tree // of a mapping or a sequence
}

// textTree is a text.
func textTree(value string) tree { return tree{kind: yaml.ScalarNode, tag: "!!str", value: value} }

// nullTree is nothing, and what a section without keys reads as.
func nullTree() tree { return tree{kind: yaml.ScalarNode, tag: "!!null"} }

// treeOf is what a node says.
func treeOf(n *yaml.Node) tree {
	if n == nil {
		return tree{}
	}
	t := tree{kind: n.Kind, tag: n.Tag, value: n.Value, anchor: n.Anchor}
	if isNull(n) {
		t.value = "" // ~, null and nothing are one
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			t.keys = append(t.keys, treeOf(child))
		} else {
			t.items = append(t.items, treeOf(child))
		}
	}
	return t
}

func (t tree) equal(o tree) bool {
	return t.kind == o.kind && t.tag == o.tag && t.value == o.value && t.anchor == o.anchor &&
		slices.EqualFunc(t.keys, o.keys, tree.equal) && slices.EqualFunc(t.items, o.items, tree.equal)
}

// child is the value of a key, which is added if it is missing.
func (t *tree) child(key string) *tree {
	if t.kind != yaml.MappingNode {
		*t = tree{kind: yaml.MappingNode, tag: "!!map"}
	}
	i := t.index(key)
	if i < 0 {
		i = len(t.items)
		t.keys, t.items = append(t.keys, textTree(key)), append(t.items, nullTree())
	}
	return &t.items[i]
}

func (t *tree) index(key string) int {
	return slices.IndexFunc(t.keys, func(k tree) bool { return k.kind == yaml.ScalarNode && k.value == key })
}

// set is what [Set] does to a tree.
func (t *tree) set(path []string, value tree) {
	for _, key := range path {
		t = t.child(key)
	}
	*t = value
}

// delete is what [Delete] does to a tree.
func (t *tree) delete(path []string) {
	root := t
	for _, key := range path[:len(path)-1] {
		t = t.child(key)
	}
	i := t.index(path[len(path)-1])
	t.keys, t.items = slices.Delete(t.keys, i, i+1), slices.Delete(t.items, i, i+1)
	switch {
	case len(t.keys) > 0:
	case t == root:
		*t = tree{}
	default:
		*t = nullTree()
	}
}

// rename is what [Rename] does to a tree.
func (t *tree) rename(path []string, name string) {
	for _, key := range path[:len(path)-1] {
		t = t.child(key)
	}
	t.keys[t.index(path[len(path)-1])] = textTree(name)
}
