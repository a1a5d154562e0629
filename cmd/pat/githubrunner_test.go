package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// step is one of a GitHub Actions job.
type step struct {
	ID, Name, If, Run, Uses string
	Env                     map[string]string
}

// playGitHub runs the steps of a job as GitHub's runner: with the secrets of the
// repository only where a step asks for them, the files by which a step tells
// the later ones something, and what is masked hidden in the log.
func playGitHub(j *job, guide string) error {
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	j.check(yaml.Unmarshal([]byte(guide), &workflow))
	r := &gitHubRunner{job: j, secrets: map[string]string{}, outputs: map[string]map[string]string{}, passed: map[string]string{}}
	for _, name := range []string{"DATAHUB_GMS_URL", "DATAHUB_GMS_TOKEN"} {
		r.secrets[name] = j.env[name]
	}
	secrets := maps.Clone(j.env)
	delete(j.env, "DATAHUB_GMS_URL")
	delete(j.env, "DATAHUB_GMS_TOKEN")
	var failed error
	for _, s := range workflow.Jobs["ingest"].Steps {
		if s.Run == "" || failed != nil && !strings.HasPrefix(s.If, "always()") {
			continue
		}
		if err := r.step(s); err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	j.env = secrets
	return failed
}

type gitHubRunner struct {
	*job
	secrets map[string]string
	outputs map[string]map[string]string // by step
	passed  map[string]string            // the environment that steps passed on
}

// step runs a step, whose own environment is over what earlier ones passed on.
func (r *gitHubRunner) step(s step) error {
	env := map[string]string{
		"GITHUB_RUN_ID": "1234567890", "GITHUB_RUN_ATTEMPT": "1", "RUNNER_TEMP": filepath.Join(r.folder, "kept"),
		"GITHUB_ENV": filepath.Join(r.folder, "env"), "GITHUB_OUTPUT": filepath.Join(r.folder, "output"),
	}
	maps.Copy(env, r.passed)
	for name, value := range s.Env {
		env[name] = r.expand(value)
	}
	r.write("env", "")
	r.write("output", "")
	said, err := r.quietly(s.Run, env, "bash", "-e")
	r.hide(said)
	maps.Copy(r.passed, r.pairs("env"))
	r.outputs[s.ID] = r.pairs("output")
	return err
}

// expand replaces expressions by what they stand for.
func (r *gitHubRunner) expand(text string) string {
	return regexp.MustCompile(`\$\{\{ *([\w.]+) *\}\}`).ReplaceAllStringFunc(text, func(expression string) string {
		path := strings.Split(strings.Trim(expression, "${} "), ".")
		switch {
		case path[0] == "secrets":
			return r.secrets[path[1]]
		case path[0] == "steps" && len(path) == 4:
			return r.outputs[path[1]][path[3]]
		}
		r.t.Fatalf("what is %s?", expression)
		return ""
	})
}

// hide puts what a step said into the log, as people see it.
func (r *gitHubRunner) hide(said string) {
	for line := range strings.Lines(said) {
		if secret, found := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "::add-mask::"); found {
			r.secrets["mask"] = secret
			continue
		}
		r.log.WriteString(strings.NewReplacer(orNever(r.secrets["mask"]), "***", r.secrets["DATAHUB_GMS_TOKEN"], "***").Replace(line))
	}
}

// orNever is text, or something that occurs nowhere.
func orNever(text string) string {
	if text == "" {
		return "\x00"
	}
	return text
}

// pairs reads a file by which a step tells something: NAME=VALUE, or NAME<<END
// with the value up to a line that is END.
func (r *gitHubRunner) pairs(name string) map[string]string {
	data, err := os.ReadFile(filepath.Join(r.folder, name))
	r.check(err)
	read := map[string]string{}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		key, end, heredoc := strings.Cut(lines[i], "<<")
		if key, value, plain := strings.Cut(lines[i], "="); plain && (!heredoc || len(key) < strings.Index(lines[i], "<<")) {
			read[key] = value
			continue
		}
		var value []string
		for i++; i < len(lines) && lines[i] != end; i++ {
			value = append(value, lines[i])
		}
		if heredoc {
			read[key] = strings.Join(value, "\n")
		}
	}
	return read
}
