//go:build unix

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// desk is where somebody sits who types what the documentation shows: a
// terminal, a keyring, a home, and a DataHub at the addresses that it names.
type desk struct {
	t        *testing.T
	hub      *mockhub.Server
	site     string // the address of a whole installation: the web interface, and GMS below /gms
	folder   string // where one types; its parent is the home
	secret   string // a token of the user datahub
	env      []string
	exchange *strings.Replacer
}

func newDesk(t *testing.T, keyring []string) *desk {
	t.Helper()
	d := &desk{t: t, hub: mockhub.Start(t, mockhub.Options{}), folder: filepath.Join(t.TempDir(), "home", "folder")}
	home := filepath.Dir(d.folder)
	d.secret, _ = d.hub.Issue("datahub", "in use", 180*24*time.Hour)
	d.site = installation(t, d.hub)
	d.env = append(keyring,
		"HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, ".state"), "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "TERM=xterm-256color",
		"PATH="+filepath.Join(home, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"), "A_TOKEN="+d.secret, "REPOSITORY="+filepath.Dir(filepath.Dir(schemaFolder())),
		"GOCOVERDIR="+os.Getenv("GOCOVERDIR"), quickExit)
	d.env = append(d.env, goFolders()...)
	d.exchange = strings.NewReplacer(
		"https://datahub.example.com", d.site, "https://staging.example.com", d.site,
		"http://localhost:8080", atLocalhost(d.hub.GMSURL), "http://localhost:9002", atLocalhost(d.hub.FrontendURL),
		"127.0.0.1:8080", "127.0.0.1:0", "127.0.0.1:9002", "127.0.0.1:0",
		"DATAHUB_GMS_TOKEN=...", `DATAHUB_GMS_TOKEN="$A_TOKEN"`,
	)
	d.furnish()
	return d
}

// atLocalhost is the same address by another name: profiles are called after
// their hosts.
func atLocalhost(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) }

// goFolders are where Go keeps what it has built, which is not in the desk's home.
var goFolders = sync.OnceValue(func() []string {
	names := []string{"GOENV", "GOPATH", "GOMODCACHE", "GOCACHE"}
	said, _ := exec.Command("go", append([]string{"env"}, names...)...).Output()
	var env []string
	for i, value := range strings.Split(strings.TrimSpace(string(said)), "\n") {
		env = append(env, names[min(i, len(names)-1)]+"="+value)
	}
	return env
})

// installation is a DataHub as companies have it: all of it at one address.
func installation(t *testing.T, hub *mockhub.Server) string {
	t.Helper()
	face := func(address string) http.Handler {
		target, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return httputil.NewSingleHostReverseProxy(target)
	}
	mux := http.NewServeMux()
	mux.Handle("/gms/", http.StripPrefix("/gms", face(hub.GMSURL)))
	mux.Handle("/", face(hub.FrontendURL))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// furnish puts what examples take for granted where they look for it: files, and
// programs that stand for those that are not here.
func (d *desk) furnish() {
	leaked, _ := d.hub.Issue("jdoe", "leaked", 24*time.Hour)
	mine, _ := d.hub.Issue("datahub", "mine", 365*24*time.Hour)
	for name, text := range map[string]string{
		"password.txt": "jdoe\n", "leaked.txt": leaked, "found.token": leaked, "my.token": d.secret, "mine.token": mine, "prod.token": d.secret, "../staging.token": d.secret,
		"recipe.yml": "source:\n  type: demo-data\n",
	} {
		d.write(name, text, 0o600)
	}
	const usesVariables, usesStdin = `test -n "$DATAHUB_GMS_TOKEN" && test -n "$DATAHUB_GMS_URL"`, `test -n "$(cat)"`
	for name, script := range map[string]string{
		"datahub": usesVariables, "docker": usesStdin, "gh": usesStdin, "kubectl": usesStdin, "airflow": "cat", "pass": `echo "$A_TOKEN"`,
	} {
		d.write("../bin/"+name, "#!/bin/sh\n"+script+"\n", 0o700)
	}
	if _, err := exec.LookPath("curl"); err != nil {
		d.write("../bin/curl", "#!/bin/sh\nexit 0\n", 0o700)
	}
}

func (d *desk) write(name, text string, mode os.FileMode) {
	d.t.Helper()
	path := filepath.Join(d.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		d.t.Fatal(err)
	}
}

// prelude is what a typed script begins with. A server is stopped once it has
// said where it is.
const prelude = `set -e -o pipefail
serves() {
	: >"$HOME/served"
	"$@" >"$HOME/served" 2>&1 &
	local server=$! moment
	for moment in {1..200}; do
		if grep -qi token "$HOME/served"; then
			kill "$server"
			wait "$server" || test $? -eq 130
			return
		fi
		sleep 0.05
	done
	cat "$HOME/served"
	return 1
}
from_source() { (cd "$REPOSITORY" && "$@"); }
`

// typed types a script on a terminal, and answers what is asked. It returns what
// the screen showed.
func (d *desk) typed(script string) (string, error) {
	d.t.Helper()
	script = d.exchange.Replace(script)
	script = regexp.MustCompile(`(?m)^pat mock serve\b[^&|\n]*$`).ReplaceAllString(script, "serves $0")
	script = regexp.MustCompile(`(?m)^go run \./`).ReplaceAllString(script, "from_source $0")
	d.write("../script", prelude+script+"\n", 0o700)
	cmd := exec.Command("bash", filepath.Join(filepath.Dir(d.folder), "script"))
	cmd.Dir, cmd.Env = d.folder, d.env
	screen, err := d.converse(cmd)
	return strings.ReplaceAll(screen, "\r\n", "\n"), err
}

// converse runs a program on a terminal until it ends.
func (d *desk) converse(cmd *exec.Cmd) (string, error) {
	d.t.Helper()
	keyboard, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		d.t.Skip(err)
	}
	defer keyboard.Close()
	const patience = 2 * time.Minute
	killer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer killer.Stop()
	shown, ended := make(chan []byte), make(chan error, 1)
	go watch(keyboard, shown)
	go func() { ended <- cmd.Wait() }()
	var screen bytes.Buffer
	var quiet <-chan time.Time
	var result error
	answered := 0
	for open := true; open; {
		select {
		case chunk, more := <-shown:
			open = more
			screen.Write(chunk)
			if answer, ok := d.answer(screen.String()[answered:]); ok {
				answered = screen.Len()
				_, _ = keyboard.WriteString(answer + "\n")
			}
		case result = <-ended:
			ended, quiet = nil, time.After(time.Second)
		case <-quiet:
			open = false
		}
	}
	if ended != nil {
		result = <-ended
	}
	return screen.String(), result
}

// answer is what somebody types who is asked what stands at the end of the
// screen.
func (d *desk) answer(screen string) (string, bool) {
	for _, a := range []struct{ question, answer string }{
		{`\[y/N\] $`, "y"},
		{`, type (\d+): $`, "$1"},
		{`Choose 1, 2 or 3 \[1\]: $`, "1"},
		{`(?i)password[^\n]*: $`, "jdoe"},
		{`(?i)(paste|token)[^\n]*: $`, d.secret},
		{`Address of the web interface[^\n]*: $`, d.hub.FrontendURL},
		{`(?i)user name[^\n]*: $`, "jdoe"},
	} {
		question := regexp.MustCompile(a.question)
		if at := question.FindStringSubmatchIndex(screen); at != nil {
			return string(question.ExpandString(nil, a.answer, screen, at)), true
		}
	}
	return "", false
}
