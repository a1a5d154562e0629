package datahub

import (
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
)

// noExpiry is the server's name for a token that never ends.
const noExpiry = "NO_EXPIRY"

// NamedDuration is a duration that the server knows by name.
type NamedDuration struct {
	Name   string        // as in the server's enum AccessTokenDuration
	Length time.Duration // 0 for NO_EXPIRY
}

// DurationNames are the names of the server's enum AccessTokenDuration, which
// every release takes, shortest first. (ONE_WEEK fails before 1.3.0, and newer
// servers may refuse some by policy.)
func DurationNames() []NamedDuration {
	return []NamedDuration{
		{"ONE_HOUR", time.Hour},
		{"ONE_DAY", day},
		{"ONE_WEEK", week},
		{"ONE_MONTH", month},
		{"THREE_MONTHS", 3 * month},
		{"SIX_MONTHS", 6 * month},
		{"ONE_YEAR", year},
		{noExpiry, 0},
	}
}

// Duration is how long a token lives from its creation: a length in whole
// milliseconds, at most 100 years, or for ever. The zero value is none given.
type Duration struct {
	length time.Duration
	never  bool
}

// NoExpiry is the duration of a token that never ends.
func NoExpiry() Duration { return Duration{never: true} }

// NewDuration is the duration of that length, to the millisecond, which is how
// exact the server is. Less than a millisecond is refused.
func NewDuration(length time.Duration) (Duration, error) {
	length = length.Truncate(time.Millisecond)
	if wrong := checkLength(length); wrong != nil {
		return Duration{}, wrong.WithHint("%s", durationHint())
	}
	return Duration{length: length}, nil
}

// ParseDuration reads a token's duration: one of the server's names in any case
// and with - for _, a length like 12h, 1d, 2w, 90d, 3mo or 1y, never, or
// ISO-8601. Failures are of kind Usage and say what is accepted.
func ParseDuration(s string) (Duration, error) {
	s = strings.TrimSpace(s)
	if named, ok := durationByName(s); ok {
		return named, nil
	}
	length, wrong := parseLength(s)
	if wrong != nil {
		return Duration{}, wrong.WithHint("%s%s", meantDuration(s), durationHint())
	}
	return NewDuration(length)
}

// meantDuration asks whether one of the server's names was meant.
func meantDuration(s string) string {
	var names []string
	for _, n := range DurationNames() {
		names = append(names, n.Name)
	}
	if meant := failure.Nearest(strings.ReplaceAll(s, "-", "_"), names); meant != "" {
		return "did you mean " + meant + "? "
	}
	return ""
}

// FromISO reads a length in ISO-8601 as the server does, where a month is 30
// days, a year 365 and any case is taken: PT1H, P30D, P1Y.
func FromISO(s string) (Duration, error) {
	length, wrong := parseISO(strings.ToUpper(strings.TrimSpace(s)))
	if wrong != nil {
		return Duration{}, wrong
	}
	return NewDuration(length)
}

// Length is how long it is; 0 for a token that never ends.
func (d Duration) Length() time.Duration { return d.length }

// Never says whether it is the duration of a token that never ends.
func (d Duration) Never() bool { return d.never }

// IsZero says that no duration was given.
func (d Duration) IsZero() bool { return d == Duration{} }

// Name is the server's name for exactly this duration, or empty.
func (d Duration) Name() string {
	for _, n := range DurationNames() {
		if !d.IsZero() && n.Length == d.length {
			return n.Name
		}
	}
	return ""
}

// ISO is the duration in ISO-8601, in days and smaller units only, so that it
// means the same everywhere: PT12H, P90D, P1DT12H. Empty for one that never
// ends, which ISO-8601 cannot say.
func (d Duration) ISO() string {
	if d.length <= 0 {
		return ""
	}
	text := "P"
	if days := d.length / day; days > 0 {
		text += strconv.FormatInt(int64(days), 10) + "D"
	}
	if d.length%day > 0 {
		text += "T"
	}
	if hours := d.length % day / time.Hour; hours > 0 {
		text += strconv.FormatInt(int64(hours), 10) + "H"
	}
	if minutes := d.length % time.Hour / time.Minute; minutes > 0 {
		text += strconv.FormatInt(int64(minutes), 10) + "M"
	}
	if rest := d.length % time.Minute; rest > 0 {
		text += strconv.FormatFloat(rest.Seconds(), 'f', -1, 64) + "S"
	}
	return text
}

// String is the duration for people, in days and smaller units: "1 hour",
// "90 days", "1 day 12 hours", "never ends".
func (d Duration) String() string {
	if d.never {
		return "never ends"
	}
	var words []string
	count := func(n time.Duration, unit string) {
		if n > 1 {
			unit += "s"
		}
		if n > 0 {
			words = append(words, strconv.FormatInt(int64(n), 10)+" "+unit)
		}
	}
	count(d.length/day, "day")
	count(d.length%day/time.Hour, "hour")
	count(d.length%time.Hour/time.Minute, "minute")
	count(d.length%time.Minute/time.Second, "second")
	count(d.length%time.Second/time.Millisecond, "millisecond")
	return strings.Join(words, " ")
}

// durationByName is the duration of a server's name, or of "never".
func durationByName(s string) (Duration, bool) {
	s = strings.ReplaceAll(strings.ToUpper(s), "-", "_")
	if s == noExpiry || s == "NEVER" {
		return NoExpiry(), true
	}
	for _, n := range DurationNames() {
		if n.Name == s {
			return Duration{length: n.Length}, true
		}
	}
	return Duration{}, false
}

// durationHint is what ParseDuration takes.
func durationHint() string {
	var names []string
	for _, n := range DurationNames() {
		names = append(names, n.Name)
	}
	return "use " + strings.Join(names, ", ") + ", a length like 12h, 1d, 2w, 90d, 3mo or 1y, never, or ISO-8601 like P30D"
}
