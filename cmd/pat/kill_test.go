//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestKillMatrix ends `pat create` at every step, by every signal, with every
// kind of destination, and lets `pat recover` settle what is left. It counts
// what must not be: a token that nobody holds, and an exit code of 0 without
// the secret where it was asked to be.
func TestKillMatrix(t *testing.T) {
	bus := keyringtest.Unlocked(t)
	places := map[string][]string{
		"file":          {"file:a.token"},
		"two files":     {"file:a.token", "file:b.token"},
		"stdout":        {"stdout"},
		"file, stdout":  {"file:a.token", "stdout"},
		"command":       {"exec:cat >a.token"},
		"keyring":       {"keyring"},
		"keyring, file": {"keyring", "file:a.token"},
	}
	steps := []string{"reserved", "intended", "created", "issued", "proven", "filled 1", "filled 2", "settled", "delivered"}
	count := killCount{}
	for name, to := range places {
		for _, step := range steps {
			for _, signal := range []string{"KILL", "TERM", "INT"} {
				k := killed{t: t, bus: bus, to: to, what: fmt.Sprintf("%s at %q with %s", name, step, signal)}
				k.run(step+"@"+signal, &count)
			}
		}
	}
	t.Logf("%d cases: %d tokens that nobody holds, %d lost with exit code 0, %d revoked although perhaps handed over",
		count.cases, count.nobodyHolds, count.lost, len(count.perhaps))
	for _, what := range count.perhaps {
		t.Log("revoked although perhaps handed over: " + what)
	}
}

type killCount struct {
	cases, nobodyHolds, lost int
	perhaps                  []string
}

type killed struct {
	t      *testing.T
	bus    []string
	to     []string
	what   string
	folder string
	hub    *mockhub.Server
	secret string
}

// run is one case of the matrix.
func (k *killed) run(spec string, count *killCount) {
	k.t.Helper()
	k.folder = k.t.TempDir()
	k.hub = mockhub.Start(k.t, mockhub.Options{})
	k.secret, _ = k.hub.Issue("datahub", "in use", time.Hour)
	args := []string{"create", "ci"}
	for _, to := range k.to {
		args = append(args, "--to", to)
	}
	printed, code := k.pat(spec, args...)
	_, recovered := k.pat("", "recover", "--yes")
	held := k.held(printed)
	exists := k.exists()
	count.cases++
	switch {
	case exists && !held && recovered == 0:
		count.nobodyHolds++
		k.t.Errorf("%s: a token is left that nobody holds (exit code %d)", k.what, code)
	case code == 0 && !(exists && held):
		count.lost++
		k.t.Errorf("%s: exit code 0, and the secret is lost", k.what)
	case !exists && held:
		count.perhaps = append(count.perhaps, k.what)
	}
	if recovered != 0 && recovered != 9 {
		k.t.Errorf("%s: recover exits with %d", k.what, recovered)
	}
	k.forgetStored()
}

// pat runs pat, which is stopped as spec says, and returns what it printed.
func (k *killed) pat(spec string, args ...string) (string, int) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Args[0] = "pat"
	cmd.Dir = k.folder
	cmd.Env = append([]string{
		"PAT_KILL_AT=" + spec, "HOME=" + k.folder, "XDG_STATE_HOME=" + filepath.Join(k.folder, "state"), "PATH=" + os.Getenv("PATH"),
		"DATAHUB_GMS_URL=" + k.hub.GMSURL, "DATAHUB_GMS_TOKEN=" + k.secret,
	}, k.bus...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		k.t.Fatal(err)
	}
	return stdout.String(), cmd.ProcessState.ExitCode()
}

// held reports whether all places that can be looked at hold a secret.
func (k *killed) held(printed string) bool {
	for _, to := range k.to {
		var text string
		switch kind, path, _ := strings.Cut(to, ":"); kind {
		case "stdout":
			text = printed
		case "keyring":
			text, _ = k.pat("", "secret", "ci")
		case "exec":
			data, _ := os.ReadFile(filepath.Join(k.folder, "a.token"))
			text = string(data)
		default:
			data, _ := os.ReadFile(filepath.Join(k.folder, path))
			text = string(data)
		}
		if !strings.HasPrefix(text, "eyJ") {
			return false
		}
	}
	return true
}

func (k *killed) exists() bool {
	out, code := k.pat("", "list", "--name", "ci", "-o", "id")
	if code != 0 {
		k.t.Fatalf("%s: list exits with %d", k.what, code)
	}
	return strings.TrimSpace(out) != ""
}

// forgetStored empties the keyring for the next case.
func (k *killed) forgetStored() {
	if strings.HasPrefix(k.to[0], "keyring") && k.exists() {
		k.pat("", "revoke", "ci", "--yes")
	}
}
