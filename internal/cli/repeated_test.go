package cli

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/term"
)

// What is shown as the command to type means the same when it is typed.
func TestRepeatedFlags(t *testing.T) {
	cases := []struct {
		given, want string
	}{
		{"--expired --yes --max 7 --dry-run", "--expired"},
		{"--all --name x* -o json --color never --debug", "--all --name 'x*'"},
		{"--owner a --owner b,c --expired=false", "--owner a --owner b,c --expired=false"},
		{"--server http://h:1 --token-file it's --timeout 3s --concurrency 2 --name ?", "--name '?' --server http://h:1 --token-file 'it'\\''s' --timeout 3s --concurrency 2"},
	}
	for _, c := range cases {
		w := newWorld(term.New(term.Streams{}))
		root := newRoot(w)
		cmd, rest, err := root.Find(append([]string{"revoke"}, strings.Fields(c.given)...))
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err != nil {
			t.Fatal(err)
		}
		got := repeated(cmd, "yes", "max", "dry-run")
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q", c.given, got)
		}
	}
}
