package datahub_test

import (
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

const day = 24 * time.Hour

func TestParseDuration(t *testing.T) {
	tests := []struct {
		raw            string
		length         time.Duration
		name, iso, say string
	}{
		{"ONE_HOUR", time.Hour, "ONE_HOUR", "PT1H", "1 hour"},
		{"one-day", day, "ONE_DAY", "P1D", "1 day"},
		{"One_Week", 7 * day, "ONE_WEEK", "P7D", "7 days"},
		{"ONE_MONTH", 30 * day, "ONE_MONTH", "P30D", "30 days"},
		{"three-months", 90 * day, "THREE_MONTHS", "P90D", "90 days"},
		{"SIX_MONTHS", 180 * day, "SIX_MONTHS", "P180D", "180 days"},
		{" ONE_YEAR ", 365 * day, "ONE_YEAR", "P365D", "365 days"},
		{"NO_EXPIRY", 0, "NO_EXPIRY", "", "never ends"},
		{"no-expiry", 0, "NO_EXPIRY", "", "never ends"},
		{"Never", 0, "NO_EXPIRY", "", "never ends"},
		// Lengths that have a name.
		{"1h", time.Hour, "ONE_HOUR", "PT1H", "1 hour"},
		{"60min", time.Hour, "ONE_HOUR", "PT1H", "1 hour"},
		{"24H", day, "ONE_DAY", "P1D", "1 day"},
		{"1w", 7 * day, "ONE_WEEK", "P7D", "7 days"},
		{"30d", 30 * day, "ONE_MONTH", "P30D", "30 days"},
		{"1mo", 30 * day, "ONE_MONTH", "P30D", "30 days"},
		{"3mo", 90 * day, "THREE_MONTHS", "P90D", "90 days"},
		{"90d", 90 * day, "THREE_MONTHS", "P90D", "90 days"},
		{"1y", 365 * day, "ONE_YEAR", "P365D", "365 days"},
		{"P1M", 30 * day, "ONE_MONTH", "P30D", "30 days"},
		{"P1Y", 365 * day, "ONE_YEAR", "P365D", "365 days"},
		{"p1w", 7 * day, "ONE_WEEK", "P7D", "7 days"},
		{"PT24H", day, "ONE_DAY", "P1D", "1 day"},
		// Lengths that have none.
		{"12h", 12 * time.Hour, "", "PT12H", "12 hours"},
		{"2w", 14 * day, "", "P14D", "14 days"},
		{"12mo", 360 * day, "", "P360D", "360 days"},
		{"1d12h", 36 * time.Hour, "", "P1DT12H", "1 day 12 hours"},
		{"1y1mo1w1d1h1min1s", 403*day + time.Hour + time.Minute + time.Second, "", "P403DT1H1M1S", "403 days 1 hour 1 minute 1 second"},
		{"P1Y2M3W4DT5H6M7.008S", 450*day + 5*time.Hour + 6*time.Minute + 7008*time.Millisecond, "", "P450DT5H6M7.008S", "450 days 5 hours 6 minutes 7 seconds 8 milliseconds"},
		{"PT90M", 90 * time.Minute, "", "PT1H30M", "1 hour 30 minutes"},
		{"PT0.001S", time.Millisecond, "", "PT0.001S", "1 millisecond"},
		{"P0Y1D", day, "ONE_DAY", "P1D", "1 day"},
		{"100y", 36500 * day, "", "P36500D", "36500 days"},
	}
	for _, tt := range tests {
		d, err := datahub.ParseDuration(tt.raw)
		if err != nil {
			t.Errorf("%q: %v", tt.raw, err)
			continue
		}
		if d.Length() != tt.length || d.Name() != tt.name || d.ISO() != tt.iso || d.String() != tt.say || d.Never() != (tt.iso == "") {
			t.Errorf("%q: %v, name %q, ISO %q, %q, never %v", tt.raw, d.Length(), d.Name(), d.ISO(), d, d.Never())
		}
	}
}

// nonsense is what no reader of lengths takes, with what is said about it.
var nonsense = map[string]string{
	"":                          "not a duration",
	"x":                         "not a duration",
	"h":                         "not a duration",
	"1":                         "not a duration",
	"-1d":                       "not a duration",
	"+1d":                       "not a duration",
	"1.5h":                      "not a duration",
	"1 d":                       "not a duration",
	"1d1w":                      "not a duration",
	"1d1d":                      "not a duration",
	"1d2":                       "not a duration",
	"1fortnight":                "not a duration",
	"１d":                        "not a duration",
	"TWO_YEARS":                 "not a duration",
	"ONE YEAR":                  "not a duration",
	"90m":                       "minutes or months",
	"1d5m":                      "minutes or months",
	"0d":                        "longer than nothing",
	"0h0s":                      "longer than nothing",
	"300y":                      "too long",
	"100y1s":                    "too long",
	"99999999999999999999d":     "too long",
	"290y12mo900d9999999h":      "too long",
	"P":                         "not a duration",
	"PT":                        "not a duration",
	"P1DT":                      "not a duration",
	"P1":                        "not a duration",
	"PD":                        "not a duration",
	"-P1D":                      "not a duration",
	"P-1D":                      "not a duration",
	"PP1D":                      "not a duration",
	"P1D1Y":                     "not a duration",
	"P1D1D":                     "not a duration",
	"P1W1M":                     "not a duration",
	"P1H":                       "not a duration",
	"PT1D":                      "not a duration",
	"PT1M1H":                    "not a duration",
	"PT1HT1M":                   "not a duration",
	"P1.5D":                     "not a duration",
	"PT1.5H":                    "not a duration",
	"PT1.2.3S":                  "not a duration",
	"P½D":                       "not a duration",
	"P１D":                       "not a duration",
	"P0D":                       "longer than nothing",
	"PT0.0001S":                 "longer than nothing",
	"P300Y":                     "too long",
	"PT9223372036S":             "too long",
	"P100YT0.001S":              "too long",
	"P99999999999999999999999Y": "too long",
}

func TestNonsenseIsRefused(t *testing.T) {
	for raw, says := range nonsense {
		_, err := datahub.ParseDuration(raw)
		checkRefused(t, "duration", raw, err, says, "ONE_HOUR, ONE_DAY", "NO_EXPIRY", "12h", "never", "P30D")
		_, err = datahub.ParseLength(raw)
		checkRefused(t, "length", raw, err, says, "7d", "P30D")
		_, err = datahub.ParseMoment(raw, time.Now(), datahub.Ago)
		checkRefused(t, "moment", raw, err, "not a point in time", "2026-11-22", "90d")
	}
}

func checkRefused(t *testing.T, what, raw string, err error, says string, hints ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%q is taken as a %s", raw, what)
		return
	}
	f := failure.Of(err)
	if f.Kind != failure.Usage || !strings.Contains(f.Message, says) {
		t.Errorf("%s %q: %+v does not say %q", what, raw, f, says)
	}
	for _, h := range hints {
		if !strings.Contains(f.Hint, h) {
			t.Errorf("%s %q: the hint %q does not name %q", what, raw, f.Hint, h)
		}
	}
}

