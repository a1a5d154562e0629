package config

import (
	"slices"
	"testing"
)

// Every key that a profile may have is explained, and no other.
func TestKeysAreThoseOfAProfile(t *testing.T) {
	p := &Profile{}
	want := []string{endsKey, commandKey, headersKey}
	for _, k := range p.texts() {
		want = append(want, k.key)
	}
	for _, k := range p.truths() {
		want = append(want, k.key)
	}
	written, noted := Keys()
	var got []string
	for _, k := range append(written, noted...) {
		got = append(got, k.Name)
		if k.Summary == "" {
			t.Errorf("%s is not explained", k.Name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q are explained, of %q", got, want)
	}
}
