package cli

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/datahub-pat/pat/internal/doctor"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
	"github.com/datahub-pat/pat/internal/term"
)

// ill is a machine on which each kind of finding is made.
func ill() []doctor.Finding {
	found := map[doctor.Check]doctor.Finding{
		doctor.Address:        {Result: doctor.OK, Value: "https://datahub.example.com", Found: "https://datahub.example.com, from profile prod (current); requests go to https://datahub.example.com/api/graphql"},
		doctor.DNS:            {Result: doctor.OK, Value: "192.0.2.7", Found: "datahub.example.com is 192.0.2.7"},
		doctor.TCP:            {Result: doctor.OK, Value: "192.0.2.7:443", Found: "connected to 192.0.2.7:443"},
		doctor.TLS:            {Result: doctor.Warning, Value: "2026-11-24T08:00:00Z", Found: "TLS 1.3, certificate from Example CA, ends in 2 days (2026-11-24 08:00 UTC); that is soon", Advice: "have whoever runs the server renew it"},
		doctor.Endpoint:       {Result: doctor.OK, Value: "gms", Found: "GMS, DataHub's metadata service"},
		doctor.Version:        {Result: doctor.OK, Value: "v1.4.0\x1b[2J", Found: "DataHub v1.4.0\x1b[2J"},
		doctor.Authentication: {Result: doctor.OK, Value: "on", Found: "on: a request without a token is refused"},
		doctor.Credential:     {Result: doctor.OK, Value: "2026-12-21T09:30:00Z", Found: "from the system keyring (profile prod), of jdoe, ends in 29 days (2026-12-21 09:30 UTC)"},
		doctor.Accepted: {Result: doctor.Problem, Kind: failure.Unauthenticated, Found: "401 Unauthorized: the server does not accept this token: the server says: Unauthorized to perform this action 日本語",
			Advice: "it may be revoked, of another DataHub, or of a removed or suspended user; after the server's signing key changed no earlier token works"},
		doctor.Proxy:         {Result: doctor.Skipped, Found: "none is set for this server"},
		doctor.Clock:         {Result: doctor.OK, Value: "0", Found: "in step with the server's"},
		doctor.Configuration: {Result: doctor.OK, Value: "/home/jdoe/.config/pat/config.yaml", Found: "/home/jdoe/.config/pat/config.yaml: 1 profile; current is prod"},
		doctor.Datahubenv:    {Result: doctor.Skipped, Found: "~/.datahubenv is not there"},
		doctor.Variables:     {Result: doctor.OK, Found: "none of pat's or of DataHub's own client's is set"},
		doctor.Operations:    {Result: doctor.Warning, Value: "1", Found: "1 operation left open: create of ci", Advice: "settle with `pat recover`"},
		doctor.Keyring:       {Result: doctor.OK, Value: "works", Found: "works: it kept a trial entry, gave it back and removed it"},
	}
	var findings []doctor.Finding
	for _, check := range doctor.Checks() {
		f, ok := found[check]
		if !ok {
			f = doctor.Finding{Result: doctor.Skipped, Found: "not checked: depends on accepted"}
		}
		f.Check = check
		findings = append(findings, f)
	}
	return findings
}

func TestScreensOfDoctor(t *testing.T) {
	for name, out := range screens() {
		var shown bytes.Buffer
		out.Format = render.Table
		w := newWorld(term.New(term.Streams{Out: &shown}))
		if err := writeFindings(w, out, ill()); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, "doctor-"+name, shown.Bytes())
		if !out.Colour {
			fitsScreen(t, shown.String(), out.Width)
		}
	}
}

// fitsScreen checks that no line is wider than the screen, but for a word that
// cannot be broken, and that no foreign control character came through.
func fitsScreen(t *testing.T, screen string, width int) {
	t.Helper()
	for line := range strings.Lines(screen) {
		line = strings.TrimSuffix(line, "\n")
		if displaywidth.String(line) > width && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("%d columns: %q", displaywidth.String(line), line)
		}
		if strings.Contains(line, "\x1b") {
			t.Errorf("a control character came through: %q", line)
		}
	}
}

// TestDoctorsSchema holds the schema to the checks, the results and the fields
// that there are.
func TestDoctorsSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "schemas", "doctor.json"))
	if err != nil {
		t.Fatal(err)
	}
	type words struct {
		Enum        []string `json:"enum"`
		Description string   `json:"description"`
	}
	var schema struct {
		Items struct {
			Properties map[string]words `json:"properties"`
			Required   []string         `json:"required"`
		} `json:"items"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	record, err := json.Marshal(recordOfCheck(ill()[0]))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(record, &fields); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(fields))
	if got := slices.Sorted(maps.Keys(schema.Items.Properties)); !slices.Equal(got, names) {
		t.Errorf("the schema has %v, the output %v", got, names)
	}
	if got := slices.Sorted(slices.Values(schema.Items.Required)); !slices.Equal(got, names) {
		t.Errorf("required are %v, and none of %v is ever left out", got, names)
	}
	var checks []string
	for _, check := range doctor.Checks() {
		checks = append(checks, string(check))
	}
	if got := schema.Items.Properties["check"].Enum; !slices.Equal(got, checks) {
		t.Errorf("the schema has the checks %v, doctor %v", got, checks)
	}
	for result := range marks {
		if !slices.Contains(schema.Items.Properties["result"].Enum, string(result)) {
			t.Errorf("the schema lacks the result %s", result)
		}
	}
}