func TestLongTextIsNotRepeated(t *testing.T) {
	const secret = "eyJhbGciOiJIUzI1NiJ9.eyJhY3RvcklkIjoiamRvZSJ9.c2VjcmV0"
	_, a := datahub.ParseDuration(secret)
	_, b := datahub.ParseLength("P" + secret)
	_, c := datahub.ParseMoment(secret, time.Now(), datahub.Ago)
	for _, err := range []error{a, b, c} {
		if err == nil || strings.Contains(err.Error(), "eyJ") {
			t.Errorf("%v", err)
		}
	}
}

func TestLengthsHaveNoNames(t *testing.T) {
	for _, raw := range []string{"never", "NO_EXPIRY", "ONE_DAY"} {
		_, err := datahub.ParseLength(raw)
		checkRefused(t, "length", raw, err, "not a duration", "7d")
	}
	if got, err := datahub.ParseLength(" 2w "); err != nil || got != 14*day {
		t.Errorf("%v, %v", got, err)
	}
}

func TestFromISO(t *testing.T) {
	for iso, name := range map[string]string{ // the newest server's own default list
		"PT1H": "ONE_HOUR", "P1D": "ONE_DAY", "P7D": "ONE_WEEK", "P30D": "ONE_MONTH",
		"P90D": "THREE_MONTHS", "P180D": "SIX_MONTHS", "P365D": "ONE_YEAR", " p2d ": "",
	} {
		if d, err := datahub.FromISO(iso); err != nil || d.Name() != name || d.IsZero() {
			t.Errorf("%q is %v, %q (%v)", iso, d, d.Name(), err)
		}
	}
	for _, raw := range []string{"", "1d", "ONE_DAY", "P0D"} {
		if d, err := datahub.FromISO(raw); failure.KindOf(err) != failure.Usage {
			t.Errorf("%q is %v (%v)", raw, d, err)
		}
	}
}

