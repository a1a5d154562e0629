package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// job is where the script parts of a guide run: a machine of its own with a
// DataHub, the secrets of the place, and programs that stand for those that are
// not pat.
type job struct {
	t      *testing.T
	hub    *mockhub.Server
	folder string
	env    map[string]string
	log    bytes.Buffer
}

func newJob(t *testing.T, face func(*mockhub.Server) string) *job {
	t.Helper()
	j := &job{t: t, hub: mockhub.Start(t, mockhub.Options{}), folder: t.TempDir()}
	secret, _ := j.hub.Issue("datahub", "in use", 30*24*time.Hour)
	sum := sha256.Sum256([]byte(secret))
	bin := filepath.Join(j.folder, "bin")
	j.env = map[string]string{
		"PATH": bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME": j.folder, "TMPDIR": filepath.Join(j.folder, "tmp"),
		"XDG_STATE_HOME": filepath.Join(j.folder, "state"), "GOCOVERDIR": os.Getenv("GOCOVERDIR"), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
		"DATAHUB_GMS_URL": face(j.hub), "DATAHUB_GMS_TOKEN": secret, "UNWANTED": hex.EncodeToString(sum[:]), "KEEP": filepath.Join(j.folder, "kept"),
	}
	for _, name := range []string{"bin", "tmp", "work", "kept"} {
		j.check(os.Mkdir(filepath.Join(j.folder, name), 0o700))
	}
	j.write("work/recipe.yml", "source:\n  type: demo-data\n"+guides(t)["sink"])
	for name, script := range map[string]string{
		"go": "true", "pip": "true", "apt-get": "true", "pipx": "true", "git": "true",
		"gh":      `cat >"$KEEP/gh"`,
		"kubectl": `test "$1 $2 $3" = "apply --server-side -f" && cat "$4" >"$KEEP/secret.yml"`,
		"airflow": `test "$1 $2 $3" = "connections import --overwrite" && cat "$4" >"$KEEP/connections.json"`,
	} {
		j.write("bin/"+name, "#!/bin/sh\n"+script+"\n")
	}
	return j
}

func (j *job) check(err error) {
	j.t.Helper()
	if err != nil {
		j.t.Fatalf("%v\n%s", err, &j.log)
	}
}

func (j *job) write(name, text string) {
	j.t.Helper()
	j.check(os.WriteFile(filepath.Join(j.folder, filepath.FromSlash(name)), []byte(text), 0o700))
}

func (j *job) read(name string) string {
	j.t.Helper()
	data, err := os.ReadFile(filepath.Join(j.folder, filepath.FromSlash(name)))
	j.check(err)
	return string(data)
}

// run lets a shell run a script, in the environment and with what is added to
// it. What it says is in the log, and is returned.
func (j *job) run(script string, more map[string]string, shell ...string) (said string, err error) {
	j.t.Helper()
	said, err = j.quietly(script, more, shell...)
	j.log.WriteString(said)
	return said, err
}

// quietly is run without the log.
func (j *job) quietly(script string, more map[string]string, shell ...string) (said string, err error) {
	j.t.Helper()
	if _, err := exec.LookPath(shell[0]); err != nil {
		j.t.Skip(err)
	}
	j.write("script", script)
	cmd := exec.Command(shell[0], append(shell[1:], filepath.Join(j.folder, "script"))...)
	cmd.Dir = filepath.Join(j.folder, "work")
	env := maps.Clone(j.env)
	maps.Copy(env, more)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}

// tokens are the names of the tokens that there are.
func (j *job) tokens() []string {
	j.t.Helper()
	names, err := j.run("pat list --all -o json --jq '.[].name' 2>/dev/null", nil, "sh")
	j.check(err)
	return strings.Split(strings.TrimSpace(names), "\n")
}

// ended checks what every guide promises: that only the token that makes others
// is left, and no secret in the log or in a file.
func (j *job) ended() {
	j.t.Helper()
	if diff := cmp.Diff([]string{"in use"}, j.tokens()); diff != "" {
		j.t.Errorf("tokens are left: %s\n%s", diff, &j.log)
	}
	j.leaked("work", "tmp")
}

var anySecret = regexp.MustCompile(`eyJ[\w-]{10,}`)

func (j *job) leaked(folders ...string) {
	j.t.Helper()
	if anySecret.Match(j.log.Bytes()) {
		j.t.Error("there is a secret in the log")
	}
	for _, folder := range folders {
		j.check(filepath.WalkDir(filepath.Join(j.folder, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if anySecret.Match(data) {
				j.t.Errorf("there is a secret in %s", path)
			}
			return err
		}))
	}
}

// ingested checks that DataHub's client was let in, or that it failed as it
// was to.
func (j *job) ingested(err error) {
	j.t.Helper()
	if j.env["FAIL"] != "" && (err == nil || !strings.Contains(j.log.String(), "failed as urn:li:corpuser:datahub")) {
		j.t.Errorf("the job did not fail where it should: %v\n%s", err, &j.log)
	}
	if j.env["FAIL"] == "" && (err != nil || !strings.Contains(j.log.String(), "ingested as urn:li:corpuser:datahub")) {
		j.t.Errorf("%v\n%s", err, &j.log)
	}
}

func gmsFace(hub *mockhub.Server) string      { return hub.GMSURL }
func frontendFace(hub *mockhub.Server) string { return hub.FrontendURL }
