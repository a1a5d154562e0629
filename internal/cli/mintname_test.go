package cli

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/datahub"
)

func TestNameOfAnOccasion(t *testing.T) {
	at := time.Date(2026, 11, 22, 20, 28, 5, 0, time.UTC)
	const when = " 2026-11-22T20:28:05Z"
	for _, c := range []struct{ command, user, host, want string }{
		{"datahub", "jdoe", "laptop", "datahub jdoe@laptop"},
		{"datahub", "jdoe", "laptop.example.com", "datahub jdoe@laptop"},
		{"datahub", "runner", "fv-az1234-567", "datahub runner@fv-az1234-567"},
		{"a-very-long-program-name", "jdoe", "laptop", "a-very-long-prog… jdoe@laptop"},
		{"ä-very-löng-program-name", "jdoe", "laptop", "ä-very-löng-prog… jdoe@laptop"},
		{"a-very-long-program-name", "somebody-with-a-name", "a-host-with-a-long-name", "a-very-… somebod…@a-host-wit…"},
		{"sh", "u", "a-host-with-a-very-long-name-indeed", "sh u@a-host-with-a-very-long…"},
	} {
		got := occasion{c.command, c.user, c.host, at}.name()
		if got != c.want+when {
			t.Errorf("%s, want %s", got, c.want+when)
		}
		if utf8.RuneCountInString(got) > datahub.MaxName {
			t.Errorf("%s has %d characters", got, utf8.RuneCountInString(got))
		}
	}
}

func TestLongOccasions(t *testing.T) {
	for command := 1; command < 60; command += 3 {
		for user := 1; user < 60; user += 3 {
			for host := 1; host < 60; host += 3 {
				o := occasion{strings.Repeat("c", command), strings.Repeat("u", user), strings.Repeat("ü", host), time.Now().UTC()}
				if n := utf8.RuneCountInString(o.name()); n > datahub.MaxName {
					t.Fatalf("%q has %d characters", o.name(), n)
				}
			}
		}
	}
	long := strings.Repeat("x", 5000)
	if n := utf8.RuneCountInString(occasion{long, long, long, time.Now()}.description()); n > datahub.MaxDescription {
		t.Errorf("%d characters", n)
	}
}

// Of the command only the program is told, and nothing that a terminal obeys.
func TestOccasionOfACommand(t *testing.T) {
	w := newWorld(nil)
	o := w.occasionOf("/opt/\x1b[31m/in\x1bgest")
	if o.command != `in^[gest` || o.user == "" || o.host == "" {
		t.Errorf("%+v", o)
	}
}

func TestWarningComesBeforeTheEnd(t *testing.T) {
	for life, want := range map[time.Duration]time.Duration{
		time.Second: 100 * time.Millisecond, 20 * time.Minute: 2 * time.Minute, time.Hour: 5 * time.Minute, 24 * time.Hour: 5 * time.Minute,
	} {
		if got := early(life); got != want {
			t.Errorf("of %s: %s, want %s", life, got, want)
		}
	}
}
