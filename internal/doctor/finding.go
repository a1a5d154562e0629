package doctor

import (
	"errors"
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// fine is a finding that is as it should be; value is the bare fact.
func fine(value, format string, args ...any) Finding {
	return Finding{Result: OK, Value: value, Found: fmt.Sprintf(format, args...)}
}

// skip is a check that was not made, and why.
func skip(why string) Finding { return Finding{Result: Skipped, Found: why} }

// skipAfter is a check that depends on one that failed.
func skipAfter(failed Check) Finding { return skip("not checked: depends on " + string(failed)) }

// trouble is a finding of a kind that keeps things from working.
func trouble(kind failure.Kind, found, advice string) Finding {
	return Finding{Result: Problem, Kind: kind, Found: found, Advice: advice}
}

// failed is a failure as a finding.
func failed(err error) Finding {
	told := failure.Of(err)
	return trouble(told.Kind, told.Message+wordsOf(told), told.Hint)
}

// wordsOf is what the other side said, the server unless it is a keyring, as the
// end of a sentence.
func wordsOf(told *failure.Error) string {
	words := strings.TrimSuffix(told.Server, ".")
	switch {
	case words == "":
		return ""
	case told.Kind == failure.Undelivered:
		return " (" + words + ")"
	}
	return ": the server says: " + words
}

// but is f with a warning about it.
func (f Finding) but(found, advice string) Finding {
	f.Found = joined("; ", f.Found, found)
	f.Advice = joined("; ", f.Advice, advice)
	if f.Result == OK || f.Result == Skipped {
		f.Result = Warning
	}
	return f
}

// and is f with something more to know, which changes nothing.
func (f Finding) and(format string, args ...any) Finding {
	f.Found = joined("; ", f.Found, fmt.Sprintf(format, args...))
	return f
}

// joined is the texts that there are, with sep between them.
func joined(sep string, texts ...string) string {
	var there []string
	for _, text := range texts {
		if text != "" {
			there = append(there, text)
		}
	}
	return strings.Join(there, sep)
}

// faultOf is the fault in err's chain, if there is one.
func faultOf(err error) *transport.Fault {
	var fault *transport.Fault
	if errors.As(err, &fault) {
		return fault
	}
	return nil
}

// late says whether err means that time ran out.
func late(err error) bool {
	fault := faultOf(err)
	return fault != nil && fault.Reason == transport.Timeout
}

// slow is what took longer than it may; what says what was waited for.
func (e *examination) slow(what string) Finding {
	return trouble(failure.Unavailable, fmt.Sprintf("%s within %s", what, e.Limit),
		"the server may be overloaded, or something on the way swallows requests; give each longer with --timeout")
}
