package audit

import (
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/datahub"
)

// check takes a check's rule. What it leaves out stays as it is by default.
func (p *policyParser) check(key, value *yaml.Node) {
	check := Check(key.Value)
	if !check.known() {
		p.reject(key, "there is no check %s; there are %s", short(key.Value), list(Checks()))
		return
	}
	rule := p.policy.Rules[check]
	p.keys(value, "the check "+key.Value, func(key, value *yaml.Node) {
		switch {
		case key.Value == "severity":
			rule.Severity = p.severity(value)
		case key.Value == "limit" && check.hasLimit():
			rule.Limit = p.length(value)
		case key.Value == "names" && check == LeftoverName:
			rule.Names = p.texts(value, "names")
		default:
			p.unknown(key, "the check "+string(check), check.keys()...)
		}
	})
	p.policy.Rules[check] = rule
}

// keys are what a rule of the check can have.
func (c Check) keys() []string {
	switch {
	case c.hasLimit():
		return []string{"severity", "limit"}
	case c == LeftoverName:
		return []string{"severity", "names"}
	}
	return []string{"severity"}
}

func list(checks []Check) string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}

func (p *policyParser) severity(n *yaml.Node) Severity {
	text := p.text(n, "severity")
	if n.Tag == "!!bool" && text == "off" { // as YAML 1.1 has it
		return Off
	}
	severity, err := ParseSeverity(text)
	if err != nil {
		p.reject(n, "%v; there are %s", err, strings.Join(severityNames, ", "))
	}
	return severity
}

func (p *policyParser) length(n *yaml.Node) time.Duration {
	length, err := datahub.ParseLength(p.text(n, "limit"))
	if err != nil {
		p.reject(n, "limit: %v; write it like 90d, 2w or 1y", err)
	}
	return length
}
