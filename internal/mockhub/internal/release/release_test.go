package release_test

import (
	"testing"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"": "newest", "newest": "newest", "NEWEST": "newest", "1.3": "1.3.0", "0.10": "0.10.0",
		"0.13.2": "0.13.2", "v1.6.0": "1.6.0",
	} {
		got, err := release.Parse(text)
		if err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"0.9", "1.7", "2.0", "1", "1.2.3.4", "1.x", "1.-2", "latest", " 1.3"} {
		if got, err := release.Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, got)
		}
	}
}

func TestAllIsInOrder(t *testing.T) {
	all := release.All()
	for i := 1; i < len(all); i++ {
		if all[i-1].Compare(all[i]) >= 0 {
			t.Errorf("%v stands before %v", all[i-1], all[i])
		}
	}
	if first, last := all[0].String(), all[len(all)-1]; first != "0.10.0" || !last.IsNewest() {
		t.Errorf("All goes from %v to %v", first, last)
	}
	for _, name := range release.Names() {
		if _, err := release.Parse(name); err != nil {
			t.Error(err)
		}
	}
}

func TestOrder(t *testing.T) {
	r := release.V(0, 13, 1)
	if !r.AtLeast(0, 13, 1) || !r.AtLeast(0, 10, 9) || r.AtLeast(0, 13, 2) || r.AtLeast(1, 0, 0) || !r.Before(0, 14, 0) {
		t.Error("0.13.1 is out of order")
	}
	if !release.Newest.AtLeast(9, 9, 9) {
		t.Error("newest is not the newest")
	}
}
