package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// guidePage has the jobs whose blocks tests of their own run, each by its name.
const guidePage = "docs/ci.md"

// guides are the marked blocks of docs/ci.md, by name.
func guides(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, block := range blocksOf(printedPages(t)[guidePage]) {
		name, named := strings.CutPrefix(block.mark, runsElsewhere)
		if !named {
			t.Errorf("%s:%d: the block has no name, so that nothing runs it", guidePage, block.line)
		}
		found[name] = block.text
	}
	return found
}

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

// TestGuidesForJobs runs the jobs of docs/ci.md as their runners would, with
// either of DataHub's addresses, and with an ingestion that fails.
func TestGuidesForJobs(t *testing.T) {
	for name, play := range map[string]func(*job, string) error{
		"shell": playShell, "github": playGitHub, "githubaction": playGitHub, "gitlab": playGitLab, "jenkins": playJenkins,
	} {
		guide := guides(t)[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, gmsFace)
			j.ingested(play(j, guide))
			j.ended()
		})
		t.Run(name+" at the web interface", func(t *testing.T) {
			t.Parallel()
			j := newJob(t, frontendFace)
			j.ingested(play(j, guide))
			j.ended()
		})
		t.Run(name+" failing", func(t *testing.T) {
			t.Parallel()
			j := newJob(t, gmsFace)
			j.env["FAIL"] = "1"
			j.ingested(play(j, guide))
			j.ended()
		})
	}
}

func playShell(j *job, guide string) error {
	_, err := j.run(guide, nil, "sh")
	return err
}

// playGitLab runs a job as GitLab's runner: before_script and script in one
// shell, after_script in another.
func playGitLab(j *job, guide string) error {
	var file map[string]struct {
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		AfterScript  []string `yaml:"after_script"`
	}
	j.check(yaml.Unmarshal([]byte(guide), &file))
	work := file["ingest"]
	variables := map[string]string{"CI_JOB_ID": "4711", "CI_PIPELINE_SOURCE": "schedule"}
	const strict = "set -eo pipefail\n"
	_, err := j.run(strict+strings.Join(append(work.BeforeScript, work.Script...), "\n"), variables, "bash")
	_, after := j.run(strict+strings.Join(work.AfterScript, "\n"), variables, "bash")
	j.check(after)
	return err
}

// playJenkins runs the shell steps of a pipeline, which Jenkins traces.
func playJenkins(j *job, guide string) error {
	stages, post, _ := strings.Cut(guide, "  post {")
	step := regexp.MustCompile(`(?s)sh '''(.*?)'''`)
	variables := map[string]string{"BUILD_NUMBER": "42"}
	var failed error
	for _, script := range step.FindAllStringSubmatch(stages, -1) {
		if failed == nil {
			_, failed = j.run(script[1], variables, "sh", "-xe")
		}
	}
	for _, script := range step.FindAllStringSubmatch(post, -1) {
		_, err := j.run(script[1], variables, "sh", "-xe")
		j.check(err)
	}
	return failed
}

func TestGuideToTheFirstToken(t *testing.T) {
	j := newJob(t, gmsFace)
	_, err := j.run(guides(t)["first"], nil, "sh")
	j.check(err)
	if !anySecret.MatchString(j.read("kept/gh")) {
		t.Error("the secret did not arrive")
	}
	if names := j.tokens(); !slices.Equal(names, []string{"ci-jobs", "in use"}) {
		t.Errorf("%q", names)
	}
	j.leaked("work", "tmp")

	said, err := j.run(guides(t)["notice"], nil, "sh")
	if err != nil || said != "" {
		t.Errorf("a token that lasts is complained of: %v %s", err, said)
	}
	secret, _ := j.hub.Issue("datahub", "short", time.Hour)
	said, err = j.run(guides(t)["notice"], map[string]string{"DATAHUB_GMS_TOKEN": secret}, "sh")
	if err != nil || !strings.Contains(said, "ends soon") {
		t.Errorf("a token that ends is not complained of: %v %s", err, said)
	}
}

func TestGuideToAirflow(t *testing.T) {
	for name, face := range map[string]func(*mockhub.Server) string{"gms": gmsFace, "frontend": frontendFace} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, face)
			var before string
			for range 2 {
				_, err := j.run(guides(t)["airflow"], nil, "sh")
				j.check(err)
				var connections map[string]struct {
					Type           string `json:"conn_type"`
					Host, Password string
				}
				j.check(json.Unmarshal([]byte(j.read("kept/connections.json")), &connections))
				c := connections["datahub_rest_default"]
				if who, err := meAtGMS(c.Host, c.Password); err != nil || who != "urn:li:corpuser:datahub" || c.Type != "datahub-rest" || c.Password == before {
					t.Errorf("%s %v %s", who, err, c.Type)
				}
				before = c.Password
			}
			if names := j.tokens(); len(names) != 2 {
				t.Errorf("the earlier tokens are not gone: %q", names)
			}
			j.leaked("work", "tmp")
		})
	}
}

func TestGuideToAirflowIsPython(t *testing.T) {
	cmd := exec.Command("python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())")
	cmd.Stdin = strings.NewReader(guides(t)["dag"])
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestGuideToKubernetes(t *testing.T) {
	j := newJob(t, frontendFace)
	for range 2 {
		_, err := j.run(guides(t)["kubernetes"], nil, "sh")
		j.check(err)
	}
	var secret struct {
		Kind       string
		Metadata   struct{ Name, Namespace string }
		StringData map[string]string `yaml:"stringData"`
	}
	j.check(yaml.Unmarshal([]byte(j.read("kept/secret.yml")), &secret))
	container, namespace := cronJob(t)
	if namespace != secret.Metadata.Namespace || len(container.EnvFrom) != 1 || container.EnvFrom[0].SecretRef.Name != secret.Metadata.Name || secret.Kind != "Secret" {
		t.Errorf("the job does not take the Secret: %+v, %+v", container, secret.Metadata)
	}
	script := strings.ReplaceAll(strings.Join(container.Command, " "), "/recipes/", "")
	_, err := j.run("exec "+script, secret.StringData, "sh")
	j.ingested(err)
	if names := j.tokens(); len(names) != 2 {
		t.Errorf("the earlier tokens are not gone: %q", names)
	}
	j.leaked("work", "tmp")
}

// container is how a pod is to run.
type container struct {
	Command []string
	EnvFrom []struct {
		SecretRef struct{ Name string } `yaml:"secretRef"`
	} `yaml:"envFrom"`
}

func cronJob(t *testing.T) (_ container, namespace string) {
	t.Helper()
	var manifest struct {
		Metadata struct{ Namespace string }
		Spec     struct {
			JobTemplate struct {
				Spec struct {
					Template struct {
						Spec struct{ Containers []container }
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal([]byte(guides(t)["cronjob"]), &manifest); err != nil {
		t.Fatal(err)
	}
	containers := manifest.Spec.JobTemplate.Spec.Template.Spec.Containers
	if len(containers) != 1 {
		t.Fatalf("%d containers", len(containers))
	}
	return containers[0], manifest.Metadata.Namespace
}
