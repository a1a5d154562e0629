package signin_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/signin"
)

func TestLocate(t *testing.T) {
	const gms, web, unknown = datahub.EndpointGMS, datahub.EndpointFrontend, datahub.EndpointUnknown
	tests := []struct {
		server string
		kind   datahub.EndpointKind
		said   string // what the server says of its web interface
		want   string // empty: nobody knows
		trust  signin.Trust
	}{
		{"http://localhost:8080", gms, "", "http://localhost:9002", signin.SameHost},
		{"http://localhost:9002", web, "", "http://localhost:9002", signin.Named},
		{"http://localhost:9002/api/gms", web, "", "http://localhost:9002", signin.SameHost},
		{"https://dh.corp.com/gms", gms, "", "https://dh.corp.com", signin.SameHost},
		{"https://dh.example.com", unknown, "", "https://dh.example.com", signin.Named},
		{"https://gms.example.com", gms, "", "", 0},
		{"http://127.0.0.1:38080", gms, "", "", 0},
		{"https://gms.example.com", gms, "https://dh.example.com", "https://dh.example.com", signin.Elsewhere},
		{"https://dh.example.com/gms", gms, "https://dh.example.com", "https://dh.example.com", signin.SameHost},
		{"https://dh.example.com/gms", gms, "https://dh.example.com.evil.test", "https://dh.example.com.evil.test", signin.Elsewhere},
		{"http://127.0.0.1:38080", gms, "http://localhost:9002", "http://localhost:9002", signin.SameHost},
		// A server that was not told where its web interface is says localhost.
		{"https://dh.example.com/gms", gms, "http://localhost:9002", "https://dh.example.com", signin.SameHost},
		{"https://gms.example.com", gms, "http://localhost:9002", "", 0},
	}
	for _, tt := range tests {
		server, err := datahub.ParseAddress(tt.server)
		if err != nil {
			t.Fatal(err)
		}
		said := datahub.Description{Kind: tt.kind}
		if tt.said != "" {
			said.Frontend = frontend(t, tt.said)
		}
		got, err := signin.Locate(server, said)
		if got.Address.String() != tt.want || got.Trust != tt.trust || (tt.want == "") != errors.Is(err, signin.ErrUnknown) {
			t.Errorf("%s (%s, says %q): %+v, %v", tt.server, tt.kind, tt.said, got, err)
		}
	}
}

func TestNamedPlacesComeFirst(t *testing.T) {
	server, _ := datahub.ParseAddress("http://localhost:8080")
	said := datahub.Description{Kind: datahub.EndpointGMS, Frontend: frontend(t, "https://evil.example.com")}
	got, err := signin.Locate(server, said, signin.NamedAddress{Source: "--frontend"},
		signin.NamedAddress{Source: "DATAHUB_FRONTEND_URL", Text: "dh.example.com/login"},
		signin.NamedAddress{Source: "the profile", Text: "https://other.example.com"})
	if err != nil || got.Address.String() != "https://dh.example.com" || got.Source != "DATAHUB_FRONTEND_URL" || got.Trust != signin.Named {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = signin.Locate(server, said, signin.NamedAddress{Source: "--frontend", Text: "https://me:hunter2@x"})
	if failure.KindOf(err) != failure.Usage || errors.Is(err, signin.ErrUnknown) || !strings.Contains(err.Error(), "--frontend") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}
