package datahub_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestParseAddress(t *testing.T) {
	tests := []struct{ raw, want string }{
		// As documented for each way of running DataHub.
		{"http://localhost:8080", "http://localhost:8080"},
		{"http://localhost:9002", "http://localhost:9002"},
		{"http://localhost:9002/api/gms", "http://localhost:9002/api/gms"},
		{"https://dh.example.com/gms", "https://dh.example.com/gms"},
		{"https://dh.example.com/data/hub", "https://dh.example.com/data/hub"},
		// Scheme left out.
		{"dh.example.com", "https://dh.example.com"},
		{"dh.example.com:8443/gms", "https://dh.example.com:8443/gms"},
		{"datahub-gms:8080", "https://datahub-gms:8080"},
		{"localhost:8080", "http://localhost:8080"},
		{"LocalHost", "http://localhost"},
		{"127.0.0.1:9002", "http://127.0.0.1:9002"},
		{"127.9.9.9", "http://127.9.9.9"},
		{"128.0.0.1", "https://128.0.0.1"},
		{"[::1]:8080", "http://[::1]:8080"},
		{"https://localhost:8443", "https://localhost:8443"},
		{"localhost.example.com", "https://localhost.example.com"},
		// Spelling.
		{"  https://dh.example.com/  \n", "https://dh.example.com"},
		{"HTTPS://DH.Example.COM/Base/", "https://dh.example.com/Base"},
		{"https://dh.example.com:443", "https://dh.example.com"},
		{"http://dh.example.com:080", "http://dh.example.com"},
		{"http://dh.example.com:443", "http://dh.example.com:443"},
		{"https://dh.example.com:80", "https://dh.example.com:80"},
		{"https://dh.example.com//a/./b/../c//", "https://dh.example.com/a/c"},
		{"https://dh.example.com/../..", "https://dh.example.com"},
		{"https://dh.example.com/my%20hub", "https://dh.example.com/my%20hub"},
		{"https://[2001:DB8:0:0::1]:8443", "https://[2001:db8::1]:8443"},
		{"http://[fe80::1%25eth0]:8080", "http://[fe80::1%25eth0]:8080"},
		{"https://bücher.example", "https://xn--bcher-kva.example"},
		{"https://BÜCHER.example:8443", "https://xn--bcher-kva.example:8443"},
		{"https://dh.example.com.", "https://dh.example.com."},
		{"http://data_hub:8080", "http://data_hub:8080"},
		// Pasted.
		{"http://localhost:8080/api/graphql", "http://localhost:8080"},
		{"http://localhost:9002/api/v2/graphql/", "http://localhost:9002"},
		{"http://localhost:9002/api/graphiql", "http://localhost:9002"},
		{"http://localhost:9002/api/gms/api/graphql", "http://localhost:9002/api/gms"},
		{"https://dh.example.com/gms/api/graphql", "https://dh.example.com/gms"},
		{"https://dh.example.com/my%20hub/api/graphql", "https://dh.example.com/my%20hub"},
		{"https://dh.example.com/settings/tokens", "https://dh.example.com"},
		{"https://dh.example.com/login", "https://dh.example.com"},
		{"https://dh.example.com/graphqlish", "https://dh.example.com/graphqlish"},
		// DataHub Cloud.
		{"https://x.acryl.io/gms", "https://x.acryl.io/gms"},
		{"https://x.acryl.io", "https://x.acryl.io/gms"},
		{"x.acryl.io/", "https://x.acryl.io/gms"},
		{"http://x.acryl.io:8080", "https://x.acryl.io/gms"},
		{"http://x.acryl.io:443", "https://x.acryl.io/gms"},
		{"https://x.acryl.io/api/gms", "https://x.acryl.io/api/gms"},
		{"https://x.acryl.io/api/graphql", "https://x.acryl.io/gms"},
		{"https://x.acryl.io/settings/tokens", "https://x.acryl.io/gms"},
		{"http://x.acryl.io.example.com", "http://x.acryl.io.example.com"},
		{"http://notacryl.io", "http://notacryl.io"},
		// The embedded DataHub.
		{"mock:", "mock:"},
		{"MOCK:", "mock:"},
		{"mock:datahub", "mock:"},
		{"mock:jdoe", "mock:jdoe"},
		{"mock:jdoe@example.com", "mock:jdoe@example.com"},
		{"mock:urn:li:corpuser:jdoe", "mock:jdoe"},
	}
	for _, tt := range tests {
		got, err := datahub.ParseAddress(tt.raw)
		if err != nil {
			t.Errorf("%q: %v", tt.raw, err)
		} else if got.String() != tt.want {
			t.Errorf("%q is %q, want %q", tt.raw, got, tt.want)
		}
	}
}

