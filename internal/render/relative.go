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

// almost are by how much a time to come may fall short of whole units and still
// count: what was made a moment ago to last an hour lasts an hour.
var almost = []struct{ unit, lack time.Duration }{
	{day, 30 * time.Minute}, {time.Hour, time.Minute}, {time.Minute, 5 * time.Second},
}

// rounded is how far ahead something is, up to the next whole unit where it almost
// is that.
func rounded(d time.Duration) time.Duration {
	for _, a := range almost {
		if d > math.MaxInt64-a.lack { // too far for a duration
			return d
		}
		if d+a.lack >= a.unit {
			return d + a.lack
		}
	}
	return d
}

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
// what is almost a whole number of units counts as that: half an hour less for days
// and more, a minute less for hours, five seconds less for minutes. Days are told
// below a year: durations and policies count days, and a token of 90 days that
// was made a minute ago would end "in 2 months". Below a minute it is "in less
// than a minute"; what has passed is told as by [Ago].
func Until(t, now time.Time) string {
	d := t.Sub(now)
	if d <= 0 {
		return Ago(t, now)
	}
	switch d = rounded(d); {
	case d < time.Minute:
		return "in less than a minute"
	case d >= 2*month && d < year:
		return "in " + plural(d/day, "day")
	}
	return "in " + amount(d)
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
