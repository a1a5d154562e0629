package token

import (
	"math/big"
	"regexp"
	"strings"
	"sync"
	"time"
)

const day = 24 * time.Hour

// Durations are the lengths behind the names of AccessTokenDuration; NO_EXPIRY is 0. Months and years are never those
// of the calendar.
var Durations = map[string]time.Duration{
	"ONE_HOUR": time.Hour, "ONE_DAY": day, "ONE_WEEK": 7 * day, "ONE_MONTH": 30 * day,
	"THREE_MONTHS": 90 * day, "SIX_MONTHS": 180 * day, "ONE_YEAR": 365 * day, "NO_EXPIRY": 0,
}

var isoForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$`)
})

// isoUnits are the lengths of isoForm's groups: year, month, week, day, hour, minute, second.
var isoUnits = []time.Duration{365 * day, 30 * day, 7 * day, day, time.Hour, time.Minute, time.Second}

// DurationError is why a text is no duration, in the server's words.
type DurationError string

// Error is the text.
func (e DurationError) Error() string { return string(e) }

// ParseISO reads an ISO-8601 duration as DataHub's IsoDurationParser does: trimmed, in any case, weeks among other
// units, a month 30 days, a year 365. Its errors are of the type
// DurationError.
func ParseISO(text string) (time.Duration, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return 0, DurationError("Access token duration must not be blank")
	}
	groups := isoForm().FindStringSubmatch(trimmed)
	if groups == nil || strings.HasSuffix(strings.ToUpper(trimmed), "T") || len(trimmed) == 1 {
		return 0, DurationError("Invalid ISO-8601 access token duration: " + text)
	}
	sum := new(big.Rat)
	for i, digits := range groups[1:] {
		if n, ok := new(big.Rat).SetString(digits); ok {
			sum.Add(sum, n.Mul(n, new(big.Rat).SetInt64(int64(isoUnits[i]))))
		}
	}
	whole := new(big.Int).Quo(sum.Num(), sum.Denom())
	if !whole.IsInt64() {
		return 0, DurationError("Invalid ISO-8601 access token duration: " + text)
	}
	if whole.Sign() <= 0 {
		return 0, DurationError("Access token duration must be positive: " + text)
	}
	return time.Duration(whole.Int64()), nil
}
