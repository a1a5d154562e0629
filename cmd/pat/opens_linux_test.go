package main

import (
	"bytes"
	"fmt"
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

// touched is what a run of a program opens.
type touched struct {
	files       []string // below its home: as they are called there, in the order of their names
	connections int      // over the network
	bus         int      // to the bus that leads to the keyring
}

// frugal is a command with all that it may open: files by name or pattern.
type frugal struct {
	args  []string
	files []string
	net   int // connections
	bus   int
}

// frugals are commands and what each needs: its configuration tells which server
// is meant and whether the environment hides another, the index which tokens are
// kept here, the journal what is open still.
func frugals(id string) []frugal {
	const config, index = "config/pat/config.yaml", "state/pat/keyring.json"
	journal := []string{config, "state/pat/journal", "state/pat/journal/*.op", "state/pat/journal/*.op.lock"}
	indexed := append([]string{index}, journal...)
	return []frugal{
		{args: []string{"--version"}},
		{args: []string{"--help"}},
		{args: []string{"help", "create"}},
		{args: []string{"version"}},
		{args: []string{"completion", "bash"}},
		{args: []string{"__complete", "create", ""}},
		{args: []string{"__complete", "create", "--"}},
		{args: []string{"create"}}, // wrong usage
		{args: []string{"__complete", "list", "--profile", ""}, files: []string{config}},
		{args: []string{"profile", "list"}, files: []string{config}},
		{args: []string{"env", "-o", "json"}, files: journal, net: 1},
		{args: []string{"whoami"}, files: journal, net: 1},
		{args: []string{"list"}, files: indexed, net: 1},
		{args: []string{"list", "--sort", "none", "-o", "id"}, files: indexed, net: 1},
		{args: []string{"revoke", id, "--yes"}, files: indexed, net: 1},
		{args: []string{"create", "ci", "--to", "stdout"}, files: journal, net: 1},
		{args: []string{"create", "ci", "--to", "file:ci.token"}, files: append([]string{"ci.token", "./.pat-*", "."}, journal...), net: 1},
		{args: []string{"secret", "ci"}, files: indexed}, // the index knows that the keyring has none
		{args: []string{"create", "ci", "--to", "keyring"}, files: append([]string{"state/pat/keyring.json.lock", "state/pat/.pat-*", "state/pat"}, indexed...), bus: 1},
	}
}

// TestOpensNothingNeedless traces what commands open: no file, no connection and
// no bus but what the command is about. Files that every Go program opens do not
// count.
func TestOpensNothingNeedless(t *testing.T) {
	tracer := newTracer(t)
	hub := mockhub.Start(t, mockhub.Options{})
	secret, _ := hub.Issue("datahub", "in use", time.Hour)
	_, id := hub.Issue("datahub", "other", 2*time.Hour)
	tracer.env = append(tracer.env, "DATAHUB_GMS_URL="+hub.GMSURL, "DATAHUB_GMS_TOKEN="+secret)
	out := t.Output()
	fmt.Fprintln(out, "| command | files of its own | connections | bus |\n|---|--:|--:|--:|")
	for _, want := range frugals(id) {
		got := tracer.run(tracer.pat, want.args...)
		shown := strings.TrimSpace(strings.Replace(strings.Join(want.args, " "), id, "ID", 1))
		fmt.Fprintf(out, "| `pat %s` | %d | %d | %d |\n", shown, len(got.files), got.connections, got.bus)
		if got.connections > want.net || got.bus > want.bus || (want.net == 0) != (got.connections == 0) {
			t.Errorf("pat %s: %d connections, %d to the bus; allowed: %d, %d", shown, got.connections, got.bus, want.net, want.bus)
		}
		for _, file := range got.files {
			if !slices.ContainsFunc(want.files, func(pattern string) bool { ok, _ := filepath.Match(pattern, file); return ok }) {
				t.Errorf("pat %s opens %s", shown, file)
			}
		}
	}
}

// tracer runs programs and watches what they open.
type tracer struct {
	t        *testing.T
	home     string
	log, pat string
	env      []string
	ofGo     []string // what an empty Go program opens
}

func newTracer(t *testing.T) *tracer {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here: ", err)
	}
	if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, out)
	}
	folder := t.TempDir()
	tr := &tracer{t: t, home: filepath.Join(folder, "home"), log: filepath.Join(folder, "trace"), pat: filepath.Join(folder, "pat")}
	tr.env = []string{
		"HOME=" + tr.home, "XDG_STATE_HOME=" + tr.home + "/state", "XDG_CONFIG_HOME=" + tr.home + "/config",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + tr.home + "/bus",
	}
	config := filepath.Join(tr.home, "config", "pat")
	if err := os.MkdirAll(config, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "config.yaml"), []byte("profiles: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(folder, "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tr.build(tr.pat, ".")
	tr.build(filepath.Join(folder, "empty"), empty)
	tr.ofGo = tr.run(filepath.Join(folder, "empty")).files
	return tr
}

// build builds a program as pat is released.
func (tr *tracer) build(file, from string) {
	tr.t.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-o", file, from)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tr.t.Fatalf("%v: %s", err, out)
	}
}

var (
	opened    = regexp.MustCompile(`open(?:at)?\((?:AT_FDCWD, )?"([^"]+)"`)
	connected = regexp.MustCompile(`connect\(\d+, \{sa_family=(\w+)`)
)

// run runs a program, which may fail, and reads its trace.
func (tr *tracer) run(program string, args ...string) touched {
	tr.t.Helper()
	cmd := exec.Command("strace", append([]string{"-f", "-qq", "-e", "trace=open,openat,connect", "-o", tr.log, program}, args...)...)
	cmd.Dir, cmd.Env = tr.home, tr.env
	_ = cmd.Run() // what it opened counts, not how it ended
	trace, err := os.ReadFile(tr.log)
	if err != nil {
		tr.t.Fatal(err)
	}
	var got touched
	for line := range bytes.Lines(trace) {
		if m := opened.FindSubmatch(line); m != nil {
			got.files = append(got.files, tr.named(string(m[1])))
		}
		switch m := connected.FindSubmatch(line); {
		case m == nil:
		case string(m[1]) == "AF_UNIX":
			got.bus++
		default:
			got.connections++
		}
	}
	slices.Sort(got.files)
	got.files = slices.DeleteFunc(slices.Compact(got.files), func(file string) bool { return slices.Contains(tr.ofGo, file) })
	return got
}

// named is a path as it is called in the home, if it is there.
func (tr *tracer) named(path string) string {
	if relative, err := filepath.Rel(tr.home, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}
