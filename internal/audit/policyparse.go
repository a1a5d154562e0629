package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/failure"
)

// MaxPolicy is how many bytes a policy may have.
const MaxPolicy = 1 << 20

// ParsePolicy reads a policy's text. It is strict: a key that it does not know
// would be a check that somebody believes to be made. Failures are of kind
// [failure.Usage] and name path and line.
func ParsePolicy(path string, data []byte) (Policy, error) {
	return parsePolicy(path, data, Default().Rules)
}

// parsePolicy reads a policy's text; what that leaves out is as in rules.
func parsePolicy(path string, data []byte, rules map[Check]Rule) (Policy, error) {
	p := policyParser{path: path, policy: Policy{Path: path, Rules: rules}}
	if len(data) > MaxPolicy {
		return Policy{}, failure.New(failure.Usage, "%s: it is larger than a policy can be (%d bytes)", path, MaxPolicy)
	}
	root, err := p.document(data)
	if err != nil {
		return Policy{}, err
	}
	if root != nil {
		p.keys(root, "the policy", p.top)
	}
	return p.policy, p.wrong
}

// policyParser reads a policy and keeps the first thing that is wrong.
type policyParser struct {
	path   string
	policy Policy
	wrong  error
}

// document is the only document of the text; nil where it is empty.
func (p *policyParser) document(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, p.malformed(err)
	}
	if !errors.Is(decoder.Decode(&second), io.EOF) {
		return nil, failure.New(failure.Usage, "%s: there is more than one document in it", p.path)
	}
	if len(first.Content) == 0 || isNull(first.Content[0]) {
		return nil, nil
	}
	return first.Content[0], nil
}

var lineOf = regexp.MustCompile(`line (\d+)`)

// malformed is text that is not YAML.
func (p *policyParser) malformed(err error) error {
	where := p.path
	if line := lineOf.FindStringSubmatch(err.Error()); line != nil {
		where += ", line " + line[1]
	}
	return failure.New(failure.Usage, "%s: this is not YAML", where).WithHint("`pat audit --print-policy` shows a policy")
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// reject notes what is wrong at a node, unless something was before.
func (p *policyParser) reject(n *yaml.Node, format string, args ...any) {
	if p.wrong == nil {
		p.wrong = failure.New(failure.Usage, "%s, line %d: %s", p.path, n.Line, fmt.Sprintf(format, args...)).
			WithHint("`pat audit --print-policy` shows a policy")
	}
}

// keys has take look at each key of a mapping; name is the mapping, for people.
func (p *policyParser) keys(n *yaml.Node, name string, take func(key *yaml.Node, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.reject(n, "%s is not a list of keys with values", name)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content) && p.wrong == nil; i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			p.reject(key, "%s has a key that is not a plain word", name)
		case seen[key.Value]:
			p.reject(key, "%s is given twice", short(key.Value))
		case value.Kind == yaml.AliasNode:
			p.reject(value, "%s is an alias: write out what it stands for", short(key.Value))
		default:
			seen[key.Value] = true
			take(key, value)
		}
	}
}

// unknown refuses a key that nothing is known by.
func (p *policyParser) unknown(key *yaml.Node, name string, known ...string) {
	p.reject(key, "%s has no key %s; it has %s", name, short(key.Value), strings.Join(known, ", "))
}

// short is a text of the file as it may be repeated.
func short(text string) string { return fmt.Sprintf("%.40q", text) }

// top takes a key of the policy itself.
func (p *policyParser) top(key, value *yaml.Node) {
	switch key.Value {
	case "version":
		if value.Value != "1" {
			p.reject(value, "this pat knows version 1 of policies only")
		}
	case "checks":
		p.keys(value, "checks", p.check)
	case "exceptions":
		p.exceptions(value)
	default:
		p.unknown(key, "the policy", "version", "checks", "exceptions")
	}
}

// text is a text that is not empty.
func (p *policyParser) text(n *yaml.Node, key string) string {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || isNull(n) {
		p.reject(n, "%s is not a text", key)
	}
	return n.Value
}

func (p *policyParser) texts(n *yaml.Node, key string) []string {
	if n.Kind != yaml.SequenceNode {
		p.reject(n, "%s is not a list", key)
		return nil
	}
	texts := make([]string, 0, len(n.Content))
	for _, item := range n.Content {
		texts = append(texts, p.text(item, "one of "+key))
	}
	return texts
}
