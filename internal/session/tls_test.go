package session_test

import (
	"testing"

	"github.com/datahub-pat/pat/internal/session"
)

func TestTLS(t *testing.T) {
	onURL := func(url string, more env) env {
		more["DATAHUB_GMS_URL"] = url
		return more
	}
	tests := []struct {
		name    string
		on      machine
		want    session.TLS
		notices []string
	}{
		{"none", machine{env: onURL(here, env{})}, session.TLS{}, nil},
		{
			"flags", machine{flags: session.Flags{CACert: "/ca", ClientCert: "/c", ClientKey: "/k"}, env: onURL(here, env{})},
			session.TLS{CACert: "/ca", ClientCert: "/c", ClientKey: "/k"}, nil,
		},
		{
			"flags before the file's", machine{flags: session.Flags{CACert: "/ca", ClientCert: "/c"}, file: "gms: {server: '" + here + "', ca_certificate_path: /x, client_certificate_path: /y, client_key_path: /z}"},
			session.TLS{CACert: "/ca", ClientCert: "/c"}, nil,
		},
		{
			"a certificate to trust means checking", machine{flags: session.Flags{CACert: "/ca"}, file: "gms: {server: '" + here + "', disable_ssl_verification: true}"},
			session.TLS{CACert: "/ca"}, nil,
		},
		{
			"the environment's own", machine{env: onURL(here, env{"DATAHUB_CLIENT_CERT_PATH": "/c", "DATAHUB_CLIENT_KEY_PATH": "/k"})},
			session.TLS{ClientCert: "/c", ClientKey: "/k"}, nil,
		},
		{
			"the environment's only for its server", machine{env: env{"DATAHUB_CLIENT_CERT_PATH": "/c", "DATAHUB_CLIENT_KEY_PATH": "/k"}, file: "gms: {server: '" + here + "'}"},
			session.TLS{}, nil,
		},
		{"REQUESTS_CA_BUNDLE first", machine{env: onURL(here, env{"REQUESTS_CA_BUNDLE": "BUNDLE", "CURL_CA_BUNDLE": "/none", "SSL_CERT_FILE": "/none"})}, session.TLS{CACert: "BUNDLE"}, nil},
		{"then CURL_CA_BUNDLE", machine{env: onURL(here, env{"CURL_CA_BUNDLE": "BUNDLE", "SSL_CERT_FILE": "/none"})}, session.TLS{CACert: "BUNDLE"}, nil},
		{"then SSL_CERT_FILE", machine{env: onURL(here, env{"REQUESTS_CA_BUNDLE": "", "SSL_CERT_FILE": "BUNDLE"})}, session.TLS{CACert: "BUNDLE"}, nil},
		{"a bundle for any source", machine{flags: session.Flags{Server: here}, env: env{"REQUESTS_CA_BUNDLE": "BUNDLE"}}, session.TLS{CACert: "BUNDLE"}, nil},
		{"a bundle beside the file", machine{env: env{"SSL_CERT_FILE": "BUNDLE"}, file: "gms: {server: '" + here + "'}"}, session.TLS{CACert: "BUNDLE"}, nil},
		{"--ca-cert before a bundle", machine{flags: session.Flags{CACert: "/ca"}, env: onURL(here, env{"REQUESTS_CA_BUNDLE": "/none"})}, session.TLS{CACert: "/ca"}, nil},
		{"the file's before a bundle", machine{env: env{"REQUESTS_CA_BUNDLE": "/none"}, file: "gms: {server: '" + here + "', ca_certificate_path: /ca}"}, session.TLS{CACert: "/ca"}, nil},
		{
			"no bundle where nothing is checked", machine{env: env{"REQUESTS_CA_BUNDLE": "/none"}, file: "gms: {server: '" + here + "', disable_ssl_verification: true}"},
			session.TLS{SkipVerify: true}, []string{"not checked"},
		},
		{"no bundle without encryption", machine{env: onURL("http://localhost:8080", env{"REQUESTS_CA_BUNDLE": "/none"})}, session.TLS{}, nil},
		{"no bundle for the embedded DataHub", machine{env: onURL("mock:", env{"REQUESTS_CA_BUNDLE": "/none"})}, session.TLS{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := found{Server: here, ServerSource: envURL, TLS: tt.want, Notices: tt.notices}
			switch {
			case tt.on.flags.Server != "":
				want.ServerSource = "--server"
			case tt.on.file != "":
				want.ServerSource = "~/.datahubenv"
			default:
				if url := tt.on.env["DATAHUB_GMS_URL"]; url != here {
					want.Server = url
				}
			}
			tt.on.check(t, want)
		})
	}
}

func TestBundleRefused(t *testing.T) {
	for _, name := range []string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"} {
		machine{env: env{"DATAHUB_GMS_URL": here, name: "HOME/none"}}.refuses(t, name, "none", "cannot be read")
		machine{env: env{"DATAHUB_GMS_URL": here, name: "HOME"}}.refuses(t, name, "is a folder", "--ca-cert")
	}
}

func TestUnencryptedWithoutACredentialNeedsNoNotice(t *testing.T) {
	machine{flags: session.Flags{Server: "http://gms.example.com:8080"}}.check(t, found{Server: "http://gms.example.com:8080", ServerSource: "--server"})
	machine{flags: session.Flags{Server: "http://gms.example.com:8080"}, file: "gms: {server: 'http://gms.example.com:8080', token: tok}"}.
		check(t, found{
			Server: "http://gms.example.com:8080", ServerSource: "--server", Secret: "tok", SecretSource: "~/.datahubenv",
			Notices: []string{"gms.example.com:8080 unencrypted"},
		})
}
