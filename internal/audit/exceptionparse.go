package audit

import (
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/datahub"
)

// exceptions takes the list of exceptions.
func (p *policyParser) exceptions(n *yaml.Node) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		p.reject(n, "exceptions is not a list")
		return
	}
	for _, item := range n.Content {
		p.exception(item)
	}
}

// exception takes one, which must say for what, why and until when.
func (p *policyParser) exception(n *yaml.Node) {
	e := Exception{Line: n.Line}
	p.keys(n, "an exception", func(key, value *yaml.Node) { p.condition(&e, key, value) })
	switch {
	case e.ID == "" && e.Name == "" && e.Actor == "" && e.Owner == "":
		p.reject(n, "the exception does not say which tokens it is for: give id, name, actor or owner")
	case e.Reason == "":
		p.reject(n, "the exception has no reason")
	case e.Until.IsZero():
		p.reject(n, "the exception has no date: say until when")
	}
	p.policy.Exceptions = append(p.policy.Exceptions, e)
}

// condition takes a key of an exception.
func (p *policyParser) condition(e *Exception, key, value *yaml.Node) {
	switch key.Value {
	case "id":
		e.ID = p.id(value)
	case "name":
		e.Name = p.text(value, "name")
	case "actor":
		e.Actor = p.user(value, "actor")
	case "owner":
		e.Owner = p.user(value, "owner")
	case "checks":
		e.Checks = p.checks(value)
	case "reason":
		e.Reason = p.text(value, "reason")
	case "until":
		e.Until = p.until(value)
	default:
		p.unknown(key, "an exception", "id", "name", "actor", "owner", "checks", "reason", "until")
	}
}

func (p *policyParser) id(n *yaml.Node) string {
	id, full := datahub.ParseTokenID(p.text(n, "id"))
	if !full {
		p.reject(n, "id is not a whole id or URN of a token")
	}
	return id
}

func (p *policyParser) user(n *yaml.Node, key string) datahub.URN {
	urn, err := datahub.ParseUser(p.text(n, key))
	if err != nil {
		p.reject(n, "%s: %v", key, err)
	}
	return urn
}

// until is the moment when an exception ends: a date counts as a whole, in UTC,
// so that a policy means the same everywhere.
func (p *policyParser) until(n *yaml.Node) time.Time {
	text := p.text(n, "until")
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1)
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		p.reject(n, "until is not a date such as 2027-01-31")
	}
	return moment
}

// checks is the list of checks that an exception is for.
func (p *policyParser) checks(n *yaml.Node) []Check {
	texts := p.texts(n, "checks")
	if len(texts) == 0 {
		p.reject(n, "checks is empty: leave it away to mean all")
	}
	possible := slices.DeleteFunc(Checks(), func(c Check) bool { return c == ExceptionOver })
	checks := make([]Check, 0, len(texts))
	for _, text := range texts {
		if !slices.Contains(possible, Check(text)) {
			p.reject(n, "there is no check %s to be excepted from; there are %s", short(text), list(possible))
		}
		checks = append(checks, Check(text))
	}
	return checks
}
