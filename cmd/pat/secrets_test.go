package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// fullRun is a machine on which every command runs, well and badly, and
// everything that goes by is kept to be searched for secrets.
type fullRun struct {
	t      *testing.T
	hub    *mockhub.Hub
	folder string
	env    []string

	mu         sync.Mutex
	secrets    map[string]bool   // each that was ever on the wire
	arguments  map[string]string // of every process, by when they were looked at
	transcript bytes.Buffer      // all that people and logs get to see
	asked      []string          // files that secrets were to go to
}

// TestNoSecretGoesAstray looks for every secret of a full run where none may be:
// in the arguments of any process, in the output, --debug's included, and in
// files that nobody asked for.
func TestNoSecretGoesAstray(t *testing.T) {
	for _, release := range []string{"0.10", "1.3", "newest"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			r := newFullRun(t, release)
			r.everything()
			r.search()
		})
	}
}

func newFullRun(t *testing.T, release string) *fullRun {
	t.Helper()
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("this system does not show the arguments of processes: ", err)
	}
	hub, err := mockhub.Open(mockhub.Options{Release: release})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hub.Close() })
	r := &fullRun{t: t, hub: hub, folder: t.TempDir(), secrets: map[string]bool{}, arguments: map[string]string{}}
	gms, frontend := httptest.NewServer(r.watch(hub.GMS())), httptest.NewServer(r.watch(hub.Frontend()))
	t.Cleanup(gms.Close)
	t.Cleanup(frontend.Close)
	secret, _, err := hub.Issue("datahub", "in use", 30*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	r.env = append(keyringtest.Unlocked(t),
		"PATH="+os.Getenv("PATH"), quickExit, "HOME="+r.folder, "TMPDIR="+r.folder, "XDG_STATE_HOME="+filepath.Join(r.folder, "state"),
		"XDG_CONFIG_HOME="+filepath.Join(r.folder, "config"), "GOCOVERDIR="+os.Getenv("GOCOVERDIR"), "GITHUB_ENV="+filepath.Join(r.folder, "github"),
		"GMS="+gms.URL, "FRONTEND="+frontend.URL, "ARGUMENTS="+filepath.Join(r.folder, "arguments"),
		"DATAHUB_GMS_URL="+gms.URL, "DATAHUB_GMS_TOKEN="+secret)
	return r
}

