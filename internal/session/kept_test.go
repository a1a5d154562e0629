package session_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

func address(t *testing.T, raw string) datahub.Address {
	t.Helper()
	address, err := datahub.ParseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestAKeptTokenGoesToItsOwnServer(t *testing.T) {
	const fileOfA = "gms:\n  server: https://a/gms\n  token: other\n  timeout_sec: 7\n  ca_certificate_path: a.pem\n  extra_headers: {X-Gate: open, authorization: Basic x}\n"
	const profileOfA = `current: a
profiles:
  a:
    server: https://a/gms
    frontend: https://front
    token: from-a-keyring-that-is-not-asked
    ca_cert: ROOT/etc/profile.pem
    headers: {X-Gate: shut}
`
	for name, test := range map[string]struct {
		machine machine
		server  string
		want    session.Pair
	}{
		"nothing else": {server: "https://a/gms"},
		"the environment is of another server": {
			machine: machine{env: env{"DATAHUB_GMS_URL": "https://b", "DATAHUB_GMS_TOKEN": "other", "DATAHUB_CLIENT_CERT_PATH": "b.pem"}},
			server:  "https://a/gms",
		},
		"the environment is of this server": {
			machine: machine{env: env{"DATAHUB_GMS_URL": "https://a/gms/", "DATAHUB_GMS_TOKEN": "other", "DATAHUB_CLIENT_CERT_PATH": "a.pem"}, file: fileOfA},
			server:  "https://a/gms", want: session.Pair{TLS: session.TLS{ClientCert: "a.pem"}},
		},
		"the environment is half set": {
			machine: machine{env: env{"DATAHUB_GMS_TOKEN": "other"}, file: fileOfA},
			server:  "https://a/gms", want: session.Pair{TLS: session.TLS{CACert: "a.pem"}, Headers: map[string]string{"X-Gate": "open"}, Timeout: 7e9},
		},
		"the current profile is of this server": {
			machine: machine{config: profileOfA, file: fileOfA}, server: "https://a/gms",
			want: session.Pair{TLS: session.TLS{CACert: root + "/etc/profile.pem"}, Headers: map[string]string{"X-Gate": "shut"}, Frontend: "https://front"},
		},
		"the profile on the command line is of another server": {
			machine: machine{config: profileOfA + "  b: {server: https://b}\n", flags: session.Flags{Profile: "b"}}, server: "https://a/gms",
			want: session.Pair{TLS: session.TLS{CACert: root + "/etc/profile.pem"}, Headers: map[string]string{"X-Gate": "shut"}, Frontend: "https://front"},
		},
		"a token file is for another pair": {
			machine: machine{flags: session.Flags{Server: "https://a/gms", TokenFile: "missing"}, env: env{"PAT_TOKEN_FILE": "missing"}, file: fileOfA},
			server:  "https://a/gms", want: session.Pair{TLS: session.TLS{CACert: "a.pem"}, Headers: map[string]string{"X-Gate": "open"}, Timeout: 7e9},
		},
		"the file is wrong":             {machine: machine{file: "gms: ["}, server: "https://a/gms"},
		"the file is of another server": {machine: machine{file: fileOfA}, server: "https://b/gms"},
		"flags are over what is found": {
			machine: machine{file: fileOfA, flags: session.Flags{CACert: "mine.pem"}},
			server:  "https://a/gms", want: session.Pair{TLS: session.TLS{CACert: "mine.pem"}, Headers: map[string]string{"X-Gate": "open"}, Timeout: 7e9},
		},
		"a bundle in the environment": {
			machine: machine{env: env{"SSL_CERT_FILE": "BUNDLE"}}, server: "https://a",
			want: session.Pair{TLS: session.TLS{CACert: "BUNDLE"}},
		},
		"unencrypted": {
			server: "http://a.example",
			want:   session.Pair{Notices: []string{"the token goes to a.example unencrypted: anybody on the way can read it"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := address(t, test.server)
			sources := test.machine.sources(t)
			got, err := session.Kept(sources, server, "s3cret")
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			want.Server, want.ServerSource, want.Secret, want.SecretSource, want.SecretIn = server, "the keyring", "s3cret", "the keyring", "keyring"
			want.TLS.CACert = strings.Replace(want.TLS.CACert, "BUNDLE", filepath.Join(sources.Home, "ca.pem"), 1)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(datahub.Address{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAKeptSecretThatIsNoToken(t *testing.T) {
	_, err := session.Kept(machine{}.sources(t), address(t, "https://a"), "two\nlines")
	if failure.KindOf(err) != failure.Usage || strings.Contains(err.Error(), "two") || !strings.Contains(err.Error(), "keyring") {
		t.Error(err)
	}
}
