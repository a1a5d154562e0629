package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// step is one of a GitHub Actions job.
type step struct {
	ID, Name, If, Run, Uses string
	Env, With               map[string]string
}

// playGitHub runs the steps of a job as GitHub's runner: with the secrets of the
// repository only where a step asks for them, the files by which a step tells
// the later ones something, and what is masked hidden in the log.
func playGitHub(j *job, guide string) error {
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	j.check(yaml.Unmarshal([]byte(guide), &workflow))
	environment := j.env
	r := newGitHubRunner(j)
	var failed error
	for _, s := range workflow.Jobs["ingest"].Steps {
		if failed != nil && !strings.HasPrefix(s.If, "always()") {
			continue
		}
		if err := r.step(s); err != nil && failed == nil {
			failed = fmt.Errorf("%s%s: %w", s.Name, s.Uses, err)
		}
	}
	for _, end := range slices.Backward(r.ends) {
		if err := end(); err != nil && failed == nil {
			failed = err
		}
	}
	j.env = environment
	return failed
}

// newGitHubRunner takes the job's server and token out of its environment, and
// makes them the repository's secrets.
func newGitHubRunner(j *job) *gitHubRunner {
	r := &gitHubRunner{job: j, secrets: map[string]string{}, outputs: map[string]map[string]string{}, passed: map[string]string{}}
	j.env = maps.Clone(j.env)
	for _, name := range []string{"DATAHUB_GMS_URL", "DATAHUB_GMS_TOKEN"} {
		r.secrets[name] = j.env[name]
		delete(j.env, name)
	}
	return r
}

type gitHubRunner struct {
	*job
	secrets map[string]string
	outputs map[string]map[string]string // by step
	passed  map[string]string            // the environment that steps passed on
	ends    []func() error               // what is to be done when the job has ended, last first
}

// step runs the commands of a step, or its action where that is one of ours. The
// others are not needed here.
func (r *gitHubRunner) step(s step) error {
	if s.Run != "" {
		return r.play(s, s.Run, nil, "bash", "-e")
	}
	if folder, ours := strings.CutPrefix(s.Uses, "datahub-pat/pat/"); ours && !strings.Contains(folder, "setup@") {
		folder, _, _ = strings.Cut(folder, "@")
		return r.action(folder, s)
	}
	return nil
}

// play lets a program run a script, with what the runner sets. The step's own
// environment is over what earlier steps passed on.
func (r *gitHubRunner) play(s step, script string, more map[string]string, program ...string) error {
	env := map[string]string{
		"GITHUB_RUN_ID": "1234567890", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_REPOSITORY": "us/things", "GITHUB_JOB": "ingest",
		"RUNNER_TEMP": filepath.Join(r.folder, "kept"),
		"GITHUB_ENV":  filepath.Join(r.folder, "env"), "GITHUB_OUTPUT": filepath.Join(r.folder, "output"), "GITHUB_STATE": filepath.Join(r.folder, "noted"),
	}
	maps.Copy(env, r.passed)
	maps.Copy(env, more)
	for name, value := range s.Env {
		env[name] = r.expand(value)
	}
	for _, name := range []string{"env", "output", "noted"} {
		r.write(name, "")
	}
	said, err := r.quietly(script, env, program...)
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
