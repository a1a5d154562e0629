package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// errand is a command that must not half-happen.
type errand struct {
	name    string
	args    []string // "SELF" stands for the server and the file of the credential
	to      []string // where its secret goes, as after --to
	keyring bool     // needs one
	rotates bool     // there is a token called ci already
	oldAt   string   // where its secret is kept; empty: with somebody else
}

func create(to ...string) errand {
	j := errand{name: fmt.Sprint("create to ", to), args: []string{"create", "ci"}, to: to, keyring: slices.Contains(to, "keyring")}
	for _, place := range to {
		j.args = append(j.args, "--to", place)
	}
	return j
}

func rotate(oldAt string, to ...string) errand {
	j := create(to...)
	j.name, j.rotates, j.oldAt = fmt.Sprintf("rotate from %q to %v", oldAt, to), true, oldAt
	j.args[0] = "rotate"
	j.args = append(j.args, "--yes")
	j.keyring = j.keyring || oldAt == "keyring"
	return j
}

// jobs are what is stopped, cut off and run twice.
func errands() []errand {
	stored, self := rotate("keyring", "keyring"), rotate("file:a.token", "file:a.token")
	stored.name, stored.args = "rotate what is stored", []string{"rotate", "ci", "--yes"}
	self.name, self.args = "rotate itself", []string{"rotate", "--self", "--yes", "SELF"}
	return []errand{
		create("file:a.token"), create("file:a.token", "file:b.token"), create("stdout"), create("file:a.token", "stdout"),
		create("exec:cat >>a.token"), create("keyring"), create("keyring", "file:a.token"), create("keyring", "exec:cat >>b.token", "stdout"),
		stored, self, rotate("", "file:a.token"), rotate("file:a.token", "file:a.token"), rotate("file:a.token", "file:a.token", "stdout"),
		rotate("", "exec:cat >>a.token"), rotate("keyring", "keyring", "file:b.token"),
	}
}

// with are the jobs that fit.
func with(all []errand, fits func(errand) bool) []errand {
	return slices.DeleteFunc(all, func(j errand) bool { return !fits(j) })
}

// steps are those of a errand, in their order.
func (j errand) steps() []string {
	steps := []string{"reserved", "intended", "created", "issued", "proven"}
	for at := range j.to {
		steps = append(steps, fmt.Sprint("filled ", at+1))
	}
	steps = append(steps, "handed", "settled", "delivered")
	if j.rotates {
		steps = append(steps, "old revoked")
	}
	return steps
}

// trial is one case of a matrix: a errand on a scene of its own.
type trial struct {
	*scene
	errand
	old string // the secret of the token that is replaced
}

// begin sets the scene; bus is the environment of a keyring.
func (j errand) begin(t *testing.T, what string, o mockhub.Options, bus []string) *trial {
	t.Helper()
	r := &trial{scene: newScene(t, j.name+" "+what, o, bus), errand: j}
	if j.rotates {
		defer r.hub.Advance(time.Minute) // a token of the same length ends at another time
	}
	switch {
	case !j.rotates:
	case j.oldAt == "keyring":
		r.must("create", "ci", "--duration", "ONE_DAY", "--keyring-timeout", "30s")
		r.old = r.kept()[0]
	default:
		r.old, _ = r.hub.Issue("datahub", "ci", 24*time.Hour)
		if path, ok := cutFile(j.oldAt); ok {
			if err := os.WriteFile(filepath.Join(r.folder, path), []byte(r.old+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return r
}

func cutFile(place string) (string, bool) {
	if len(place) > 5 && place[:5] == "file:" {
		return place[5:], true
	}
	return "", false
}

// arguments are those of the command line.
func (r *trial) arguments(more ...string) []string {
	var args []string
	for _, arg := range r.args {
		if arg == "SELF" {
			args = append(args, "--server", r.hub.GMSURL, "--token-file", "a.token")
			continue
		}
		args = append(args, arg)
	}
	if r.keyring {
		args = append(args, "--keyring-timeout", "30s")
	}
	return append(args, more...)
}
