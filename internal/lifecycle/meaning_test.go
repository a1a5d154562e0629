package lifecycle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// id is a whole id that begins with the text.
func id(begin string) string { return begin + strings.Repeat("A", 43-len(begin)) + "=" }

func lookout(asked *int) *lifecycle.Lookout {
	return &lifecycle.Lookout{
		Stored: []keyring.Record{
			{ID: id("storedOne"), Name: "ci"},
			{ID: id("storedTwo"), Name: "twice"},
			{ID: id("storedThree"), Name: "twice"},
		},
		List: func(context.Context) ([]datahub.Token, error) {
			*asked++
			return []datahub.Token{
				{ID: id("storedOne"), Name: "ci"},
				{ID: id("listedOne"), Name: "ci"},
				{ID: id("listedTwo"), Name: "reports"},
				{ID: id("listedThree"), Name: "listed"},
			}, nil
		},
	}
}

func TestWhatWordsMean(t *testing.T) {
	cases := []struct {
		word, want string
		kind       failure.Kind
		asks       int
	}{
		{id("unheardOf"), id("unheardOf"), "", 0},
		{"urn:li:dataHubAccessToken:" + id("unheardOf"), id("unheardOf"), "", 0},
		{"ci", id("storedOne"), "", 0},                  // stored here comes before the server's
		{"storedOn", id("storedOne"), "", 0},            // the beginning of an id
		{"twice", "", failure.Ambiguous, 0},             // two stored ones of that name
		{"stored", "", failure.Ambiguous, 0},            // three ids begin so
		{"reports", id("listedTwo"), "", 1},             // only the server knows it
		{"listedTw", id("listedTwo"), "", 1},            //
		{"listed", id("listedThree"), "", 1},            // a name comes before the beginning of ids
		{"liste", "", failure.NotFound, 1},              // too short for an id
		{"nothing", "", failure.NotFound, 1},            //
		{"REPORTS", "", failure.NotFound, 1},            // case matters
		{"listedTwo=", "", failure.NotFound, 1},         //
		{"", "", failure.NotFound, 1},                   //
		{id("storedTwo"), id("storedTwo"), "", 0},       //
		{"urn:li:corpuser:ci", "", failure.NotFound, 1}, // another kind of URN
	}
	for _, c := range cases {
		asked := 0
		got, err := lookout(&asked).Find(t.Context(), c.word)
		if failure.KindOf(err) != c.kind || got.ID != c.want || asked != c.asks {
			t.Errorf("%q: %q, %v, asked %d times; want %q, %q, %d", c.word, got.ID, err, asked, c.want, c.kind, c.asks)
		}
	}
}

func TestServerIsAskedOnce(t *testing.T) {
	asked := 0
	l := lookout(&asked)
	for _, word := range []string{"reports", "listed", "nothing"} {
		l.Find(t.Context(), word)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestStoredOnly(t *testing.T) {
	asked := 0
	for word, kind := range map[string]failure.Kind{
		"ci": "", "twice": failure.Ambiguous, "reports": failure.NotFound, id("listedOne"): failure.NotFound, id("storedTwo"): "",
	} {
		if _, err := lookout(&asked).FindStored(word); failure.KindOf(err) != kind {
			t.Errorf("%q: %v, want %q", word, err, kind)
		}
	}
	if asked != 0 {
		t.Error("the server was asked")
	}
}

// A token that was pasted may be kept under a sum of its secret: that gives the
// secret, but is no id that anything could be done with at the server.
func TestStoredWithoutAnID(t *testing.T) {
	asked := 0
	l := lookout(&asked)
	l.Stored = append(l.Stored, keyring.Record{ID: "secret-sha256:0123456789abcdef", Name: "reports"})
	if found, err := l.FindStored("reports"); err != nil || found.ID != "secret-sha256:0123456789abcdef" {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := l.Find(t.Context(), "reports"); err != nil || found.ID != id("listedTwo") || asked != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := l.Find(t.Context(), "secret-sha256:"); failure.KindOf(err) != failure.NotFound {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestInUse(t *testing.T) {
	end := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	tokens := []datahub.Token{
		{ID: "a", Actor: "urn:li:corpuser:jdoe", ExpiresAt: end.Add(1700 * time.Millisecond)},
		{ID: "b", Actor: "urn:li:corpuser:jdoe", ExpiresAt: end.Add(3 * time.Second)},
		{ID: "c", Actor: "urn:li:corpuser:other", ExpiresAt: end},
		{ID: "d", Actor: "urn:li:corpuser:jdoe"},
		{ID: "e", Actor: "urn:li:corpuser:jdoe"},
	}
	claims := func(kind string, end time.Time) datahub.Claims {
		return datahub.Claims{Actor: "urn:li:corpuser:jdoe", Type: kind, ExpiresAt: end}
	}
	cases := []struct {
		what, recognised string
		claims           datahub.Claims
		known            bool
		want             string
	}{
		{"by actor and end", "", claims("PERSONAL", end), true, "a"},
		{"by the index, whatever the claims say", "c", claims("PERSONAL", end), true, "c"},
		{"known by the index, not among these", "x", claims("PERSONAL", end), true, ""},
		{"never-ending ones stay unclear", "", claims("PERSONAL", time.Time{}), true, "d e"},
		{"a session is no token", "", claims("SESSION", end), true, ""},
		{"not a DataHub token", "", datahub.Claims{}, false, ""},
	}
	for _, c := range cases {
		if got := strings.Join(lifecycle.InUse(tokens, c.recognised, c.claims, c.known), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
