package config

import (
	"maps"
	"slices"

	"github.com/datahub-pat/pat/internal/yamledit"
)

// edits are the changes to one profile, one after the other, up to the first
// that fails.
type edits struct {
	doc  []byte
	path []string // of the profile
	err  error
}

func (e *edits) do(edit func(doc []byte) ([]byte, error)) {
	if e.err == nil {
		e.doc, e.err = edit(e.doc)
	}
}

func (e *edits) at(keys ...string) []string { return append(slices.Clone(e.path), keys...) }

func (e *edits) delete(keys ...string) {
	e.do(func(doc []byte) ([]byte, error) { return yamledit.Delete(doc, e.at(keys...)) })
}

// text makes a key say a text; no text, no key.
func (e *edits) text(old, value string, keys ...string) {
	switch {
	case old == value:
	case value == "":
		e.delete(keys...)
	default:
		e.do(func(doc []byte) ([]byte, error) { return yamledit.Set(doc, e.at(keys...), value) })
	}
}

// rewritten is the file with a profile that said old and is to say p.
func (s Store) rewritten(doc []byte, name string, old, p Profile) ([]byte, error) {
	e := edits{doc: doc, path: []string{profilesKey, name}}
	before := old.texts()
	for i, k := range p.texts() {
		e.text(*before[i].value, *k.value, k.key)
	}
	e.text(old.Ends.String(), p.Ends.String(), endsKey)
	for i, was := range old.truths() {
		switch now := p.truths()[i]; {
		case *now.value == *was.value:
		case *now.value:
			e.do(func(doc []byte) ([]byte, error) { return yamledit.SetBool(doc, e.at(now.key), true) })
		default:
			e.delete(now.key)
		}
	}
	e.command(old.TokenCommand, p.TokenCommand)
	e.headers(old.Headers, p.Headers)
	return s.told(e.doc, e.err)
}

func (e *edits) command(old, words []string) {
	switch {
	case slices.Equal(old, words):
	case len(words) == 0:
		e.delete(commandKey)
	default:
		e.do(func(doc []byte) ([]byte, error) { return yamledit.SetList(doc, e.at(commandKey), words) })
	}
}

func (e *edits) headers(old, headers map[string]string) {
	if len(headers) == 0 && len(old) > 0 {
		e.delete(headersKey)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if value, there := old[name]; !there || value != headers[name] {
			e.do(func(doc []byte) ([]byte, error) { return yamledit.Set(doc, e.at(headersKey, name), headers[name]) })
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		if _, stays := headers[name]; !stays {
			e.delete(headersKey, name)
		}
	}
}
