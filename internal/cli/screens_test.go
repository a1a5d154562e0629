package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/goldentest"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/term"
)

// screens are the terminals that commands are shown on: a narrow, a usual and a
// wide one, each with colours and without.
func screens() map[string]render.Output {
	all := map[string]render.Output{}
	for _, width := range []int{40, 80, 160} {
		out := render.Output{Terminal: true, Width: width}
		all[fmt.Sprintf("%d", width)] = out
		out.Colour = true
		all[fmt.Sprintf("%d-colour", width)] = out
	}
	return all
}

// checkScreen compares what is shown with a file under testdata/screens.
func checkScreen(t *testing.T, name string, shown []byte) {
	t.Helper()
	goldentest.Check(t, filepath.Join("testdata", "screens", name+".txt"), shown)
}

// screenTime is when the screens are seen.
var screenTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// screenTokens are the tokens of a team, with what makes tables difficult.
func screenTokens() []tokenRecord {
	ago := func(days int) time.Time { return screenTime.AddDate(0, 0, -days) }
	in := func(days int) time.Time { return screenTime.AddDate(0, 0, days) }
	tokens := []datahub.Token{
		{ID: "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", Name: "ci", Description: "for the nightly build", CreatedAt: ago(3), ExpiresAt: in(27)},
		{ID: "Zm9vYmFSYmF6cXV4MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", Name: "a name that somebody who likes to explain gave to a token", CreatedAt: ago(20), ExpiresAt: in(1)},
		{ID: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=", Name: "夜間バッチ", CreatedAt: ago(400), ExpiresAt: ago(35)},
		{ID: "EjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vA=", Name: "airflow", Owner: "urn:li:corpuser:datahub", Actor: "urn:li:corpuser:service_6f1c", CreatedAt: ago(90)},
		{ID: "VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjQ=", Name: "red \x1b[31malert\u202e", CreatedAt: ago(0), ExpiresAt: screenTime.Add(time.Hour)},
	}
	records := make([]tokenRecord, len(tokens))
	for i, token := range tokens {
		if token.Owner == "" {
			token.Owner, token.Actor = "urn:li:corpuser:jdoe", "urn:li:corpuser:jdoe"
		}
		records[i] = recordOf(token, i == 0, screenTime)
	}
	records[1].inUse = true
	shortenIDs(records)
	return records
}

func TestScreensOfList(t *testing.T) {
	for name, out := range screens() {
		var shown bytes.Buffer
		records := screenTokens()
		if err := tokenView(records, "urn:li:corpuser:jdoe", out, screenTime).Write(&shown, out, records); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, "list-"+name, shown.Bytes())
	}
}

func TestScreensOfWhoAmI(t *testing.T) {
	ends := screenTime.AddDate(0, 0, 27)
	who := identityRecord{
		Actor: "urn:li:corpuser:jdoe", DisplayName: "John Doe", Server: "https://datahub.example.com/gms", Endpoint: "gms", ServerVersion: "v1.4.0",
		ServerSource: "profile prod (current)", CredentialSource: "the keyring, as profile prod says", ExpiresAt: &ends, endKnown: true,
		TokenAuthentication: true, MayCreateTokens: true,
	}
	for name, out := range screens() {
		var shown bytes.Buffer
		w := newWorld(term.New(term.Streams{Out: &shown, OutTerminal: true}))
		w.now = func() time.Time { return screenTime }
		if err := who.write(w, out); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, "whoami-"+name, shown.Bytes())
	}
}
