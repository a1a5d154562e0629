package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

const (
	idA = "HnMJylxuowJ1FKN74BbGogLvXCS4w+fsd3MZdI35+8A="
	idB = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	jwt = "eyJhbGciOiJIUzI1NiJ9.eyJhY3RvcklkIjoiamRvZSIsInR5cGUiOiJQRVJTT05BTCIsInZlcnNpb24iOiIyIn0.c2ln"
)

func TestIDsOnStdin(t *testing.T) {
	cases := []struct {
		text string
		want []string
		line string // what the failure says; empty: there is none
	}{
		{"", nil, ""},
		{"\n \r\n\t\n", nil, ""},
		{idA, []string{idA}, ""},
		{"\ufeff" + idA + "\r\n\r\n  urn:li:dataHubAccessToken:" + idB + " \n", []string{idA, idB}, ""},
		{idA + "\n" + idA + "\n", []string{idA, idA}, ""},
		{idA + " " + idB, nil, "line 1 "},
		{idA + "\tci\n", nil, "line 1 "},
		{idA + "\nci\n", nil, "line 2 "},
		{"\n\n" + idA[:20], nil, "line 3 "},
		{idA + "\nurn:li:corpuser:" + idB, nil, "line 2 "},
		{idA + "\n" + strings.Repeat("x", 1<<20), nil, "line 2 "},
		{idA + "\n" + jwt, nil, "line 2 on stdin looks like a token's secret"},
		{"Authorization: Bearer " + jwt, nil, "looks like a token's secret"},
	}
	for _, c := range cases {
		ids, err := parseIDs(strings.NewReader(c.text))
		if !slices.Equal(ids, c.want) || (err == nil) != (c.line == "") {
			t.Errorf("%.60q: %q, %v", c.text, ids, err)
		}
		if err != nil && (failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), c.line) || strings.Contains(err.Error(), "eyJ")) {
			t.Errorf("%.60q: %v", c.text, err)
		}
	}
}

// Whatever is on stdin: either all of it is ids, or none is taken and nothing of
// it is repeated.
func FuzzIDsOnStdin(f *testing.F) {
	for _, text := range []string{idA, idA + "\n" + idB + "\n", "urn:li:dataHubAccessToken:" + idA, "ci\n", jwt, "\ufeff\n", "\x00", "secret-word"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ids, err := parseIDs(strings.NewReader(text))
		if err == nil && len(ids) != len(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
			return strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(line, "\r"), "\ufeff")) == ""
		})) {
			t.Errorf("%d ids", len(ids))
		}
		for _, id := range ids {
			if got, full := datahub.ParseTokenID(id); !full || got != id {
				t.Errorf("%q is no id", id)
			}
		}
		if err != nil && (len(ids) > 0 || strings.Contains(text, "secret-word") && strings.Contains(errorLine(failure.Of(err)), "secret-word")) {
			t.Errorf("%q, %v", ids, err)
		}
	})
}
