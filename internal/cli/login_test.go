package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/signin"
	"github.com/datahub-pat/pat/internal/term"
	"github.com/datahub-pat/pat/internal/transport"
)

func parsed(t *testing.T, raw string) datahub.Address {
	t.Helper()
	a, err := datahub.ParseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNamesOfNewProfiles(t *testing.T) {
	long := strings.Repeat("a", 60) + ".example.com"
	for address, want := range map[string]string{
		"https://datahub.example.com/gms":    "datahub.example.com",
		"https://datahub.example.com:8443":   "datahub.example.com",
		"http://localhost:8080":              "localhost",
		"http://127.0.0.1:9002/api/gms":      "127.0.0.1",
		"http://[2001:db8::1]:8080":          "2001.db8..1",
		"http://[::1]":                       "..1",
		"http://[fe80::1%25eth0]:8080":       "fe80..1.25eth0",
		"http://data_hub:8080":               "data_hub",
		"https://" + long:                    long[:64],
		"https://-odd.example.com":           "datahub",
		"https://xn--bcher-kva.example/base": "xn--bcher-kva.example",
	} {
		got := newProfileName(parsed(t, address))
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
		if err := config.CheckName(got); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProfileOfAServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	text := `current: third
profiles:
  first: {server: https://dh.example.com}
  second: {server: "https://dh.example.com/gms"}
  third: {server: dh.example.com/gms/}
  broken: {server: "ftp://x"}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://dh.example.com":         "first",
		"https://DH.example.com:443/":    "first",
		"https://dh.example.com/gms":     "third", // the current one comes first
		"http://dh.example.com/gms":      "dh.example.com",
		"https://other.example.com":      "other.example.com",
		"https://dh.example.com/api/gms": "dh.example.com",
	} {
		if got := profileOf(file, parsed(t, address)); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestNamesOfTokens(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	if got, want := tokenName("urn:li:corpuser:jdoe"), "pat jdoe@"+host; got != want && utf8.RuneCountInString(want) <= datahub.MaxName {
		t.Errorf("%q, want %q", got, want)
	}
	for _, user := range []string{strings.Repeat("x", 60), strings.Repeat("ü", 60), strings.Repeat("x", 45) + " y"} {
		got := tokenName(datahub.URN("urn:li:corpuser:" + user))
		if utf8.RuneCountInString(got) > datahub.MaxName || !utf8.ValidString(got) || strings.TrimSpace(got) != got || !strings.HasPrefix(got, "pat ") {
			t.Errorf("%q", got)
		}
	}
}

// Headers may be credentials: they go to the profile's own web interface and to
// the same host, and to nobody else's.
func TestHeadersOnTheWayToTheWebInterface(t *testing.T) {
	l := &login{target: loginTarget{
		pair: session.Pair{Server: parsed(t, "https://dh.example.com/gms")},
		way:  transport.Options{Headers: map[string]string{"X-Gate": "open"}},
	}}
	for _, c := range []struct {
		address, source string
		want            bool
	}{
		{"https://dh.example.com", "--frontend", true},
		{"https://dh.example.com:9002", "derived", true},
		{"https://web.example.com", "--frontend", false},
		{"https://web.example.com", "the server says so", false},
		{"https://web.example.com", inProfileSource, true},
	} {
		way := l.wayTo(signin.Place{Address: parsed(t, c.address), Source: c.source})
		if got := way.Headers["X-Gate"] != ""; got != c.want {
			t.Errorf("%s (%s): %v", c.address, c.source, got)
		}
	}
	if l.target.way.Headers["X-Gate"] == "" {
		t.Error("the way to the server itself has changed")
	}
}

func TestPlaceOfASecret(t *testing.T) {
	home := t.TempDir()
	its := filepath.Join(home, "token")
	w := newWorld(term.New(term.Streams{Env: map[string]string{"HOME": home, "USERPROFILE": home}}))
	for _, c := range []struct {
		before, to string
		overwrite  bool // asked for
		want       string
		replaces   bool
	}{
		{"", "", false, "keyring", false},
		{its, "", false, "file:" + its, true},
		{"~/token", "", false, "file:" + its, true},
		{its, "keyring", false, "keyring", false},
		{its, "file:~/token", false, "file:~/token", true},
		{its, "file:" + its + ",mode=0640", false, "file:" + its + ",mode=0640", true},
		{its, "file:" + its + "2", false, "file:" + its + "2", false},
		{its, "file:" + its + "2", true, "file:" + its + "2", true},
		{"", "file:" + its, false, "file:" + its, false},
	} {
		l := &login{w: w, options: &loginOptions{to: c.to, overwrite: c.overwrite}, target: loginTarget{before: config.Profile{TokenFile: c.before}}}
		if to, replaces := l.place(); to != c.want || replaces != c.replaces {
			t.Errorf("%+v: %s, %v", c, to, replaces)
		}
	}
}
