package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// scene is a machine with pat, a state folder and a DataHub of its own. The
// tokens that matter are all called ci.
type scene struct {
	t        *testing.T
	what     string
	folder   string
	hub      *mockhub.Server
	observer string // a token by which the test looks at the DataHub
	env      []string
	said     []string // what pat said on stderr, by run
}

func newScene(t *testing.T, what string, o mockhub.Options, env []string) *scene {
	t.Helper()
	s := &scene{t: t, what: what, folder: t.TempDir(), hub: mockhub.Start(t, o)}
	var secret string
	secret, _ = s.hub.Issue("datahub", "in use", time.Hour)
	s.observer, _ = s.hub.Issue("datahub", "observer", time.Hour)
	s.env = append([]string{
		"HOME=" + s.folder, "XDG_STATE_HOME=" + filepath.Join(s.folder, "state"), "PATH=" + os.Getenv("PATH"), quickExit,
		"DATAHUB_GMS_URL=" + s.hub.GMSURL, "DATAHUB_GMS_TOKEN=" + secret,
	}, env...)
	return s
}

// command is pat, which is stopped as stop says.
func (s *scene) command(stop string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Args[0], cmd.Dir = "pat", s.folder
	cmd.Env = append([]string{"PAT_KILL_AT=" + stop}, s.env...)
	return cmd
}

// pat runs pat and returns what it printed and its exit code.
func (s *scene) pat(stop string, args ...string) (string, int) {
	s.t.Helper()
	return s.run(s.command(stop, args...))
}

func (s *scene) run(cmd *exec.Cmd) (string, int) {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatalf("%s: %v", s.what, err)
	}
	s.said = append(s.said, strings.Join(cmd.Args, " ")+": "+stderr.String())
	return stdout.String(), cmd.ProcessState.ExitCode()
}

// must runs pat, which must succeed.
func (s *scene) must(args ...string) string {
	s.t.Helper()
	out, code := s.pat("", args...)
	if code != 0 {
		s.t.Fatalf("%s: exit code %d: %s", s.what, code, strings.Join(s.said, "\n"))
	}
	return out
}

// recover settles what is open, from another folder than all was done in.
func (s *scene) recover() int {
	s.t.Helper()
	cmd := s.command("", "recover", "--yes", "--keyring-timeout", "30s")
	cmd.Dir = os.TempDir()
	_, code := s.run(cmd)
	return code
}

// ask asks the DataHub something, as it is, with a token. It is refused with an
// error.
func (s *scene) ask(secret, query string, into any) error {
	return s.askWith(secret, query, nil, into)
}

func (s *scene) askWith(secret, query string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.hub.GMSURL+"/api/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// alive reports whether the DataHub accepts a secret.
func (s *scene) alive(secret string) bool {
	var answer any
	return s.ask(secret, "{ me { corpUser { urn } } }", &answer) == nil
}

// tokens is how many tokens called ci there are.
func (s *scene) tokens() int {
	s.t.Helper()
	var answer struct {
		Data struct {
			ListAccessTokens struct{ Tokens []struct{ Name string } }
		}
	}
	err := s.ask(s.observer, "{ listAccessTokens(input: {start: 0, count: 100, filters: []}) { tokens { name } } }", &answer)
	if err != nil {
		s.t.Fatalf("%s: %v", s.what, err)
	}
	count := 0
	for _, token := range answer.Data.ListAccessTokens.Tokens {
		if token.Name == "ci" {
			count++
		}
	}
	return count
}

var secretShape = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)

// at is the secret in a place, spelled as after --to; stdout is what was
// printed. A command is one that ends in >FILE.
func (s *scene) at(place, printed string) []string {
	kind, path, _ := strings.Cut(place, ":")
	switch kind {
	case "stdout":
		return secretShape.FindAllString(printed, -1)
	case "keyring":
		return s.kept()
	case "datahubenv":
		path = ".datahubenv"
	case "exec":
		path = path[strings.LastIndex(path, ">")+1:]
	}
	data, _ := os.ReadFile(filepath.Join(s.folder, path)) // none is none
	return secretShape.FindAllString(string(data), -1)
}

// kept are the secrets in the keyring that the index knows.
func (s *scene) kept() []string {
	var secrets []string
	data, _ := os.ReadFile(filepath.Join(s.folder, "state", "pat", "keyring.json"))
	var index struct{ Tokens []struct{ ID string } }
	if err := json.Unmarshal(data, &index); err != nil && len(data) > 0 {
		s.t.Fatalf("%s: the keyring's index: %v", s.what, err)
	}
	for _, row := range index.Tokens {
		out, _ := s.pat("", "secret", row.ID, "--keyring-timeout", "30s")
		secrets = append(secrets, secretShape.FindAllString(out, -1)...)
	}
	return secrets
}

// litter reports whether a secret is in a file that was only to help.
func (s *scene) litter() bool {
	entries, _ := os.ReadDir(s.folder)
	return slices.ContainsFunc(entries, func(entry os.DirEntry) bool {
		return strings.HasPrefix(entry.Name(), ".pat-") && len(s.at("file:"+entry.Name(), "")) > 0
	})
}

// distinct are the secrets without repetition, those only that fit.
func distinct(secrets []string, fits func(string) bool) []string {
	var kept []string
	for _, secret := range secrets {
		if !slices.Contains(kept, secret) && fits(secret) {
			kept = append(kept, secret)
		}
	}
	return kept
}
