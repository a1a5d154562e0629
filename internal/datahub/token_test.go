package datahub

import (
	"strings"
	"testing"
	"time"
)

func TestMarkIsTakenOffTheDescription(t *testing.T) {
	mark := NewMark()
	for _, description := range []string{"", "for the nightly run", "ends in [pat:", "two [pat:" + NewMark() + "]"} {
		sent := withMark(description, mark)
		got, found := splitMark(sent)
		if got != description || found != mark {
			t.Errorf("%q came back as %q with mark %q", sent, got, found)
		}
	}
}

func TestOnlyAWholeMarkCounts(t *testing.T) {
	mark := NewMark()
	for _, text := range []string{
		"", "plain", "[pat:]", "[pat:" + mark[1:] + "]", "[pat:" + mark + "] later",
		"[pat:" + strings.ToLower(mark) + "]", "[pat:" + mark + "A]", mark + "]",
	} {
		if got, found := splitMark(text); got != text || found != "" {
			t.Errorf("%q was read as %q with mark %q", text, got, found)
		}
	}
}

func TestLongestDescriptionFitsDataHubsPage(t *testing.T) {
	if length := len(withMark(strings.Repeat("x", MaxDescription), NewMark())); length > 500 {
		t.Errorf("%d characters are sent; DataHub's page takes 500", length)
	}
}

func TestMarksDiffer(t *testing.T) {
	if one, other := NewMark(), NewMark(); one == other {
		t.Errorf("two marks are the same: %s", one)
	}
}

func TestStatus(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		name          string
		created, ends time.Time
		want          Status
	}{
		{"no end", now.Add(-year), time.Time{}, NeverExpires},
		{"ended", now.Add(-day), now.Add(-time.Second), Expired},
		{"ends this moment", now.Add(-day), now, Expired},
		{"young", now.Add(-time.Minute), now.Add(time.Hour), Active},
		{"last quarter of an hour", now.Add(-50 * time.Minute), now.Add(10 * time.Minute), Expiring},
		{"a week of a year left", now.Add(-358 * day), now.Add(7 * day), Active},
		{"under a week of a year left", now.Add(-359 * day), now.Add(6 * day), Expiring},
		{"under a week left of eight days", now.Add(-2 * day), now.Add(6 * day), Active},
	}
	for _, c := range cases {
		if got := (Token{CreatedAt: c.created, ExpiresAt: c.ends}).StatusAt(now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
