package render_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/render"
)

var known = []render.Fact{
	{Name: "Name", Value: "Endeavour"},
	{Name: "Home port", Value: "Whitby, on the coast of North Yorkshire"},
	{Name: "ID", Value: "d8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f"},
	{Name: "Motto", Value: ""},
	{Name: "船長\n", Value: "j\x1b[2Jdoe"},
}

func TestFacts(t *testing.T) {
	for name, c := range map[string]struct {
		out  render.Output
		want string
	}{
		"terminal": {render.Output{Terminal: true, Width: 80}, `Name:       Endeavour
Home port:  Whitby, on the coast of North Yorkshire
ID:         d8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f
Motto:
船長^J:     j^[[2Jdoe
`},
		"narrow": {render.Output{Terminal: true, Width: 40}, `Name:       Endeavour
Home port:  Whitby, on the coast of
            North Yorkshire
ID:         d8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f
Motto:
船長^J:     j^[[2Jdoe
`},
		"too narrow to align": {render.Output{Terminal: true, Width: 20}, `Name: Endeavour
Home port:
  Whitby, on the
  coast of North
  Yorkshire
ID:
  d8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f
Motto:
船長^J: j^[[2Jdoe
`},
		"too narrow to fold": {render.Output{Terminal: true, Width: 12}, `Name:
  Endeavour
Home port:
  Whitby, on the coast of North Yorkshire
ID:
  d8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f
Motto:
船長^J:
  j^[[2Jdoe
`},
		"piped": {
			render.Output{Width: 40},
			"Name\tEndeavour\nHome port\tWhitby, on the coast of North Yorkshire\nID\td8e8fca2dc0f896fd7cb4cb0031ba249d8e8fca2dc0f896f\nMotto\t\n船長^J\tj^[[2Jdoe\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := render.WriteFacts(&b, c.out, known); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFactsInColour(t *testing.T) {
	var b strings.Builder
	if err := render.WriteFacts(&b, render.Output{Terminal: true, Colour: true}, known[:1]); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[1mName:\x1b[0m  Endeavour\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
	b.Reset()
	if err := render.WriteFacts(&b, render.Output{Colour: true}, known[:1]); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[1mName\x1b[0m\tEndeavour\n"; b.String() != want {
		t.Errorf("piped: got %q", b.String())
	}
}

func TestNoFacts(t *testing.T) {
	var p pieces
	if err := render.WriteFacts(&p, render.Output{Terminal: true}, nil); err != nil || p.n != 0 {
		t.Errorf("%d writes, %v", p.n, err)
	}
}

func TestRelativeTimes(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		d     time.Duration // before now, for Ago; ahead, for Until
		ago   string
		until string
	}{
		{0, "just now", "just now"},
		{time.Second, "just now", "in less than a minute"},
		{54 * time.Second, "just now", "in less than a minute"},
		{55 * time.Second, "just now", "in 1 minute"},
		{time.Minute, "1 minute ago", "in 1 minute"},
		{2*time.Minute - time.Second, "1 minute ago", "in 2 minutes"},
		{time.Hour - 61*time.Second, "58 minutes ago", "in 59 minutes"},
		{time.Hour - time.Minute, "59 minutes ago", "in 1 hour"},
		{time.Hour, "1 hour ago", "in 1 hour"},
		{2*time.Hour - 2*time.Minute, "1 hour ago", "in 1 hour"},
		{2*time.Hour - time.Minute, "1 hour ago", "in 2 hours"},
		{day - 31*time.Minute, "23 hours ago", "in 23 hours"},
		{day - 30*time.Minute, "23 hours ago", "in 1 day"},
		{day, "1 day ago", "in 1 day"},
		{2*day - time.Hour, "1 day ago", "in 1 day"},
		{2*day - time.Minute, "1 day ago", "in 2 days"},
		{7 * day, "7 days ago", "in 7 days"},
		{30 * day, "30 days ago", "in 30 days"},
		{60*day - time.Hour, "59 days ago", "in 59 days"},
		{60*day - time.Minute, "59 days ago", "in 60 days"},
		{60 * day, "2 months ago", "in 60 days"},
		{90 * day, "3 months ago", "in 90 days"},
		{365*day - time.Hour, "12 months ago", "in 364 days"},
		{365 * day, "1 year ago", "in 1 year"},
		{729 * day, "1 year ago", "in 1 year"},
		{730 * day, "2 years ago", "in 2 years"},
	} {
		if got := render.Ago(now.Add(-c.d), now); got != c.ago {
			t.Errorf("%v ago: %q, want %q", c.d, got, c.ago)
		}
		if got := render.Until(now.Add(c.d), now); got != c.until {
			t.Errorf("in %v: %q, want %q", c.d, got, c.until)
		}
	}
}

// What is too far away for a duration is still told as far away.
func TestRelativeTimesFarAway(t *testing.T) {
	far, before := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for want, got := range map[string]string{
		"in 292 years": render.Until(far, now), "in 292 years ": render.Ago(far, now) + " ", "292 years ago": render.Ago(before, now),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestRelativeTimesTheOtherWay(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "just now", 59 * time.Second: "just now", 90 * time.Second: "in 1 minute", 3 * time.Hour: "in 3 hours",
	} {
		if got := render.Ago(now.Add(d), now); got != want {
			t.Errorf("Ago of %v ahead: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		time.Second: "just now", 90 * time.Second: "1 minute ago", 3 * time.Hour: "3 hours ago",
	} {
		if got := render.Until(now.Add(-d), now); got != want {
			t.Errorf("Until of %v past: %q, want %q", d, got, want)
		}
	}
	if got := render.Ago(time.Time{}, now); got != "292 years ago" {
		t.Errorf("the longest time: %q", got)
	}
}