func TestDurationNamesAreAllTaken(t *testing.T) {
	for _, n := range datahub.DurationNames() {
		d, err := datahub.ParseDuration(n.Name)
		if err != nil || d.Name() != n.Name || d.Length() != n.Length {
			t.Errorf("%s: %v, %v", n.Name, d, err)
		}
	}
}

func TestNewDuration(t *testing.T) {
	if d, err := datahub.NewDuration(time.Hour + time.Microsecond); err != nil || d.Name() != "ONE_HOUR" {
		t.Errorf("%v, %v", d, err)
	}
	for _, length := range []time.Duration{0, -time.Hour, time.Microsecond, 36501 * day} {
		if d, err := datahub.NewDuration(length); failure.KindOf(err) != failure.Usage {
			t.Errorf("%v is %v (%v)", length, d, err)
		}
	}
	var none datahub.Duration
	if !none.IsZero() || none.Name() != "" || none.ISO() != "" || none.String() != "" || none.Never() {
		t.Errorf("the zero duration is %q, %q, %q", none.Name(), none.ISO(), none)
	}
	if never := datahub.NoExpiry(); never.IsZero() || !never.Never() || never.Name() != "NO_EXPIRY" {
		t.Errorf("%+v", never)
	}
}

func TestParseMoment(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, berlin)
	tests := []struct {
		raw       string
		direction datahub.Direction
		want      string
	}{
		{"90d", datahub.Ago, "2026-08-24T09:30:00+01:00"},
		{"90d", datahub.FromNow, "2027-02-20T09:30:00+01:00"},
		{"P1Y", datahub.Ago, "2025-11-22T09:30:00+01:00"},
		{"2026-11-22", datahub.Ago, "2026-11-22T00:00:00+01:00"},
		{"2026-11-22", datahub.FromNow, "2026-11-22T00:00:00+01:00"},
		{"2026-11-22T08:00:00Z", datahub.Ago, "2026-11-22T08:00:00Z"},
		{" 2026-11-22T08:00:00.5+02:00 ", datahub.Ago, "2026-11-22T08:00:00.5+02:00"},
	}
	for _, tt := range tests {
		got, err := datahub.ParseMoment(tt.raw, now, tt.direction)
		if err != nil || got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%q is %v (%v), want %s", tt.raw, got, err, tt.want)
		}
	}
	for _, raw := range []string{"2026-13-01", "2026-02-30", "0001-01-01T00:00:00Z", "22.11.2026", "yesterday", "2026-11-22T08:00"} {
		_, err := datahub.ParseMoment(raw, now, datahub.Ago)
		checkRefused(t, "moment", raw, err, "not a point in time")
	}
}

func FuzzParseDuration(f *testing.F) {
	for raw := range nonsense {
		f.Add(raw)
	}
	for _, seed := range []string{"ONE_HOUR", "1d12h", "P1Y2M3W4DT5H6M7.008S", "never", "9223372036s", "PT9223372034.9999S"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		d, err := datahub.ParseDuration(raw)
		if err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		if d.Never() == (d.Length() > 0) || d.Length() < 0 || d.String() == "" {
			t.Errorf("%q is %+v", raw, d)
		}
		if again, err := datahub.FromISO(d.ISO()); !d.Never() && (err != nil || again != d) {
			t.Errorf("%q is %s, which is %v (%v)", raw, d.ISO(), again, err)
		}
	})
}

// FuzzParseMoment reads points in time as filters take them: what is taken can be
// written down and compared, and a length points where it was told to.
func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"90d", "2026-11-22", "2026-11-22T08:00:00+23:59", "P1Y", "100y", "9999-12-31T23:59:59-23:59", "0000-01-01", "0001-01-01T01:00:00+01:00", "36500d", "-1d", "1m", "", "\x00"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("", 3600))
	f.Fuzz(func(t *testing.T, raw string) {
		length, lengthErr := datahub.ParseLength(raw)
		for _, direction := range []datahub.Direction{datahub.Ago, datahub.FromNow} {
			moment, err := datahub.ParseMoment(raw, now, direction)
			if err != nil {
				if failure.KindOf(err) != failure.Usage || failure.Of(err).Hint == "" {
					t.Errorf("%q: %v", raw, err)
				}
				continue
			}
			if moment.IsZero() {
				t.Errorf("%q is no condition", raw)
			}
			if wanted := now.Add(map[datahub.Direction]time.Duration{datahub.Ago: -length, datahub.FromNow: length}[direction]); lengthErr == nil && !moment.Equal(wanted) {
				t.Errorf("%q is %v, want %v", raw, moment, wanted)
			}
		}
	})
}
