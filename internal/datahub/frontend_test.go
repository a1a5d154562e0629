package datahub_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/sanitize"
	"github.com/datahub-pat/pat/internal/transport"
)

func address(t *testing.T, raw string) datahub.Address {
	t.Helper()
	a, err := datahub.ParseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Only whole path segments and whole ports count: the clients that strip
// characters instead send passwords to other people's hosts.
func TestGuessedFrontend(t *testing.T) {
	tests := []struct{ server, want string }{
		{"http://localhost:8080", "http://localhost:9002"},
		{"http://localhost:9002", "http://localhost:9002"},
		{"http://localhost:9002/api/gms", "http://localhost:9002"},
		{"http://localhost:8080/api/gms", "http://localhost:8080"},
		{"http://gms:8080/gms", "http://gms:9002"},
		{"http://[::1]:8080", "http://[::1]:9002"},
		{"http://gms:18080", "http://gms:18080"},
		{"http://gms:80800/8080", ""},
		{"https://dh.corp.com/gms", "https://dh.corp.com"},
		{"https://data.ms/gms", "https://data.ms"},
		{"https://gms.example.com/gms", "https://gms.example.com"},
		{"https://gms.example.com", "https://gms.example.com"},
		{"https://dh.example.com/team/gms", "https://dh.example.com/team"},
		{"https://dh.example.com/mygms", "https://dh.example.com/mygms"},
		{"https://dh.example.com/team/api/gms", "https://dh.example.com/team"},
		{"https://dh.example.com:8443/gms", "https://dh.example.com:8443"},
		{"x.acryl.io", "https://x.acryl.io"},
		{"https://x.acryl.io/api/gms", "https://x.acryl.io"},
		{"mock:", ""},
	}
	for _, tt := range tests {
		server, err := datahub.ParseAddress(tt.server)
		if got := server.GuessFrontend().String(); got != tt.want {
			t.Errorf("%s (%v): %q, want %q", tt.server, err, got, tt.want)
		}
	}
}

func TestParseFrontend(t *testing.T) {
	tests := []struct{ raw, logIn, tokens string }{
		{"localhost:9002", "http://localhost:9002/logIn", "http://localhost:9002/settings/tokens"},
		{"https://dh.example.com/login", "https://dh.example.com/logIn", "https://dh.example.com/settings/tokens"},
		{"https://dh.example.com/settings/tokens", "https://dh.example.com/logIn", "https://dh.example.com/settings/tokens"},
		{"https://dh.example.com/base/", "https://dh.example.com/base/logIn", "https://dh.example.com/base/settings/tokens"},
		{"http://x.acryl.io:8080", "https://x.acryl.io/logIn", "https://x.acryl.io/settings/tokens"},
	}
	for _, tt := range tests {
		got, err := datahub.ParseFrontend(tt.raw)
		if err != nil || got.LogIn() != tt.logIn || got.TokensPage() != tt.tokens {
			t.Errorf("%s: %s and %s, %v", tt.raw, got.LogIn(), got.TokensPage(), err)
		}
	}
	for _, raw := range []string{"mock:", "", "https://me:hunter2@x", "ftp://x"} {
		if _, err := datahub.ParseFrontend(raw); failure.KindOf(err) != failure.Usage || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestSameHost(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"http://h:8080", "https://h:9002/x", true},
		{"http://[::1]:8080", "http://[::1]", true},
		{"http://h", "http://h.example.com", false},
		{"http://h.", "http://h", false},
		{"mock:", "mock:", false},
	}
	for _, tt := range tests {
		if got := address(t, tt.a).SameHost(address(t, tt.b)); got != tt.want {
			t.Errorf("%s and %s: %v", tt.a, tt.b, got)
		}
	}
}

func TestDescribe(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		hub := mockhub.Start(t, mockhub.Options{Release: release})
		hub.SetBaseURL("https://dh.example.com/")
		tests := []struct {
			server, frontend string
			kind             datahub.EndpointKind
			known            bool
		}{
			{hub.GMSURL, "https://dh.example.com", datahub.EndpointGMS, true},
			{hub.FrontendURL, "", datahub.EndpointFrontend, true},
			{hub.FrontendURL + "/api/gms", "", datahub.EndpointFrontend, false},  // 401
			{hub.FrontendURL + "/nothing", "", datahub.EndpointUnknown, false},   // a page
			{hub.GMSURL + "/nothing/gms", "", datahub.EndpointGMS, false},        // by its path
			{hub.FrontendURL + "/elsewhere", "", datahub.EndpointUnknown, false}, // a page
		}
		for _, tt := range tests {
			way := transport.Options{Secret: "never.sent.there"}
			got, err := datahub.Describe(t.Context(), address(t, tt.server), way)
			if err != nil || got.Kind != tt.kind || got.Frontend.String() != tt.frontend {
				t.Errorf("%s: %+v, %v", tt.server, got, err)
			}
			if known := strings.HasPrefix(got.Version, "v"); got.Known != known || known != tt.known || got.Answer == "" || got.Date.IsZero() {
				t.Errorf("%s: %+v", tt.server, got)
			}
		}
		for _, request := range hub.Journal() {
			if strings.Contains(strings.Join(request.Headers, " "), "Authorization") {
				t.Errorf("a credential was sent to %s", request.Path)
			}
		}
	})
}

