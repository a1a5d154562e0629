package datahub_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestParseUser(t *testing.T) {
	tests := []struct{ raw, urn, username string }{
		{"jdoe", "urn:li:corpuser:jdoe", "jdoe"},
		{" jdoe ", "urn:li:corpuser:jdoe", "jdoe"},
		{"JDoe", "urn:li:corpuser:JDoe", "JDoe"},
		{"urn:li:corpuser:jdoe", "urn:li:corpuser:jdoe", "jdoe"},
		{"jane.doe+x@example.com", "urn:li:corpuser:jane.doe+x@example.com", "jane.doe+x@example.com"},
		{"urn:li:corpuser:jane@example.com", "urn:li:corpuser:jane@example.com", "jane@example.com"},
		{"__datahub_system", "urn:li:corpuser:__datahub_system", "__datahub_system"},
		{"service_0a1b", "urn:li:corpuser:service_0a1b", "service_0a1b"},
		{"jürgen", "urn:li:corpuser:jürgen", "jürgen"},
		{"CORP\\jdoe", "urn:li:corpuser:CORP\\jdoe", "CORP\\jdoe"},
		{"urn:li:corpuser:Jane Doe", "urn:li:corpuser:Jane Doe", "Jane Doe"},
		{"urn:li:corpuser:a:b", "urn:li:corpuser:a:b", "a:b"},
		{strings.Repeat("a", 490), "urn:li:corpuser:" + strings.Repeat("a", 490), strings.Repeat("a", 490)},
	}
	for _, tt := range tests {
		got, err := datahub.ParseUser(tt.raw)
		if err != nil || string(got) != tt.urn || got.Username() != tt.username {
			t.Errorf("%q is %q, %q (%v)", tt.raw, got, got.Username(), err)
		}
	}
}

func TestParseUserRefuses(t *testing.T) {
	tests := []struct{ raw, says string }{
		{"", "empty"},
		{"urn:li:corpuser:", "empty"},
		{"urn:li:corpGroup:bfoo", "not a user's"},
		{"urn:li:corpuser", "not a user's"},
		{"urn:li:dataHubAccessToken:x", "not a user's"},
		{"corpuser:jdoe", "whole URN"},
		{"Jane Doe", "whole URN"},
		{"urn:li:corpuser: jdoe", "begin or end"},
		{"jdoe(x)", "parenthesis"},
		{"jdoe,asmith", "comma"},
		{"a␟b", "comma"},
		{"j\tdoe", "control"},
		{"j\x1bdoe", "control"},
		{"j\u202edoe", "invisible"},
		{"j\u200bdoe", "invisible"},
		{"j\xffdoe", "UTF-8"},
		{strings.Repeat("a", 500), "too long"},
		{strings.Repeat("ü", 90), "too long"},
	}
	for _, tt := range tests {
		got, err := datahub.ParseUser(tt.raw)
		if err == nil {
			t.Errorf("%q is taken as %q", tt.raw, got)
			continue
		}
		if f := failure.Of(err); f.Kind != failure.Usage || f.Hint == "" || !strings.Contains(f.Message, tt.says) {
			t.Errorf("%q: %+v does not say %q", tt.raw, f, tt.says)
		}
	}
}

func TestUsernameOfAnotherURN(t *testing.T) {
	if got := datahub.URN("urn:li:corpGroup:x").Username(); got != "urn:li:corpGroup:x" {
		t.Errorf("%q", got)
	}
}

// tokenID is the id that DataHub's documentation shows.
const tokenID = "HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A="

func TestParseTokenID(t *testing.T) {
	const urn = "urn:li:dataHubAccessToken:"
	tests := []struct {
		raw, id string
		full    bool
	}{
		{tokenID, tokenID, true},
		{" " + tokenID + "\n", tokenID, true},
		{urn + tokenID, tokenID, true},
		{url.PathEscape(tokenID), tokenID, true},
		{url.QueryEscape(tokenID), tokenID, true},
		{url.QueryEscape(urn + tokenID), tokenID, true},
		{urn + "HnMJyl", "HnMJyl", false},
		{"HnMJyl", "HnMJyl", false},
		{"ci", "ci", false},
		{"100%25", "100%25", false},
		{"100%", "100%", false},
		{"", "", false},
		{tokenID[:43], tokenID[:43], false},
		{tokenID[:43] + "A", tokenID[:43] + "A", false},
		{tokenID[:42] + "B=", tokenID[:42] + "B=", false}, // bits behind the sum
		{strings.Replace(tokenID, "+", "-", 2), strings.Replace(tokenID, "+", "-", 2), false},
		{tokenID[:20] + "\n" + tokenID[20:], tokenID[:20] + "\n" + tokenID[20:], false},
		{tokenID + tokenID, tokenID + tokenID, false},
	}
	for _, tt := range tests {
		if id, full := datahub.ParseTokenID(tt.raw); id != tt.id || full != tt.full {
			t.Errorf("%q is %q, full %v", tt.raw, id, full)
		}
	}
}

func TestTokenURNIsReadBack(t *testing.T) {
	if id, full := datahub.ParseTokenID(datahub.TokenURN(tokenID)); id != tokenID || !full {
		t.Errorf("%q, %v", id, full)
	}
}

func FuzzParseUser(f *testing.F) {
	for _, seed := range []string{"jdoe", "urn:li:corpuser:a b", "urn:li:corpGroup:x", "a@b.c", "(", "\u202e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := datahub.ParseUser(raw)
		if err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		if again, err := datahub.ParseUser(string(u)); err != nil || again != u {
			t.Errorf("%q is %q, which is %q (%v)", raw, u, again, err)
		}
	})
}

func FuzzParseTokenID(f *testing.F) {
	for _, seed := range []string{tokenID, url.QueryEscape(tokenID), "urn:li:dataHubAccessToken:x", "%", "ci"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id, full := datahub.ParseTokenID(raw)
		if again, still := datahub.ParseTokenID(datahub.TokenURN(id)); full && (again != id || !still) {
			t.Errorf("%q is %q, whose URN is %q (%v)", raw, id, again, still)
		}
	})
}
