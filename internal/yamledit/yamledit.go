// Package yamledit changes single values in YAML text that people write by
// hand, and leaves every other byte as it is: comments, order, blank lines,
// line ends.
//
// What it cannot change without doubt it refuses: anchors, aliases, tags, merge
// keys and flow style on the way to the value, keys given twice, tabs, several
// documents. After each edit it reads the text again and makes sure that only
// what was asked for has changed.
//
// It is a leaf: it knows text, and nothing of files or of what the keys mean.
// Its failures are of kind Usage, name the line, and repeat nothing but the path
// that was asked for: the text may hold secrets.
package yamledit

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"gopkg.in/yaml.v3"
)

// Set gives the key that path leads to a text as its value, quoted where it
// would otherwise be read as something else. Where sections or the key itself
// are missing they are added at the end of the section they belong to. A value
// that is the same already leaves the text alone.
func Set(doc []byte, path []string, value string) ([]byte, error) {
	text, err := quote(value)
	if err != nil {
		return nil, err
	}
	return assign(doc, path, text, textTree(value))
}

// SetBool is [Set] for true and false.
func SetBool(doc []byte, path []string, value bool) ([]byte, error) {
	text := fmt.Sprint(value)
	return assign(doc, path, text, tree{kind: yaml.ScalarNode, tag: "!!bool", value: text})
}

// SetList is [Set] for a list of texts. It is written on one line.
func SetList(doc []byte, path []string, values []string) ([]byte, error) {
	list := tree{kind: yaml.SequenceNode, tag: "!!seq"}
	texts := make([]string, len(values))
	for i, value := range values {
		text, err := quoteItem(value)
		if err != nil {
			return nil, err
		}
		texts[i] = text
		list.items = append(list.items, textTree(value))
	}
	return assign(doc, path, "["+strings.Join(texts, ", ")+"]", list)
}

// Delete removes the key that path leads to, with everything below it. One that
// is not there is fine. Comments above the key stay.
func Delete(doc []byte, path []string) ([]byte, error) {
	d, to, err := open(doc, path)
	if err != nil || len(to.missing) > 0 {
		return doc, err
	}
	edited, err := d.remove(to.last())
	if err != nil {
		return nil, err
	}
	return d.verify(edited, to, func(t *tree) { t.delete(path) })
}

// Rename gives the key that path leads to another name. There must be such a
// key (else failure.NotFound) and none of the new name beside it (else
// failure.Exists).
func Rename(doc []byte, path []string, name string) ([]byte, error) {
	text, err := quote(name)
	if err != nil {
		return nil, err
	}
	d, to, err := open(doc, path)
	switch {
	case err != nil:
		return nil, err
	case len(to.missing) > 0:
		return nil, failure.New(failure.NotFound, "there is no %s", shown(path))
	case path[len(path)-1] == name:
		return doc, nil
	}
	if beside := to.sections[len(path)-1]; find(beside, name) >= 0 {
		return nil, failure.New(failure.Exists, "there is a key of the new name beside %s already", shown(path))
	}
	key := to.last().key
	edited := d.splice(key.start, key.end, text)
	return d.verify(edited, to, func(t *tree) { t.rename(path, name) })
}

// assign gives the key that path leads to a value: text as it is to be written,
// want as it is to be read back.
func assign(doc []byte, path []string, text string, want tree) ([]byte, error) {
	d, to, err := open(doc, path)
	if err != nil {
		return nil, err
	}
	var edited string
	switch {
	case len(to.missing) > 0:
		edited, err = d.insert(to, text)
	case treeOf(to.last().value).equal(want):
		return doc, nil
	default:
		edited, err = d.replace(to.last(), text, want.kind)
	}
	if err != nil {
		return nil, err
	}
	return d.verify(edited, to, func(t *tree) { t.set(path, want) })
}

// open reads the text and follows the path.
func open(doc []byte, path []string) (*document, place, error) {
	if len(path) == 0 {
		return nil, place{}, failure.New(failure.Usage, "no key is named")
	}
	d, err := parse(doc)
	if err != nil {
		return nil, place{}, err
	}
	to, err := d.follow(path)
	return d, to, err
}

// verify is the edited text as a whole, if it reads as the old one does after
// the change.
func (d *document) verify(edited string, to place, change func(*tree)) ([]byte, error) {
	doc := []byte(d.mark + edited)
	after, err := parse(doc)
	if err != nil {
		return nil, refuse(to.line(), "%s cannot be changed without damage to the rest", shown(to.path))
	}
	want := treeOf(d.root)
	change(&want)
	if !treeOf(after.root).equal(want) {
		return nil, refuse(to.line(), "%s cannot be changed without changing something else", shown(to.path))
	}
	return doc, nil
}

// shown is a path for people.
func shown(path []string) string { return strings.Join(path, ".") }

// refuse is text that is not edited; line counts from 1, 0 is none.
func refuse(line int, format string, args ...any) error {
	where := ""
	if line > 0 {
		where = fmt.Sprintf("line %d: ", line)
	}
	return failure.New(failure.Usage, "%s%s", where, fmt.Sprintf(format, args...))
}
