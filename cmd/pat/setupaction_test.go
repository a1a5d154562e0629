package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestSetupAction installs a release from a server that stands for GitHub, and
// refuses one that is not what its checksums say.
func TestSetupAction(t *testing.T) {
	for name, c := range map[string]struct {
		version, ref   string
		spoil          string // what of the release is not as it should be
		installs, says string
	}{
		"by number":           {version: "1.2.3", installs: "1.2.3"},
		"by tag":              {version: "v1.2.3", installs: "1.2.3"},
		"the latest":          {version: "latest", installs: "1.2.3"},
		"of this action":      {ref: "v1.2.3", installs: "1.2.3"},
		"action by branch":    {ref: "main", installs: "1.2.3"},
		"another archive":     {version: "1.2.3", spoil: "archive", says: "is not what the release's checksums say: nothing is installed"},
		"not in the sums":     {version: "1.2.3", spoil: "sums", says: "the release's checksums do not name pat_1.2.3_"},
		"a version not there": {version: "1.2.4", says: "cannot download"},
		"no version":          {version: "../evil", says: "is no version"},
	} {
		t.Run(name, func(t *testing.T) {
			said, outputs, path := setUpRelease(t, c.version, c.ref, c.spoil)
			if c.says != "" {
				if !strings.Contains(said, "::error::") || !strings.Contains(said, c.says) || path != "" {
					t.Errorf("in PATH: %q\n%s", path, said)
				}
				return
			}
			if outputs != "version="+c.installs+"\n" || !strings.Contains(said, "this is pat --version") {
				t.Errorf("%q\n%s", outputs, said)
			}
			if _, err := os.Stat(filepath.Join(strings.TrimSpace(path), "pat")); err != nil {
				t.Errorf("not in PATH: %v", err)
			}
		})
	}
}

// setUpRelease runs the action's step with a version and the tag by which the
// action is used.
func setUpRelease(t *testing.T, version, ref, spoil string) (said, outputs, path string) {
	t.Helper()
	system, known := map[string]string{"linux": "Linux", "darwin": "macOS"}[runtime.GOOS]
	machine, also := map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH]
	for _, program := range []string{"bash", "curl", "tar", "awk"} {
		if _, err := exec.LookPath(program); err != nil || !known || !also {
			t.Skipf("no runner of GitHub's is like this machine: %v", err)
		}
	}
	folder, err := filepath.Abs(filepath.Join("..", "..", ".github", "actions", "setup"))
	if err != nil {
		t.Fatal(err)
	}
	release := serveRelease(t, spoil)
	temp := t.TempDir()
	authority := filepath.Join(temp, "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: release.Certificate().Raw})
	for name, text := range map[string][]byte{"ca.pem": certificate, "path": nil, "outputs": nil} {
		if err := os.WriteFile(filepath.Join(temp, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "-e", "-c", readAction(t, folder).Runs.Steps[0].Run)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "CURL_CA_BUNDLE=" + authority, "GITHUB_ACTION_PATH=" + folder, "RUNNER_TEMP=" + temp,
		"RUNNER_OS=" + system, "RUNNER_ARCH=" + machine, "GITHUB_PATH=" + filepath.Join(temp, "path"), "GITHUB_OUTPUT=" + filepath.Join(temp, "outputs"),
		"VERSION=" + version, "ACTION_REF=" + ref, "RELEASES=" + release.URL + "/releases",
	}
	out, err := cmd.CombinedOutput()
	if failed := strings.Contains(string(out), "::error::"); (err != nil) != failed {
		t.Errorf("%v\n%s", err, out)
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(temp, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	return string(out), read("outputs"), read("path")
}

// serveRelease is a place with one release, 1.2.3, whose program says how it was
// called.
func serveRelease(t *testing.T, spoil string) *httptest.Server {
	t.Helper()
	name := "pat_1.2.3_" + runtime.GOOS + "_" + runtime.GOARCH
	archive := packed(t, name+"/pat", "#!/bin/sh\necho this is pat \"$@\"\n")
	sums := fmt.Sprintf("%x  other.txt\n%x  %s.tar.gz\n", sha256.Sum256(nil), sha256.Sum256(archive), name)
	switch spoil {
	case "archive":
		archive = packed(t, name+"/pat", "#!/bin/sh\necho something else\n")
	case "sums":
		sums = strings.ReplaceAll(sums, name, "x"+name)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /releases/latest", http.RedirectHandler("/releases/tag/v1.2.3", http.StatusFound))
	mux.HandleFunc("GET /releases/tag/v1.2.3", func(http.ResponseWriter, *http.Request) {})
	for file, data := range map[string][]byte{"checksums.txt": []byte(sums), name + ".tar.gz": archive} {
		mux.HandleFunc("GET /releases/download/v1.2.3/"+file, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	}
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	return server
}

// packed is an archive of one program.
func packed(t *testing.T, name, program string) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(program))})
	if err == nil {
		_, err = w.Write([]byte(program))
	}
	for _, close := range []func() error{w.Close, zipped.Close} {
		if err == nil {
			err = close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
