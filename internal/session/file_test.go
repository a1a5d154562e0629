package session_test

import (
	"testing"

	"github.com/datahub-pat/pat/internal/session"
)

func TestFile(t *testing.T) {
	pair := func(notices ...string) found {
		return found{Server: here, ServerSource: "~/.datahubenv", Secret: "tok", SecretSource: "~/.datahubenv", Notices: notices}
	}
	const least = "gms: {server: '" + here + "', token: ' tok '"
	tests := []struct {
		name string
		on   machine
		want found
	}{
		{"least", machine{file: least + "}"}, pair()},
		{"DATAHUB_SKIP_CONFIG not true", machine{file: least + "}", env: env{"DATAHUB_SKIP_CONFIG": "1"}}, pair()},
		{"signed in by OAuth", machine{file: least + "}\noauth: {client_id: x}"}, pair("short-lived")},
		{"DATAHUB_AUTH_TYPE set", machine{file: least + "}", env: env{"DATAHUB_AUTH_TYPE": "azure_entra"}}, pair("DATAHUB_AUTH_TYPE")},
		{
			"another way to a token", machine{file: "gms: {server: '" + here + "', auth: {type: x}}"},
			found{Server: here, ServerSource: "~/.datahubenv", Notices: []string{"gms.auth"}},
		},
		{
			"no check of certificates", machine{file: least + ", disable_ssl_verification: true}"},
			found{
				Server: here, ServerSource: "~/.datahubenv", Secret: "tok", SecretSource: "~/.datahubenv",
				TLS: session.TLS{SkipVerify: true}, Notices: []string{"certificate of here.example.com is not checked"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.on.check(t, tt.want) })
	}
}

func TestFileRefused(t *testing.T) {
	tests := []struct {
		name, file string
		says       []string
	}{
		{"no YAML", "gms:\n  token: hunter2: x", []string{"~/.datahubenv, line 2", "DATAHUB_SKIP_CONFIG"}},
		{"a token without a server", "gms: {token: hunter2}", []string{"~/.datahubenv", "gms.server is missing"}},
		{"a server that is none", "gms: {server: 'https://u:hunter2@x'}", []string{"~/.datahubenv: gms.server: "}},
		{"a placeholder", "gms: {server: s, token: '${hunter2}'}", []string{"~/.datahubenv: gms.token", "placeholder"}},
		{"a token of two lines", "gms: {server: s, token: \"hunter2\\nx\"}", []string{"~/.datahubenv: gms.token", "lines"}},
		{"a client key without its certificate", "gms: {server: s, client_key_path: /k}", []string{"gms.client_certificate_path is missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			machine{file: tt.file}.refuses(t, tt.says...)
			machine{file: tt.file, flags: session.Flags{Server: here}}.refuses(t, tt.says...)
		})
	}
	machine{file: "gms: [", env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "x"}}.
		check(t, found{Server: here, ServerSource: envURL, Secret: "x", SecretSource: envToken})
}
