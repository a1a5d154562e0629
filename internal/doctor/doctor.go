// Package doctor finds out why DataHub's tokens do not work from this machine:
// it looks at each step of the way to the server, at the credential, at what the
// server lets it do, and at what is kept here, and says of each what it found and
// what to do about it.
//
// It changes nothing, asks nobody anything, and takes bounded time whatever is
// broken: a check that depends on one that failed is skipped, and says why. It
// uses the very way that other commands go, so that what works for it works for
// them. What it finds may hold foreign words: whoever prints them makes them
// safe. No finding holds a secret.
package doctor

import (
	"context"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// Check is one thing that is looked at, by its name in the output.
type Check string

// The checks, in the order in which they are reported.
const (
	Address        Check = "address"        // which server is meant, and who says so
	Proxy          Check = "proxy"          // what stands between
	DNS            Check = "dns"            // the server's name
	TCP            Check = "tcp"            // a connection
	TLS            Check = "tls"            // encryption, and who is who
	Endpoint       Check = "endpoint"       // which face of DataHub answers, if one does
	Version        Check = "version"        // DataHub's release
	Clock          Check = "clock"          // how far the server's clock is from ours
	Authentication Check = "authentication" // whether the server checks tokens
	Credential     Check = "credential"     // where the token is from, and when it ends
	Accepted       Check = "accepted"       // whether the server takes it
	Privileges     Check = "privileges"     // what its user may do with tokens
	Durations      Check = "durations"      // how long new tokens may live
	Keyring        Check = "keyring"        // whether secrets can be kept
	Configuration  Check = "configuration"  // pat's own files
	Datahubenv     Check = "datahubenv"     // the file of DataHub's own client
	Variables      Check = "variables"      // what the environment says, and to whom
	Operations     Check = "operations"     // what a kill or a lost reply left open
)

// Checks are all checks in the order in which they are reported.
func Checks() []Check {
	return []Check{
		Address, Proxy, DNS, TCP, TLS, Endpoint, Version, Clock, Authentication, Credential, Accepted, Privileges,
		Durations, Keyring, Configuration, Datahubenv, Variables, Operations,
	}
}

// Result is how a check came out.
type Result string

// The results of a check.
const (
	OK      Result = "ok"
	Warning Result = "warning" // it works, and something is about to go wrong or is not what one would think
	Problem Result = "problem" // it does not work
	Skipped Result = "skipped" // there is nothing to look at, or what it depends on failed
)

// Finding is what one check came to.
type Finding struct {
	Check  Check
	Result Result
	Value  string       // the bare fact, for programs; empty where there is none
	Found  string       // what was found, for people
	Advice string       // what to do; empty where there is nothing to do
	Kind   failure.Kind // of a problem: what a command that meets it fails with
}

// Keys is what is needed of the system's keyring, which must not ask a person
// anything.
type Keys interface {
	session.Keyring
	// Test is [keyring.Keyring.Test].
	Test(ctx context.Context) error
	// RecordOf is [keyring.Keyring.RecordOf].
	RecordOf(secret string) (keyring.Record, bool, error)
}

// Surroundings are the machine that is looked at.
type Surroundings struct {
	Sources session.Sources // whose keyring is Keys
	Keys    func() (Keys, error)

	ConfigPath  string // pat's own configuration; empty if its folder is not known
	StateFolder string // what pat keeps for itself; empty if that is not known

	// Way is how to get to a pair's server and as whom, and Connect a client that
	// goes that way.
	Way     func(session.Pair) (transport.Options, error)
	Connect func(session.Pair) (*datahub.Client, error)
	// Open are the operations that came to no end.
	Open func() ([]journal.Record, error)

	Now   func() time.Time
	Until func(time.Time) string // how far a time is ahead, or how long ago, for people
	Limit time.Duration          // for each thing that can take time
}

// Examine looks at everything. It fails only if ctx is cancelled; a deadline
// that passes is a finding like any other.
func Examine(ctx context.Context, s Surroundings) ([]Finding, error) {
	if deadline, ok := ctx.Deadline(); ok {
		s.Limit = min(s.Limit, time.Until(deadline).Round(time.Millisecond))
	}
	e := &examination{Surroundings: s, found: map[Check]Finding{}}
	e.run(ctx)
	if ctx.Err() == context.Canceled {
		return nil, failure.New(failure.Interrupted, "interrupted: %w", context.Cause(ctx))
	}
	findings := make([]Finding, 0, len(Checks()))
	for _, check := range Checks() {
		finding, ok := e.found[check]
		if !ok {
			finding = skip("there was no time left for it")
		}
		finding.Check = check
		findings = append(findings, finding)
	}
	return findings, nil
}
