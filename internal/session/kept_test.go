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
	const fileOfA = "gms:\n  server: https://a/gms\n  token: other\n  timeout_sec: 7\n  ca_certificate_path: a.pem\n  extra_headers: {X-Gate: open}\n"
	for name, test := range map[string]struct {
		machine machine
		server  string
		inUse   session.Pair
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
		"the pair in use is of this server": {
			machine: machine{file: fileOfA}, inUse: session.Pair{Server: address(t, "https://a/gms"), Secret: "other", TLS: session.TLS{CACert: "use.pem"}},
			server: "https://a/gms", want: session.Pair{TLS: session.TLS{CACert: "use.pem"}},
		},
		"the pair in use is of another server": {
			inUse:  session.Pair{Server: address(t, "https://b"), Secret: "other", TLS: session.TLS{CACert: "use.pem"}},
			server: "https://a/gms",
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
			got, err := session.Kept(sources, test.inUse, server, "s3cret")
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			want.Server, want.ServerSource, want.Secret, want.SecretSource = server, "the keyring", "s3cret", "the keyring"
			want.TLS.CACert = strings.Replace(want.TLS.CACert, "BUNDLE", filepath.Join(sources.Home, "ca.pem"), 1)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(datahub.Address{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAKeptSecretThatIsNoToken(t *testing.T) {
	_, err := session.Kept(machine{}.sources(t), session.Pair{}, address(t, "https://a"), "two\nlines")
	if failure.KindOf(err) != failure.Usage || strings.Contains(err.Error(), "two") || !strings.Contains(err.Error(), "keyring") {
		t.Error(err)
	}
}
