package datahub_test

import (
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
)

func TestDurationPolicyOnEveryRelease(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		client := connectAs(t, mockhub.Start(t, mockhub.Options{Release: release}), "jdoe")
		policy, err := client.DurationPolicy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		month, ok := policy.LongestUpTo(30 * 24 * time.Hour)
		if !ok || month.Name() != "ONE_MONTH" || policy.NoExpiry != (release != "newest") {
			t.Errorf("%+v", policy)
		}
		if policy.Stated != (release == "newest") || !policy.Allows(month) || policy.Allows(datahub.NoExpiry()) != policy.NoExpiry || policy.Allows(duration(t, "29d")) {
			t.Errorf("%+v", policy)
		}
		if _, err := client.Create(t.Context(), datahub.NewToken{Actor: "urn:li:corpuser:jdoe", Name: "x", Duration: month}); err != nil {
			t.Error(err)
		}
	})
}

func TestLongestAllowed(t *testing.T) {
	cases := []struct {
		allowed []string
		most    string
		want    string // none if empty
	}{
		{nil, "30d", "30 days"}, // the server's own default
		{[]string{"PT1H", "P7D", "P90D"}, "30d", "7 days"},
		{[]string{"P90D", "P7D", "PT1H"}, "30d", "7 days"},
		{[]string{"P1M"}, "30d", "30 days"},
		{[]string{"P20D"}, "30d", "20 days"},
		{[]string{"P90D"}, "30d", ""},
		{[]string{"PT12H"}, "1h", ""},
	}
	for _, c := range cases {
		client := connectAs(t, mockhub.Start(t, mockhub.Options{AllowedDurations: c.allowed}), "jdoe")
		policy, err := client.DurationPolicy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, ok := policy.LongestUpTo(duration(t, c.most).Length())
		if ok != (c.want != "") || got.String() != c.want {
			t.Errorf("%v up to %s: %q, %v", c.allowed, c.most, got, ok)
		}
	}
}

func TestDurationPolicyThatCannotBeHad(t *testing.T) {
	hub := mockhub.Start(t, mockhub.Options{})
	client := connectAs(t, hub, "jdoe")
	if err := hub.RotateSigningKey(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DurationPolicy(t.Context()); failure.KindOf(err) != failure.Unauthenticated {
		t.Errorf("%v", err)
	}
}
