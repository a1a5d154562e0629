package config

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/datahub-pat/pat/internal/failure"
	"gopkg.in/yaml.v3"
)

// The keys of the file itself.
const (
	currentKey  = "current"
	profilesKey = "profiles"
)

// parser reads the file's text and keeps the first thing that is wrong.
type parser struct {
	path  string
	file  *File
	wrong error
}

// parse reads the file's text.
func parse(path string, data []byte) (*File, error) {
	p := parser{path: path, file: &File{Path: path, profiles: map[string]Profile{}}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, p.malformed(err)
	}
	if len(doc.Content) > 0 {
		p.keys(doc.Content[0], "the file", p.top)
	}
	if p.wrong != nil {
		return nil, p.wrong
	}
	return p.file, nil
}

// malformed is text that is not YAML. The library's own words are left out since
// they may quote the text.
func (p *parser) malformed(err error) error {
	where := p.path
	if line := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); line != nil {
		where += ", line " + line[1]
	}
	return failure.New(failure.Usage, "%s: this is not YAML", where).
		WithHint("look there for a wrong indentation, or for text that wants quotes; `pat help config` shows the file")
}

// reject notes what is wrong at a node.
func (p *parser) reject(n *yaml.Node, format string, args ...any) {
	if p.wrong == nil {
		p.wrong = failure.New(failure.Usage, "%s, line %d: %s", p.path, n.Line, fmt.Sprintf(format, args...))
	}
}

// keys has take look at each key of a mapping. Nothing is a mapping without
// keys. name is the mapping, for people.
func (p *parser) keys(n *yaml.Node, name string, take func(key string, value *yaml.Node)) {
	n = resolved(n)
	switch {
	case isNull(n):
		return
	case n.Kind != yaml.MappingNode:
		p.reject(n, "%s is not a list of keys with values", name)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content) && p.wrong == nil; i += 2 {
		key := resolved(n.Content[i])
		switch {
		case key.Tag == "!!merge" || key.Kind != yaml.ScalarNode:
			p.reject(key, "%s has a key that is not a plain word", name)
		case seen[key.Value]:
			p.reject(key, "a key is given twice")
		default:
			seen[key.Value] = true
			take(key.Value, resolved(n.Content[i+1]))
		}
	}
}

// resolved is what a node stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// top takes a key of the file itself.
func (p *parser) top(key string, value *yaml.Node) {
	switch key {
	case currentKey:
		p.text(value, key, &p.file.Current)
	case profilesKey:
		p.keys(value, key, p.profile)
	default:
		p.unknown(key, value)
	}
}

// unknown tells the user of a key that pat does not know, perhaps because of a
// slip.
func (p *parser) unknown(key string, value *yaml.Node) {
	p.file.Notices = append(p.file.Notices, fmt.Sprintf("%s, line %d: pat does not know the key %s", p.path, value.Line, key))
}

// profile takes a profile.
func (p *parser) profile(name string, value *yaml.Node) {
	if CheckName(name) != nil {
		p.reject(value, "%.40q cannot be the name of a profile", name)
		return
	}
	var profile Profile
	p.keys(value, "profile "+name, func(key string, value *yaml.Node) { p.setting(&profile, name, key, value) })
	p.file.names = append(p.file.names, name)
	p.file.profiles[name] = profile
}

// setting takes a key of a profile.
func (p *parser) setting(profile *Profile, name, key string, value *yaml.Node) {
	full := name + "." + key
	texts, truths := profile.texts(), profile.truths()
	if i := slices.IndexFunc(texts, func(k textKey) bool { return k.key == key }); i >= 0 {
		p.text(value, full, texts[i].value)
		return
	}
	if i := slices.IndexFunc(truths, func(k truthKey) bool { return k.key == key }); i >= 0 {
		p.decode(value, full, truths[i].value, "true or false")
		return
	}
	switch key {
	case endsKey:
		p.end(value, full, &profile.Ends)
	case commandKey:
		p.decode(value, full, &profile.TokenCommand, "a list of texts, such as [pass, show, datahub]")
	case headersKey:
		p.decode(value, full, &profile.Headers, "a list of names with texts")
	default:
		p.unknown(full, value)
	}
}

// text takes a text; nothing is the empty one.
func (p *parser) text(value *yaml.Node, key string, into *string) { p.decode(value, key, into, "text") }

func (p *parser) decode(value *yaml.Node, key string, into any, what string) {
	if value.Decode(into) != nil {
		p.reject(value, "%s is not %s", key, what)
	}
}

// end takes the end of a token.
func (p *parser) end(value *yaml.Node, key string, into *End) {
	var text string
	p.text(value, key, &text)
	end, err := parseEnd(text)
	if err != nil {
		p.reject(value, "%s is not a time such as 2026-12-22T10:00:00Z, or %s", key, never)
	}
	*into = end
}
