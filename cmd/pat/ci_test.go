package main

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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
