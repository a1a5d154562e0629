package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// actionFile is what action.yml says.
type actionFile struct {
	Inputs map[string]struct {
		Required bool
		Default  string
	}
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using, Main, Post string
		PostIf            string `yaml:"post-if"`
		Steps             []step
	}
}

func readAction(t *testing.T, folder string) actionFile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file actionFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// action runs one of our actions that Node runs, and notes what it wants to do
// when the job has ended. What it writes down for that must not be a secret: the
// runner keeps it in plain text.
func (r *gitHubRunner) action(folder string, s step) error {
	folder, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(folder)))
	r.check(err)
	file := readAction(r.t, folder)
	inputs := map[string]string{}
	for name, declared := range file.Inputs {
		value, given := s.With[name]
		if !given {
			value = declared.Default
		}
		inputs["INPUT_"+strings.ToUpper(name)] = r.expand(value)
	}
	for name := range s.With {
		if _, declared := file.Inputs[name]; !declared {
			r.t.Errorf("%s has no input %q", folder, name)
		}
	}
	load := func(script string) string { return fmt.Sprintf("require(%q)", filepath.Join(folder, script)) }
	failed := r.play(s, load(file.Runs.Main), inputs, "node")
	r.leaked("noted")
	for name, value := range r.pairs("noted") {
		inputs["STATE_"+name] = value
	}
	if file.Runs.PostIf != "always()" {
		r.t.Errorf("%s does not tidy up after a job that failed", folder)
	}
	r.ends = append(r.ends, func() error { return r.play(step{}, load(file.Runs.Post), inputs, "node") })
	return failed
}

// tokenAction is a job that only makes a token, on a runner that stands for
// GitHub's.
func tokenAction(t *testing.T, with map[string]string) (r *gitHubRunner, failed error) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip(err)
	}
	r = newGitHubRunner(newJob(t, gmsFace))
	return r, r.token(with)
}

func (r *gitHubRunner) token(with map[string]string) error {
	inputs := map[string]string{"server": "${{ secrets.DATAHUB_GMS_URL }}", "token": "${{ secrets.DATAHUB_GMS_TOKEN }}"}
	maps.Copy(inputs, with)
	return r.step(step{ID: "token", Uses: "datahub-pat/pat/.github/actions/token@v1", With: inputs})
}

// over ends the job, and checks that nothing of the action is left on the runner.
func (r *gitHubRunner) over() {
	r.t.Helper()
	for _, end := range r.ends {
		r.check(end())
	}
	if left, err := os.ReadDir(filepath.Join(r.folder, "kept")); err != nil || len(left) > 0 {
		r.t.Errorf("left on the runner: %v, %v\n%s", left, err, &r.log)
	}
	r.env["DATAHUB_GMS_URL"], r.env["DATAHUB_GMS_TOKEN"] = r.secrets["DATAHUB_GMS_URL"], r.secrets["DATAHUB_GMS_TOKEN"]
	r.ended()
}

func TestTokenAction(t *testing.T) {
	r, err := tokenAction(t, nil)
	r.check(err)
	out := r.outputs["token"]
	if who, err := meAtGMS(out["server"], out["token"]); err != nil || who != "urn:li:corpuser:datahub" {
		t.Errorf("%s %v", who, err)
	}
	if r.passed["DATAHUB_GMS_TOKEN"] != out["token"] || r.passed["DATAHUB_GMS_URL"] != out["server"] || out["id"] == "" {
		t.Errorf("%v", r.passed)
	}
	r.over()
	if _, err := meAtGMS(out["server"], out["token"]); err == nil {
		t.Error("the token is accepted after the job")
	}
}

func TestTokenActionForOneStep(t *testing.T) {
	r, err := tokenAction(t, map[string]string{"environment": "false", "name": "release; id", "duration": "ONE_DAY"})
	r.check(err)
	if len(r.passed) > 0 {
		t.Errorf("passed on: %v", r.passed)
	}
	said, err := r.run("pat list --name 'release*' -o json --jq '.[].name' 2>/dev/null", map[string]string{
		"DATAHUB_GMS_URL": r.secrets["DATAHUB_GMS_URL"], "DATAHUB_GMS_TOKEN": r.secrets["DATAHUB_GMS_TOKEN"],
	}, "sh")
	if err != nil || said != "release; id\n" {
		t.Errorf("%v %s", err, said)
	}
	r.over()
}

// A job that is cut off while its token is made: pat's notes say what to revoke.
func TestTokenActionIsCutOff(t *testing.T) {
	pat, err := exec.LookPath("pat")
	if err != nil {
		t.Fatal(err)
	}
	r, _ := tokenAction(t, map[string]string{"server": ""})
	r.write("bin/pat", "#!/bin/sh\ncase $1 in create) export PAT_KILL_AT=created;; esac\nexec '"+pat+"' \"$@\"\n")
	r.log.Reset()
	if err := r.token(nil); err == nil || !strings.Contains(r.log.String(), "::error::pat create failed (SIGKILL)") {
		t.Fatalf("%v\n%s", err, &r.log)
	}
	if tokens := r.hub.Journal(); len(tokens) == 0 {
		t.Fatal("nothing was asked for")
	}
	r.over()
}

func TestTokenActionRefuses(t *testing.T) {
	for input, said := range map[string]string{
		"server":   "::error::the input server is empty: is the secret that it comes from set",
		"token":    "::error::the input token is empty: is the secret that it comes from set",
		"duration": "::error::pat create failed (exit code 2)",
	} {
		with := map[string]string{input: ""}
		if input == "duration" {
			with[input] = "soon"
		}
		r, err := tokenAction(t, with)
		if err == nil || !strings.Contains(r.log.String(), said) {
			t.Errorf("%s: %v\n%s", input, err, &r.log)
		}
		r.over()
	}
}

// What cannot be revoked does not fail the job, and is told.
func TestTokenActionCannotRevoke(t *testing.T) {
	r, err := tokenAction(t, nil)
	r.check(err)
	fault, err := mockhub.ParseFault("revokeAccessToken:error=403,times=always")
	r.check(err)
	r.hub.Inject(fault)
	r.check(r.ends[0]())
	if id := r.outputs["token"]["id"]; !strings.Contains(r.log.String(), "::warning::the job's token "+id+" may be left") {
		t.Errorf("%s", &r.log)
	}
}