// jwt is a signed token, of which the last part makes it worth anything.
var jwt = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.([\w-]+)`)

// watch notes, with every request, the secrets that it and its answer carry and
// the arguments of all processes, for somebody is waiting for the answer.
func (r *fullRun) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		running := argumentsOfAll()
		answer := &noted{ResponseWriter: w}
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			carried := []string{request.Header.Get("Authorization"), request.Header.Get("Cookie"), answer.body.String()}
			carried = append(carried, w.Header().Values("Set-Cookie")...)
			for _, secret := range jwt.FindAllStringSubmatch(strings.Join(carried, " "), -1) {
				r.secrets[secret[1]] = true
			}
			r.arguments["while "+request.Method+" "+request.URL.Path+" was answered"] += running
		}()
		next.ServeHTTP(answer, request)
	})
}

// noted is an answer that is kept as it goes out.
type noted struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (n *noted) Write(data []byte) (int, error) {
	n.body.Write(data)
	return n.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (n *noted) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// argumentsOfAll are the arguments of all processes that there are.
func argumentsOfAll() string {
	var all strings.Builder
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil { // some are gone by now
			all.Write(text)
		}
	}
	return all.String()
}

// everything does what people do, and what goes wrong for them.
func (r *fullRun) everything() {
	const seen = `cat /proc/[0-9]*/cmdline >>"$ARGUMENTS" 2>/dev/null; datahub ingest -c /dev/null`
	r.shows("create ci")
	r.shows("create ci --to file:ci.token -o json", "ci.token")
	r.shows("list")
	for _, format := range []string{"wide", "json", "jsonl", "yaml", "csv", "tsv", "id"} {
		r.shows("list --all -o " + format)
	}
	r.shows("whoami")
	r.shows("doctor")
	r.shows("whoami -o json")
	r.shows("whoami --server $FRONTEND --token-file ci.token")
	r.shows("exec ci -- sh -c '" + seen + "'")
	r.shows("exec --server $FRONTEND --token-file ci.token -- sh -c '" + seen + "'")
	r.shows("env ci -o recipe")
	r.shows("revoke ci --dry-run")
	r.shows("list --stored")
	r.file("password", "jdoe\n")
	r.shows("login $GMS --frontend $FRONTEND --profile jdoe --username jdoe --password-stdin <password")
	r.shows("whoami --profile jdoe")
	r.shows("profile list -o json")
	r.shows("exec --profile jdoe -- sh -c '" + seen + "'")
	r.shows("create mine --profile jdoe --to datahubenv", ".datahubenv")
	r.shows("logout --profile jdoe --revoke")

	// What gives a secret to whoever asked for it, and to nobody else.
	r.prints("create printed --to stdout")
	r.prints("create printed-too -o json --to stdout")
	r.prints("secret ci")
	for _, format := range []string{"sh", "fish", "powershell", "dotenv", "header", "json", "kubernetes"} {
		r.prints("env ci -o " + format)
	}
	r.file("github", "")
	r.prints("env ci -o github", "github")

	// What goes wrong.
	r.fails(8, "create ci --to file:missing/ci.token")
	r.fails(5, "create ci")
	r.fails(125, "exec nothing -- true")
	r.fails(127, "exec ci -- no-such-command")
	r.fails(126, "exec ci -- /")
	r.file("wrong.token", "not-a-token-of-this-server")
	r.fails(3, "whoami --server $GMS --token-file wrong.token")
	r.fails(5, "secret nothing")
	r.fails(8, "env ci -o github", "GITHUB_ENV="+filepath.Join(r.folder, "missing", "env"))
	r.fault("createAccessToken:error=500,after=true")
	r.fails(1, "create failing --to file:failing.token")
	r.fault("createAccessToken:status=503,after=true")
	r.fails(6, "create failing --to file:failing.token")
	for _, bad := range []string{"html", "redirect=https://sso.example.com/", "cut"} {
		r.fault("createAccessToken:" + bad)
		r.fails(-1, "create failing --to file:failing.token -o json")
	}
	r.shows("revoke ci --yes")
	r.shows("revoke printed printed-too --yes")
}

// fault lets the next such request go wrong.
func (r *fullRun) fault(spec string) {
	r.t.Helper()
	fault, err := mockhub.ParseFault(spec)
	if err != nil {
		r.t.Fatal(err)
	}
	r.hub.Inject(fault)
}

func (r *fullRun) file(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// shows runs pat, all of whose output may be seen by anybody. The files are
// where secrets are to go.
func (r *fullRun) shows(words string, files ...string) {
	r.t.Helper()
	r.asked = append(r.asked, files...)
	stdout := r.run(0, words)
	r.transcript.WriteString(stdout)
}

// prints runs pat to print a secret.
func (r *fullRun) prints(words string, files ...string) {
	r.t.Helper()
	r.asked = append(r.asked, files...)
	if stdout := r.run(0, words); !jwt.MatchString(stdout) {
		r.t.Errorf("pat %s prints no secret", words)
	}
}

// fails runs pat where something goes wrong, with an exit code or with any.
func (r *fullRun) fails(code int, words string, env ...string) {
	r.t.Helper()
	before := r.env
	r.env = append(slices.Clone(r.env), env...)
	stdout := r.run(code, words)
	r.env = before
	if !strings.Contains(words, "-o github") {
		r.transcript.WriteString(stdout)
	}
}

// run runs pat as a shell would; what it says on stderr goes into the
// transcript. Failures of the test show no output: it may hold a secret.
func (r *fullRun) run(code int, words string) (stdout string) {
	r.t.Helper()
	cmd := exec.Command("sh", "-c", "exec pat --debug --keyring-timeout 60s "+words)
	cmd.Dir, cmd.Env = r.folder, r.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	r.transcript.WriteString("$ pat --debug " + words + "\n" + errs.String())
	if got := cmd.ProcessState.ExitCode(); got != code && (code >= 0 || got == 0) {
		r.t.Errorf("pat %s: %v, exit code %d, want %d", words, err, got, code)
	}
	return out.String()
}

// search looks for the secrets everywhere. It tells where there is one, not
// which.
func (r *fullRun) search() {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	const least = 8 // the one in use, those created, the session's and the one of signing in
	if len(r.secrets) < least {
		r.t.Errorf("only %d secrets were seen", len(r.secrets))
	}
	seen := 0
	for when, running := range r.arguments {
		seen += strings.Count(running, "--debug")
		r.without("the arguments of a process "+when, running)
	}
	if seen < least {
		r.t.Error("pat's own arguments were not seen")
	}
	for line := range strings.Lines(r.transcript.String()) {
		r.without("the output "+jwt.ReplaceAllString(line, "…"), line)
	}
	if !strings.Contains(r.transcript.String(), "debug: POST") {
		r.t.Error("--debug has shown nothing")
	}
	r.searchFiles()
}

// searchFiles looks into all files but those that secrets were to go to, where
// there must be one.
func (r *fullRun) searchFiles() {
	r.t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(r.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(r.folder, path)
		found[name] = true
		if slices.Contains(r.asked, name) {
			if !jwt.Match(text) {
				r.t.Errorf("%s was to get a secret", name)
			}
			return err
		}
		r.without("the file "+name, string(text))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, name := range []string{"arguments", filepath.Join("state", "pat", "keyring.json"), "ci.token"} {
		if !found[name] {
			r.t.Errorf("there is no file %s", name)
		}
	}
}

// without checks that there is no secret in text.
func (r *fullRun) without(where, text string) {
	r.t.Helper()
	for secret := range r.secrets {
		if strings.Contains(text, secret) {
			r.t.Errorf("there is a secret in %s", where)
			return
		}
	}
}
