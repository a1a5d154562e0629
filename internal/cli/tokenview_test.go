package cli

import (
	"strings"
	"testing"
)

func TestShortenedIDsAreUnique(t *testing.T) {
	cases := []struct{ ids, want string }{
		{"abcdefghij", "abcdef"},
		{"abcdefghij abcdefgxyz", "abcdefgh abcdefgx"},
		{"abcdefghij abcdefghik zzzzzzzz", "abcdefghij abcdefghik zzzzzz"},
		{"bbbbbbbb aaaaaaaa bbbbbbba", "bbbbbbbb aaaaaa bbbbbbba"},
		{"", ""},
	}
	for _, c := range cases {
		var records []tokenRecord
		for _, id := range strings.Fields(c.ids) {
			records = append(records, tokenRecord{ID: id})
		}
		shortenIDs(records)
		var got []string
		for _, r := range records {
			got = append(got, r.shortID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.ids, got, c.want)
		}
	}
}

func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{
		"ci": "ci", "": "''", "in use": "'in use'", "it's": `'it'\''s'`, "$(rm -rf)": "'$(rm -rf)'",
		"HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A=": "HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A=",
	} {
		if got := shellWord(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestSummary(t *testing.T) {
	records := []tokenRecord{{Status: "active"}, {Status: "expired"}, {Status: "never-expires"}, {Status: "never-expires"}}
	for count, want := range map[int]string{0: "no tokens", 1: "1 token", 2: "2 tokens, 1 expired", 4: "4 tokens, 1 expired, 2 never end"} {
		if got := summary(records[:count], count); got != want {
			t.Errorf("%d: %q, want %q", count, got, want)
		}
	}
	if got := summary(records, 2); !strings.HasPrefix(got, "4 tokens (2 shown)") {
		t.Errorf("cut: %q", got)
	}
}
