package audit

import (
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// Severity is how grave a finding is. A graver one is greater.
type Severity int

// The severities. What is off is not looked for.
const (
	Off Severity = iota
	Info
	Warning
	Error
)

var severityNames = []string{"off", "info", "warning", "error"}

// String is the severity's name.
func (s Severity) String() string { return severityNames[s] }

// MarshalText is the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity is the severity with that name.
func ParseSeverity(name string) (Severity, error) {
	at := slices.Index(severityNames, name)
	if at < 0 {
		return Off, failure.New(failure.Usage, "there is no severity %.20q", name).
			WithHint("the severities are %s", strings.Join(severityNames, ", "))
	}
	return Severity(at), nil
}
