package session_test

import (
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

func TestEnvironment(t *testing.T) {
	withToken := func(server, source string, notices ...string) found {
		return found{Server: server, ServerSource: source, Secret: "tok", SecretSource: envToken, Notices: notices}
	}
	const unencrypted = "unencrypted"
	tests := []struct {
		name string
		env  env
		want found
	}{
		{"URL", env{"DATAHUB_GMS_URL": here + "/gms/"}, withToken(here+"/gms", envURL)},
		{"the embedded DataHub", env{"DATAHUB_GMS_URL": "mock:"}, withToken("mock:", envURL)},
		{"host and port", env{"DATAHUB_GMS_HOST": "localhost", "DATAHUB_GMS_PORT": "8080"}, withToken("http://localhost:8080", envParts)},
		{"host, port and protocol", env{"DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8443", "DATAHUB_GMS_PROTOCOL": "https"}, withToken("https://gms:8443", envParts)},
		{"host, port and path", env{"DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8080", "DATAHUB_GMS_BASE_PATH": "/hub/"}, withToken("http://gms:8080/hub", envParts, unencrypted)},
		{"host, port and the root", env{"DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8080", "DATAHUB_GMS_BASE_PATH": "/"}, withToken("http://gms:8080", envParts, unencrypted)},
		{"IPv6 host and port", env{"DATAHUB_GMS_HOST": "::1", "DATAHUB_GMS_PORT": "8080"}, withToken("http://[::1]:8080", envParts)},
		{"IPv6 host in brackets", env{"DATAHUB_GMS_HOST": "[::1]", "DATAHUB_GMS_PORT": "8080"}, withToken("http://[::1]:8080", envParts)},
		{"host as an address", env{"DATAHUB_GMS_HOST": here}, withToken(here, "the environment (DATAHUB_GMS_HOST)")},
		{"host alone", env{"DATAHUB_GMS_HOST": "gms.example.com"}, withToken("https://gms.example.com", "the environment (DATAHUB_GMS_HOST)")},
		{"host and protocol", env{"DATAHUB_GMS_HOST": "localhost:8443", "DATAHUB_GMS_PROTOCOL": "https"}, withToken("https://localhost:8443", "the environment (DATAHUB_GMS_HOST)")},
		{"URL and host without port", env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_HOST": "gms"}, withToken(here, envURL)},
		{"URL and protocol", env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_PROTOCOL": "http"}, withToken(here, envURL)},
		{"both forms agree", env{"DATAHUB_GMS_URL": "http://localhost:8080/", "DATAHUB_GMS_HOST": "LOCALHOST", "DATAHUB_GMS_PORT": "8080"}, withToken("http://localhost:8080", envURL)},
		{"a service in Kubernetes", env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_PORT": "tcp://10.0.0.1:8080"}, withToken(here, envURL)},
		{"a service in Kubernetes and a host", env{"DATAHUB_GMS_HOST": here, "DATAHUB_GMS_PORT": "tcp://10.0.0.1:8080"}, withToken(here, "the environment (DATAHUB_GMS_HOST)")},
		{"unencrypted", env{"DATAHUB_GMS_URL": "http://gms.example.com:8080"}, withToken("http://gms.example.com:8080", envURL, "gms.example.com:8080 unencrypted")},
		{"another way to sign in", env{"DATAHUB_GMS_URL": here, "DATAHUB_AUTH_TYPE": "k8s_oidc"}, withToken(here, envURL, "DATAHUB_AUTH_TYPE")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.env["DATAHUB_GMS_TOKEN"] = " tok\n"
			machine{env: tt.env}.check(t, tt.want)
		})
	}
}

func TestEnvironmentRefused(t *testing.T) {
	tests := []struct {
		name string
		on   machine
		says []string
	}{
		{"token without server", machine{env: env{"DATAHUB_GMS_TOKEN": "hunter2"}}, []string{"DATAHUB_GMS_TOKEN is set", "DATAHUB_GMS_URL is missing"}},
		{"token without server beside the file", machine{env: env{"DATAHUB_GMS_TOKEN": "hunter2"}, file: theirs}, []string{"DATAHUB_GMS_URL is missing", "~/.datahubenv has " + here}},
		{"token without server beside a broken file", machine{env: env{"DATAHUB_GMS_TOKEN": "hunter2"}, file: "gms: ["}, []string{"DATAHUB_GMS_URL is missing"}},
		{"token without server in Kubernetes", machine{env: env{"DATAHUB_GMS_TOKEN": "hunter2", "DATAHUB_GMS_PORT": "tcp://10.0.0.1:8080"}}, []string{"DATAHUB_GMS_URL is missing"}},
		{"token without server beside --server", machine{flags: session.Flags{Server: here}, env: env{"DATAHUB_GMS_TOKEN": "hunter2"}}, []string{"DATAHUB_GMS_URL is missing", "--token-file"}},
		{"port without host", machine{env: env{"DATAHUB_GMS_PORT": "8080"}, file: theirs}, []string{"DATAHUB_GMS_PORT is set", "DATAHUB_GMS_HOST is missing"}},
		{"port without host beside URL", machine{env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_PORT": "8080"}}, []string{"DATAHUB_GMS_HOST is missing"}},
		{
			"forms that disagree", machine{env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8080", "DATAHUB_GMS_TOKEN": "hunter2"}},
			[]string{"DATAHUB_GMS_URL (" + here + ")", "DATAHUB_GMS_HOST and DATAHUB_GMS_PORT (http://gms:8080)", "unset one"},
		},
		{
			"forms that differ in the protocol", machine{env: env{"DATAHUB_GMS_URL": "https://gms:8080", "DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8080"}},
			[]string{"different servers"},
		},
		{
			"forms that differ in the path", machine{env: env{"DATAHUB_GMS_URL": "http://gms:8080", "DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "8080", "DATAHUB_GMS_BASE_PATH": "hub"}},
			[]string{"different servers", "http://gms:8080/hub"},
		},
		{"an address as host beside port", machine{env: env{"DATAHUB_GMS_HOST": "http://gms", "DATAHUB_GMS_PORT": "8080"}}, []string{"bare host name", "DATAHUB_GMS_URL"}},
		{"a password in the host", machine{env: env{"DATAHUB_GMS_HOST": "u:hunter2@gms", "DATAHUB_GMS_PORT": "8080"}}, []string{"bare host name"}},
		{"a password in the URL", machine{env: env{"DATAHUB_GMS_URL": "https://u:hunter2@gms"}}, []string{"DATAHUB_GMS_URL: "}},
		{"a port that is none", machine{env: env{"DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "http"}}, []string{"DATAHUB_GMS_HOST and DATAHUB_GMS_PORT: "}},
		{"a protocol that is none", machine{env: env{"DATAHUB_GMS_HOST": "gms", "DATAHUB_GMS_PORT": "1", "DATAHUB_GMS_PROTOCOL": "ftp"}}, []string{"http://"}},
		{"a host that is none", machine{env: env{"DATAHUB_GMS_HOST": "a b"}}, []string{"DATAHUB_GMS_HOST: "}},
		{"a client key without its certificate", machine{env: env{"DATAHUB_GMS_URL": here, "DATAHUB_CLIENT_KEY_PATH": "/k"}}, []string{"DATAHUB_CLIENT_CERT_PATH is missing"}},
		{"a token of two lines", machine{env: env{"DATAHUB_GMS_URL": here, "DATAHUB_GMS_TOKEN": "hunter2\r\nX-Evil: 1"}}, []string{"DATAHUB_GMS_TOKEN", "lines"}},
		{"a broken environment beside --server", machine{flags: session.Flags{Server: here}, env: env{"DATAHUB_GMS_PORT": "1"}}, []string{"DATAHUB_GMS_HOST"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.on.refuses(t, tt.says...) })
	}
}

func FuzzEnvironment(f *testing.F) {
	f.Add(here, "", "", "", "", "tok")
	f.Add("", "::1", "8080", "https", "/hub", "Bearer a.b-c")
	f.Add("http://gms:8080", "gms", "8080", "", "", "${TOKEN}")
	f.Add("", "a@b", "tcp://10.0.0.1:1", "ftp", "?", "tok\r\nX: y")
	f.Fuzz(func(t *testing.T, url, host, port, protocol, path, token string) {
		vars := env{
			"DATAHUB_GMS_URL": url, "DATAHUB_GMS_HOST": host, "DATAHUB_GMS_PORT": port,
			"DATAHUB_GMS_PROTOCOL": protocol, "DATAHUB_GMS_BASE_PATH": path, "DATAHUB_GMS_TOKEN": token,
		}
		pair, err := session.Resolve(t.Context(), session.Sources{Env: func(name string) (string, bool) {
			value, ok := vars[name]
			return value, ok
		}})
		if err != nil {
			if failure.KindOf(err) != failure.Usage || len(token) > 30 && strings.Contains(err.Error()+failure.Of(err).Hint, token) {
				t.Errorf("%q: %v", vars, err)
			}
			return
		}
		if pair.Server.String() == "" || !strings.Contains(token, pair.Secret) || strings.ContainsAny(pair.Secret, " \t\r\n\"'\x00") {
			t.Errorf("%q: %+v", vars, pair)
		}
	})
}

// FuzzOwnVariables sets the variables that only pat reads and those for secured
// connections. What they say comes with a name of the variable or not at all.
func FuzzOwnVariables(f *testing.F) {
	f.Add("prod", "", "", "", "")
	f.Add("", "FILE", "BUNDLE", "c.pem", "k.pem")
	f.Add("\x1b[2J", "-", "/", "\x00", "a\nb")
	f.Add("", "eyJhbGciOiJIUzI1NiJ9.e30.x", "", "", "")
	f.Fuzz(func(t *testing.T, profile, tokenFile, bundle, certificate, key string) {
		m := machine{
			flags: session.Flags{Server: here}, tokenFile: "tok", stdin: "tok",
			config: "profiles:\n  prod:\n    server: " + here + "\n    token_file: FILE\n",
			env: env{
				"PAT_PROFILE": profile, "PAT_TOKEN_FILE": tokenFile, "REQUESTS_CA_BUNDLE": bundle,
				"DATAHUB_CLIENT_CERT_PATH": certificate, "DATAHUB_CLIENT_KEY_PATH": key,
			},
		}
		if profile != "" {
			m.flags.Server = ""
		}
		pair, err := session.Resolve(t.Context(), m.sources(t))
		if err != nil {
			if kind := failure.KindOf(err); kind != failure.Usage && kind != failure.NotFound {
				t.Errorf("%q: %v", m.env, err)
			}
			return
		}
		if pair.Secret != "tok" && pair.Secret != "" || pair.Server.String() != here {
			t.Errorf("%q: %+v", m.env, pair)
		}
	})
}
