package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/term"
)

func owned(actor, owner string) lifecycle.Meant {
	urn := func(name string) datahub.URN {
		if name == "" {
			return ""
		}
		return datahub.URN("urn:li:corpuser:" + name)
	}
	return lifecycle.Meant{Known: true, Token: datahub.Token{Actor: urn(actor), Owner: urn(owner)}}
}

func TestPeople(t *testing.T) {
	const account = "service_7d3f6a0e-2b51-4c1e-9d0a-5e8f4b1c2a3d"
	cases := []struct {
		meant []lifecycle.Meant
		want  string
	}{
		{[]lifecycle.Meant{owned("a", "a")}, "1 represents a"},
		{[]lifecycle.Meant{owned("a", "a"), owned("b", "b"), owned("b", "b")}, "2 represent b; 1 represents a"},
		{[]lifecycle.Meant{owned("b", "b"), owned("a", "a")}, "1 represents a; 1 represents b"},
		{[]lifecycle.Meant{owned("a", "x"), owned("a", "x")}, "2 represent a, created by x"},
		{[]lifecycle.Meant{owned("a", "a"), owned("a", "y"), owned("a", "x"), owned("a", "x")}, "4 represent a, created by x (2), y (1)"},
		{[]lifecycle.Meant{owned("a", "")}, "1 represents a, created by somebody unknown"},
		{[]lifecycle.Meant{owned(account, "x"), owned(account, "x")}, "2 were made for the service account " + account + ", created by x"},
		{[]lifecycle.Meant{owned(account, account)}, "1 was made for the service account " + account},
		{[]lifecycle.Meant{{}, {}}, "2 tokens of which only the ids are known"},
	}
	for _, c := range cases {
		var lines []string
		for _, who := range peopleOf(c.meant) {
			lines = append(lines, who.String())
		}
		if got := strings.Join(lines, "; "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Many people are not all named, and hostile names stay on their line.
func TestShownPeople(t *testing.T) {
	var screen strings.Builder
	w := newWorld(term.New(term.Streams{Err: &screen}))
	var meant []lifecycle.Meant
	for i := range 13 {
		meant = append(meant, owned(fmt.Sprint("user", i), "x"))
	}
	w.showPeople(append(meant, owned("evil\x1b[2J\nname", "x"), owned("evil\x1b[2J\nname", "x")))
	got := screen.String()
	if strings.Count(got, "\n") != 11 || !strings.Contains(got, "and those of 4 other people") || strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
	screen.Reset()
	if w.showPeople(meant[:1]); screen.Len() > 0 {
		t.Errorf("of one token: %q", screen.String())
	}
}