func TestAddressRefused(t *testing.T) {
	tests := []struct{ raw, says string }{
		{"", "empty"},
		{"  ", "empty"},
		{"https://", "host name"},
		{"https:///gms", "host name"},
		{"https://a..b", "host name"},
		{"https://.", "host name"},
		{"https://a,b", "host name"},
		{"https://xn--\u00fc.example", "host name"},
		{"https://" + strings.Repeat("a", 64), "host name"},
		{"https://" + strings.Repeat("a.", 127) + "b", "host name"},
		{"https://x\u00e9%2f", "URL"},
		{"ftp://dh.example.com", "http://"},
		{"file:///etc/passwd", "http://"},
		{"://dh.example.com", "http://"},
		{"mock://jdoe", "mock:"},
		{"mock:a b", "spaces"},
		{"mock:urn:li:corpGroup:x", "mock:"},
		{"http:/dh.example.com", "//"},
		{"HTTPS:dh.example.com", "//"},
		{"https://https://dh.example.com", "port"},
		{"https://dh.example.com:", "port"},
		{"https://dh.example.com:0", "port"},
		{"https://dh.example.com:65536", "port"},
		{"https://dh.example.com:http", "URL"},
		{"https://::1", "URL"},
		{"https://[::1", "URL"},
		{"https://[::zz]", "URL"},
		{"https://[fe80::1%25a%20b]", "IPv6"},
		{"https://dh.example.com/?q=1", "?"},
		{"https://dh.example.com/#x", "#"},
		{"https://dh.example.com/a b", "spaces"},
		{"https://dh.example.com\n/x", "spaces"},
		{"https://dh.example.com/\x1b[2J", "control"},
		{"https://dh.exa\u200bmple.com", "invisible"},
		{"https://dh.exa\u202emple.com", "invisible"},
		{"https://dh.example.com\\@evil.example", "backslash"},
		{"https://dh.example.com/\xff", "UTF-8"},
	}
	for _, tt := range tests {
		got, err := datahub.ParseAddress(tt.raw)
		if err == nil {
			t.Errorf("%q is taken as %q", tt.raw, got)
			continue
		}
		if f := failure.Of(err); f.Kind != failure.Usage || f.Hint == "" || !strings.Contains(f.Message, tt.says) {
			t.Errorf("%q: %+v does not say %q", tt.raw, f, tt.says)
		}
	}
}

func TestAddressFailureRepeatsNoPassword(t *testing.T) {
	for _, raw := range []string{
		"https://jdoe:hunter2@dh.example.com",
		"https://hunter2@dh.example.com:x",
		"jdoe:hunter2@dh.example.com",
		"https://jdoe:hunter2@@dh.example.com",
		"ftp://jdoe:hunter2@dh.example.com",
		"https://dh.example.com/?token=hunter2",
		"hunter2://x",
		"mock:hunter2/x",
	} {
		_, err := datahub.ParseAddress(raw)
		if err == nil {
			t.Errorf("%q is taken", raw)
			continue
		}
		f := failure.Of(err)
		if text := f.Error() + f.Hint; strings.Contains(text, "hunter2") || strings.Contains(text, "jdoe:") {
			t.Errorf("%q: repeated in %q", raw, text)
		}
	}
}

func TestAddressURLs(t *testing.T) {
	tests := []struct{ raw, graphql, config, host string }{
		{"http://localhost:8080", "http://localhost:8080/api/graphql", "http://localhost:8080/config", "localhost:8080"},
		{"http://localhost:9002/api/gms", "http://localhost:9002/api/gms/api/graphql", "http://localhost:9002/api/gms/config", "localhost:9002"},
		{"x.acryl.io", "https://x.acryl.io/gms/api/graphql", "https://x.acryl.io/gms/config", "x.acryl.io"},
		{"mock:jdoe", "http://mock.invalid/api/graphql", "http://mock.invalid/config", ""},
	}
	for _, tt := range tests {
		a := parseAddress(t, tt.raw)
		if a.GraphQL() != tt.graphql || a.Config() != tt.config || a.Host() != tt.host {
			t.Errorf("%q: %q, %q, %q", tt.raw, a.GraphQL(), a.Config(), a.Host())
		}
	}
}

