package cli

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
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

func TestTally(t *testing.T) {
	var count tally
	for _, c := range []struct{ status, want string }{
		{"", "no tokens"}, {"active", "1 token"}, {"expired", "2 tokens, 1 expired"},
		{"never-expires", "3 tokens, 1 expired, 1 never ends"}, {"never-expires", "4 tokens, 1 expired, 2 never end"},
	} {
		if c.status != "" {
			count.count(datahub.Status(c.status))
		}
		if got := count.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	count.shown = 2
	if got := count.String(); !strings.HasPrefix(got, "4 tokens (2 shown)") {
		t.Errorf("cut: %q", got)
	}
}
