package datahubenv_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		want       datahubenv.File
	}{
		{
			"least", "gms: {server: 'http://localhost:8080', token: abc}",
			datahubenv.File{Server: "http://localhost:8080", Token: "abc"},
		},
		{
			"as the client writes it", `gms:
  ca_certificate_path: null
  client_certificate_path: null
  client_key_path: null
  disable_ssl_verification: false
  extra_headers: {}
  max_threads: 15
  openapi_ingestion: null
  retry_max_times: null
  retry_status_codes: null
  server: http://localhost:8080
  timeout_sec: null
  token: null
`,
			datahubenv.File{Server: "http://localhost:8080", Headers: map[string]string{}},
		},
		{
			"everything", `# mine
gms:
  server: https://dh.example.com/gms
  token: "a.b.c"
  timeout_sec: 2.5
  extra_headers: {X-Team: data, X-Number: 7}
  ca_certificate_path: /etc/ca.pem
  client_certificate_path: /etc/me.pem
  client_key_path: /etc/me.key
  disable_ssl_verification: true
`,
			datahubenv.File{
				Server: "https://dh.example.com/gms", Token: "a.b.c", Timeout: 2500 * time.Millisecond,
				Headers: map[string]string{"X-Team": "data", "X-Number": "7"},
				CACert:  "/etc/ca.pem", ClientCert: "/etc/me.pem", ClientKey: "/etc/me.key", SkipVerify: true,
			},
		},
		{
			"unknown keys of any kind", "x: [1]\ngms:\n  server: s\n  retry: {a: {b: [c]}}\n  7: x\n",
			datahubenv.File{Server: "s"},
		},
		{
			"a section twice that is no concern", "gms: {server: s}\nother: {a: 1, a: 2}\n",
			datahubenv.File{Server: "s"},
		},
		{
			"anchors and merges", "base: &b {server: s, token: t}\ngms: {<<: *b, token: u}\n",
			datahubenv.File{Server: "s", Token: "u"},
		},
		{
			"not interpolated", "gms: {server: '${URL}', token: '${TOKEN}'}",
			datahubenv.File{Server: "${URL}", Token: "${TOKEN}"},
		},
		{"sign-in by OAuth", "gms: {server: s, token: t}\noauth: {client_id: c}", datahubenv.File{Server: "s", Token: "t", OAuth: true}},
		{"an empty oauth section", "gms: {server: s}\noauth:\n", datahubenv.File{Server: "s"}},
		{"another way to a token", "gms: {server: s, auth: {type: k8s}}", datahubenv.File{Server: "s", Auth: true}},
		{"switched off by a word", "gms: {server: s, disable_ssl_verification: 'Yes'}", datahubenv.File{Server: "s", SkipVerify: true}},
		{"switched off by a number", "gms: {server: s, disable_ssl_verification: 1}", datahubenv.File{Server: "s", SkipVerify: true}},
		{"left on by a word", "gms: {server: s, disable_ssl_verification: off}", datahubenv.File{Server: "s"}},
		{"empty", "", datahubenv.File{}},
		{"only a comment", "# nothing yet\n", datahubenv.File{}},
		{"an empty gms section", "gms:\n", datahubenv.File{}},
		{"another program's", "x: y\n", datahubenv.File{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			got, ok, err := datahubenv.Read(path)
			if err != nil || !ok {
				t.Fatalf("%v, %v", ok, err)
			}
			tt.want.Path, tt.want.Mode = path, got.Mode
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct{ name, text, says string }{
		{"no YAML", "gms:\n  server: s\n  token: hunter2: x\n", "line 3"},
		{"unknown anchor", "gms: {token: *hunter2}", "YAML"},
		{"a tab", "gms:\n\ttoken: hunter2\n", "line 2"},
		{"a list", "- hunter2\n", "line 1"},
		{"text", "hunter2", "line 1"},
		{"gms is text", "gms: hunter2", "line 1"},
		{"a key twice", "gms:\n  token: hunter2\n  token: hunter3\n", "line 3"},
		{"a section twice", "gms: {server: hunter2}\ngms: {server: s}\n", "line 2"},
		{"server is a list", "gms:\n  server: [hunter2]\n", "line 2: gms.server is not text"},
		{"token is a section", "gms:\n  server: s\n  token: {x: hunter2}\n", "line 3: gms.token is not text"},
		{"headers are text", "gms: {extra_headers: hunter2}", "gms.extra_headers"},
		{"a header is a list", "gms: {extra_headers: {X: [hunter2]}}", "gms.extra_headers"},
		{"timeout is text", "gms: {timeout_sec: hunter2}", "gms.timeout_sec is not a number of seconds"},
		{"timeout is negative", "gms: {timeout_sec: -1}", "gms.timeout_sec"},
		{"timeout is endless", "gms: {timeout_sec: .inf}", "gms.timeout_sec"},
		{"timeout is no number", "gms: {timeout_sec: .nan}", "gms.timeout_sec"},
		{"neither true nor false", "gms: {disable_ssl_verification: hunter2}", "gms.disable_ssl_verification is not true or false"},
		{"two things wrong", "gms:\n  server: [hunter2]\n  token: [hunter2]\n", "gms.server"},
		{"binary", "gms: {token: \"hunter2\xff\"}", "YAML"},
		{"huge", "# " + strings.Repeat("hunter2", 1<<18), "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok, err := datahubenv.Read(write(t, tt.text))
			if failure.KindOf(err) != failure.Usage || ok {
				t.Fatalf("%+v, %v, %v", got, ok, err)
			}
			if text := err.Error(); !strings.Contains(text, tt.says) || !strings.Contains(text, "~/.datahubenv") {
				t.Errorf("%q does not say %q", text, tt.says)
			}
			if strings.Contains(err.Error()+failure.Of(err).Hint, "hunter") {
				t.Errorf("contents repeated: %v", err)
			}
		})
	}
}

func TestNoFile(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{datahubenv.Path(folder), folder, os.DevNull} {
		if got, ok, err := datahubenv.Read(path); ok || err != nil {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
}

func TestModeIsReported(t *testing.T) {
	path := write(t, "gms: {server: s}")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links here")
	}
	if got, _, err := datahubenv.Read(link); err != nil || got.Mode != info.Mode() || got.Mode&fs.ModeSymlink != 0 {
		t.Errorf("%v, %v", got.Mode, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"gms: {server: s, token: t}", "a: &a {b: *a}\ngms: *a", "gms:\n  <<: [1]\n", "? [x]\n: y", "gms: {timeout_sec: 1e99}"} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "file")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, ok, err := datahubenv.Read(path)
		if ok != (err == nil) || err != nil && failure.KindOf(err) != failure.Usage || got.Timeout < 0 {
			t.Errorf("%q: %+v, %v, %v", text, got, ok, err)
		}
	})
}

// write puts the text into a file of its own.
func write(t *testing.T, text string) string {
	t.Helper()
	path := datahubenv.Path(t.TempDir())
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