func TestAddressTells(t *testing.T) {
	tests := []struct {
		raw      string
		kind     datahub.EndpointKind
		insecure bool
		user     string
	}{
		{"http://localhost:8080", datahub.EndpointGMS, false, ""},
		{"http://127.0.0.1:8080", datahub.EndpointGMS, false, ""},
		{"http://[::1]:9002", datahub.EndpointFrontend, false, ""},
		{"http://[::ffff:127.0.0.1]", datahub.EndpointUnknown, false, ""},
		{"http://gms:8080", datahub.EndpointGMS, true, ""},
		{"http://[2001:db8::1]:8080", datahub.EndpointGMS, true, ""},
		{"http://web:8080/api/gms", datahub.EndpointFrontend, true, ""},
		{"https://dh.example.com/api/gms", datahub.EndpointFrontend, false, ""},
		{"https://dh.example.com/gms", datahub.EndpointGMS, false, ""},
		{"https://dh.example.com/programs", datahub.EndpointUnknown, false, ""},
		{"https://dh.example.com", datahub.EndpointUnknown, false, ""},
		{"https://dh.example.com:18080", datahub.EndpointUnknown, false, ""},
		{"mock:", "", false, "datahub"},
		{"mock:jdoe", "", false, "jdoe"},
	}
	for _, tt := range tests {
		a := parseAddress(t, tt.raw)
		if a.Kind() != tt.kind || a.Insecure() != tt.insecure || a.MockUser() != tt.user || a.IsMock() != (tt.user != "") {
			t.Errorf("%q: kind %q, insecure %v, user %q", tt.raw, a.Kind(), a.Insecure(), a.MockUser())
		}
	}
}

func TestSameServer(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"https://dh.example.com", "HTTPS://DH.example.com:443/", true},
		{"https://dh.example.com/gms", "https://dh.example.com/gms/api/graphql", true},
		{"https://bücher.example", "https://xn--bcher-kva.example", true},
		{"mock:", "mock:jdoe", true},
		{"https://dh.example.com", "http://dh.example.com", false},
		{"https://dh.example.com", "https://dh.example.com:8443", false},
		{"https://dh.example.com", "https://dh.example.org", false},
		{"https://dh.example.com", "https://dh.example.com/gms", false},
		{"https://dh.example.com/a", "https://dh.example.com/A", false},
		{"https://mock", "mock:", false},
	}
	for _, tt := range tests {
		a, b := parseAddress(t, tt.a), parseAddress(t, tt.b)
		if a.SameServer(b) != tt.same || b.SameServer(a) != tt.same {
			t.Errorf("%q and %q: same is %v", tt.a, tt.b, !tt.same)
		}
	}
}

func TestNoAddressIsNoServer(t *testing.T) {
	var none datahub.Address
	if none.String() != "" || none.SameServer(none) || none.Kind() != "" || none.IsMock() || none.Insecure() {
		t.Errorf("the zero address is %q", none)
	}
}

func TestAddressInJSON(t *testing.T) {
	got, err := json.Marshal(map[string]datahub.Address{"server": parseAddress(t, "localhost:8080/")})
	if want := `{"server":"http://localhost:8080"}`; err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"http://localhost:8080", "x.acryl.io", "mock:jdoe", "https://u:p@h/a/../api/graphql",
		"[::1]:80", "http://[fe80::1%25eth0]", "https://bücher.example/%2e%2e/", "https://h:443//x/login/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := datahub.ParseAddress(raw)
		if err != nil {
			if failure.KindOf(err) != failure.Usage {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		again, err := datahub.ParseAddress(a.String())
		if err != nil || again != a {
			t.Errorf("%q is %q, which is %q (%v)", raw, a, again, err)
		}
		if strings.ContainsAny(a.String(), " \r\n\t\x00\x1b") || !a.IsMock() && strings.Contains(a.Host(), "@") {
			t.Errorf("%q is %q", raw, a)
		}
	})
}

func parseAddress(t *testing.T, raw string) datahub.Address {
	t.Helper()
	a, err := datahub.ParseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
