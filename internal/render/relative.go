package render

import (
	"fmt"
	"math"
	"time"
)

// The units of relative times. Months and years are those of token durations:
// 30 and 365 days.
const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// almost is by how much a time to come may fall short of a whole unit and still
// count: what was just made to last an hour lasts an hour.
const almost = 5 * time.Second

// Ago is how long ago t was: "3 days ago". Less than a minute, before or after
// now, is "just now"; what is further ahead is told as by [Until].
//
// It rounds down, to one unit: minutes below an hour, hours below a day, days
// below 60 days, months (of 30 days) below 365 days, then years.
func Ago(t, now time.Time) string {
	d := max(now.Sub(t), -math.MaxInt64) // of what is too far for a duration
	switch {
	case d <= -time.Minute:
		return Until(t, now)
	case d < time.Minute:
		return "just now"
	}
	return amount(d) + " ago"
}

// Until is how far ahead t is: "in 2 hours", rounded as in [Ago], except that
// five seconds less than a whole unit count as that unit, and that days are told
// below a year: durations and policies count days, and a token of 90 days that
// was made a minute ago would end "in 2 months". Below a minute it is "in less
// than a minute"; what has passed is told as by [Ago].
func Until(t, now time.Time) string {
	d := min(t.Sub(now), math.MaxInt64-almost) // of what is too far for a duration
	switch {
	case d <= 0:
		return Ago(t, now)
	case d+almost < time.Minute:
		return "in less than a minute"
	case d+almost >= 2*month && d+almost < year:
		return "in " + plural((d+almost)/day, "day")
	}
	return "in " + amount(d+almost)
}

// amount is d in the largest unit that suits, rounded down.
func amount(d time.Duration) string {
	switch {
	case d < time.Hour:
		return plural(d/time.Minute, "minute")
	case d < day:
		return plural(d/time.Hour, "hour")
	case d < 2*month:
		return plural(d/day, "day")
	case d < year:
		return plural(d/month, "month")
	}
	return plural(d/year, "year")
}

func plural(n time.Duration, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