func TestDescriptionsThatAreNone(t *testing.T) {
	for body, kind := range map[string]datahub.EndpointKind{
		`{"noCode": true, "baseUrl": 7}`:                   datahub.EndpointGMS,
		`{"noCode": "true", "baseUrl": "javascript:x"}`:    datahub.EndpointGMS,
		`{"noCode": "true", "baseUrl": "https://a:b@c.d"}`: datahub.EndpointGMS,
		`{"noCode": "false"}`:                              datahub.EndpointUnknown,
		`{"config": {}, "noCode": "true"}`:                 datahub.EndpointFrontend,
		`[]`:                                               datahub.EndpointUnknown,
		`<html>`:                                           datahub.EndpointUnknown,
		``:                                                 datahub.EndpointUnknown,
		`{"config": "x"}`:                                  datahub.EndpointUnknown,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }))
		got, err := datahub.Describe(t.Context(), address(t, server.URL), transport.Options{})
		server.Close()
		if err != nil || got.Kind != kind || got.Frontend != (datahub.Address{}) {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	redirects := httptest.NewServer(http.RedirectHandler("/login", http.StatusFound))
	defer redirects.Close()
	if got, err := datahub.Describe(t.Context(), address(t, redirects.URL), transport.Options{}); err != nil || got.Kind != datahub.EndpointUnknown {
		t.Errorf("%+v, %v", got, err)
	}
	redirects.Close()
	if _, err := datahub.Describe(t.Context(), address(t, redirects.URL), transport.Options{}); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("%v", err)
	}
}

func TestTokenAuthentication(t *testing.T) {
	forEachRelease(t, func(t *testing.T, release string) {
		for _, off := range []bool{false, true} {
			hub := mockhub.Start(t, mockhub.Options{Release: release, AuthOff: off})
			client, err := datahub.Connect(address(t, hub.GMSURL), transport.Options{}, datahub.Options{})
			if err != nil {
				t.Fatal(err)
			}
			on, err := client.TokenAuthentication(t.Context())
			if off && (on || err != nil) || !off && failure.KindOf(err) != failure.Unauthenticated {
				t.Errorf("off %v: %v, %v", off, on, err)
			}
			client.Close()
		}
	})
}

// FuzzDescription has a server say anything of itself: where it says that its web
// interface is, people are asked whether their password may go.
func FuzzDescription(f *testing.F) {
	for _, seed := range []string{
		`{"noCode":"true","baseUrl":"https://hub.example.com"}`, `{"noCode":true,"baseUrl":"https://u:p@hub\u001b[2J/#"}`, `{"config":{}}`, `{"noCode":"true","baseUrl":7}`,
		`{"noCode":"true","baseUrl":"http://[::1%25eth0]:9002/x/../y?z"}`, "[]", "",
	} {
		f.Add([]byte(seed))
	}
	address, err := datahub.ParseAddress("http://localhost:8080")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		said, err := datahub.Describe(t.Context(), address, transport.Options{Base: &hostile{answer: body}})
		if err != nil {
			if failure.Of(err).Message == "" {
				t.Errorf("%q: %#v", body, err)
			}
			return
		}
		if text := said.Frontend.String(); text != sanitize.Line(text) || strings.Contains(text, "@") {
			t.Errorf("%q: the web interface is at %q", body, text)
		}
	})
}
