package datahub

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/sosodev/duration"
)

// DataHub's calendar: every month has 30 days and every year 365.
const (
	day   = 24 * time.Hour
	week  = 7 * day
	month = 30 * day
	year  = 365 * day
)

// longest is the longest length there is: far beyond any use, and far from
// where arithmetic with times overflows.
const longest = 100 * year

// ParseLength reads a span of time, as for filters: a length like 12h, 7d, 2w,
// 3mo or 1y, or ISO-8601. A month is 30 days and a year 365, as for tokens.
func ParseLength(s string) (time.Duration, error) {
	length, wrong := parseLength(strings.TrimSpace(s))
	if wrong != nil {
		return 0, wrong.WithHint("use a length like 12h, 7d, 2w, 3mo or 1y, or ISO-8601 like P30D")
	}
	return length, nil
}

// Direction says where from now a length points.
type Direction int

// The two directions.
const (
	Ago     Direction = iota // 90d is the moment 90 days before now, as for creation
	FromNow                  // 90d is the moment in 90 days, as for ends
)

// ParseMoment reads a point in time: RFC 3339; a date, which is its first moment
// where now is (the time zone of now); or a length, which is that long from now
// in the given direction. Failures are of kind Usage.
//
// The zero time is refused: where moments are conditions, it means that there
// is none.
func ParseMoment(s string, now time.Time, direction Direction) (time.Time, error) {
	s = strings.TrimSpace(s)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, s, now.Location())
	}
	if err == nil && !t.IsZero() {
		return t, nil
	}
	length, wrong := parseLength(s)
	if wrong != nil {
		return time.Time{}, failure.New(failure.Usage, "%q is not a point in time", shortened(s)).
			WithHint("use a date like 2026-11-22, a time like 2026-11-22T08:00:00Z, or a length like 90d")
	}
	if direction == Ago {
		length = -length
	}
	return now.Add(length), nil
}

// parseLength reads a positive length, short or in ISO-8601. What is wrong has
// no hint yet: each caller takes something else besides.
func parseLength(s string) (length time.Duration, wrong *failure.Error) {
	if strings.HasPrefix(s, "P") || strings.HasPrefix(s, "p") {
		length, wrong = parseISO(strings.ToUpper(s))
	} else {
		length, wrong = parseShort(strings.ToLower(s))
	}
	if wrong == nil {
		wrong = checkLength(length)
	}
	return length, wrong
}

// checkLength refuses lengths that no token has.
func checkLength(length time.Duration) *failure.Error {
	switch {
	case length < time.Millisecond:
		return failure.New(failure.Usage, "a duration is longer than nothing")
	case length > longest:
		return failure.New(failure.Usage, "a duration is at most 100 years")
	}
	return nil
}

// shortUnits are the units of the short form. A lone m is not one of them: it
// would be minutes to some and months to others, and what it picks may be
// revoked.
var shortUnits = map[string]time.Duration{
	"y": year, "mo": month, "w": week, "d": day, "h": time.Hour, "min": time.Minute, "s": time.Second,
}

// parseShort reads numbers with units, the larger units first: 90d, 1y, 1d12h.
func parseShort(s string) (total time.Duration, wrong *failure.Error) {
	last := time.Duration(math.MaxInt64)
	for rest := s; rest != "" || s == ""; {
		var number, letters string
		number, letters, rest = cutPart(rest)
		if letters == "m" {
			return 0, failure.New(failure.Usage, "m could be minutes or months: write min or mo")
		}
		unit, known := shortUnits[letters]
		if number == "" || strings.Contains(number, ".") || !known || unit >= last {
			return 0, notADuration(s)
		}
		count, err := strconv.ParseInt(number, 10, 64)
		if err != nil || count > int64((longest-total)/unit) {
			return 0, tooLong(s)
		}
		total, last = total+time.Duration(count)*unit, unit
	}
	return total, nil
}

// parseISO reads ISO-8601 in upper case, with the server's months and years.
func parseISO(s string) (time.Duration, *failure.Error) {
	parsed, err := duration.Parse(s)
	if err != nil || !isISOShape(s) {
		return 0, notADuration(s)
	}
	seconds := parsed.Years*year.Seconds() + parsed.Months*month.Seconds() + parsed.Weeks*week.Seconds() +
		parsed.Days*day.Seconds() + parsed.Hours*time.Hour.Seconds() + parsed.Minutes*time.Minute.Seconds() +
		parsed.Seconds
	if seconds > longest.Seconds() {
		return 0, tooLong(s)
	}
	return time.Duration(math.Round(seconds*1000)) * time.Millisecond, nil
}

// isISOShape says whether the units stand in order, each at most once and with
// a number, with a fraction only of seconds. The library lets more through than
// the server does.
func isISOShape(s string) bool {
	date, clock, hasClock := strings.Cut(strings.TrimPrefix(s, "P"), "T")
	if date == "" && clock == "" || hasClock && clock == "" {
		return false
	}
	return inOrder(date, "YMWD") && inOrder(clock, "HMS")
}

// inOrder says whether s consists of numbers with units, those in the order of
// the given ones.
func inOrder(s, units string) bool {
	for s != "" {
		var number, unit string
		number, unit, s = cutPart(s)
		_, later, known := strings.Cut(units, unit)
		if number == "" || len(unit) != 1 || !known || unit != "S" && strings.Contains(number, ".") {
			return false
		}
		units = later
	}
	return true
}

// cutPart cuts the first number and the letters after it off s. Both are empty
// if s begins with neither, and the rest may then be as long as s.
func cutPart(s string) (number, letters, rest string) {
	rest = strings.TrimLeft(s, "0123456789.")
	number = s[:len(s)-len(rest)]
	s = rest
	rest = strings.TrimLeftFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	return number, s[:len(s)-len(rest)], rest
}

// notADuration and tooLong are what is wrong with a text.
func notADuration(s string) *failure.Error {
	return failure.New(failure.Usage, "%q is not a duration", shortened(s))
}

func tooLong(s string) *failure.Error {
	return failure.New(failure.Usage, "%q is too long a duration: at most 100 years", shortened(s))
}

// shortened is a text as it may be repeated to the user: one that is longer
// than any duration may be a secret in the wrong place.
func shortened(s string) string {
	if len(s) > 30 {
		return "…"
	}
	return s
}
