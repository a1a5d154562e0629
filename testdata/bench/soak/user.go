package soak

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/term"
)

// user creates, lists and revokes tokens of their own, and knows which there are.
type user struct {
	*soaking
	name, folder string
	env          map[string]string
	live, gone   map[string]bool // ids
}

func newUser(s *soaking, name, folder string) *user {
	home := filepath.Join(folder, name)
	_ = os.MkdirAll(home, 0o700) // what needs it says so
	return &user{
		soaking: s, name: name, folder: home, live: map[string]bool{}, gone: map[string]bool{},
		env: map[string]string{
			"HOME": home, "USERPROFILE": home, "XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CONFIG_HOME": filepath.Join(home, "config"),
			"DATAHUB_GMS_URL": s.hub.URL, "DATAHUB_GMS_TOKEN": s.hub.Secrets[name],
		},
	}
}

// keptTokens is how many tokens a user lets be.
const keptTokens = 10

// round is a few commands.
func (u *user) round() {
	u.create()
	u.list()
	u.whoAmI()
	for id := range u.live {
		if len(u.live) <= keptTokens {
			break
		}
		u.revoke(id)
	}
	if rand.IntN(10) == 0 {
		u.run("recover", "--yes")
		u.live = map[string]bool{} // what it settled, and what it took back, is not known here
	}
	if len(u.gone) > 100 {
		u.gone = map[string]bool{}
	}
}

// run runs the command line in this process, while nobody looks.
func (u *user) run(args ...string) (string, int) {
	u.turn.RLock()
	defer u.turn.RUnlock()
	printed, code := commandLine(u.env, append(args, "--timeout", "2s", "--deadline", "20s"))
	u.ended(code)
	return printed, code
}

// commandLine is pat in this process.
func commandLine(env map[string]string, args []string) (string, int) {
	var out bytes.Buffer
	code := cli.MainWatched(args, term.New(term.Streams{Out: &out, Env: env}), cli.Watch{Shared: true})
	printed := out.String()
	out = bytes.Buffer{} // which the command line may keep
	return printed, code
}

// keptByCobra is how much memory each run of a command line leaves behind
// whatever it does: cobra keeps for as long as the process lives what completes
// flags, and with it the flags. A user's process runs one.
func keptByCobra() int64 {
	const runs = 500
	before := heapInUse()
	for range runs {
		commandLine(map[string]string{}, []string{"version"})
	}
	return (heapInUse() - before) / runs
}

func (u *user) create() {
	file := filepath.Join(u.folder, "token")
	_ = os.Remove(file)
	printed, code := u.run("create", "soak", "--to", "file:"+file, "-o", "json")
	secret, _ := os.ReadFile(file)
	var token struct{ ID string }
	switch err := json.Unmarshal([]byte(printed), &token); {
	case code == 0 && (err != nil || token.ID == "" || len(secret) == 0):
		u.complain("%s: created, and %q with %d bytes in the file", u.name, printed, len(secret))
	case code == 0:
		u.live[token.ID] = true
	}
}

func (u *user) revoke(id string) {
	delete(u.live, id)
	if _, code := u.run("revoke", id, "--yes"); code == 0 {
		u.gone[id] = true
	}
}

// list checks that what was created is there, and what was revoked is not.
func (u *user) list() {
	printed, code := u.run("list", "-o", "id")
	if code != 0 {
		return
	}
	listed := map[string]bool{}
	for id := range strings.Lines(printed) {
		listed[strings.TrimSpace(id)] = true
	}
	for id := range u.live {
		if !listed[id] {
			u.complain("%s: %s is not listed", u.name, id)
		}
	}
	for id := range u.gone {
		if listed[id] {
			u.complain("%s: %s was revoked and is listed", u.name, id)
		}
	}
}

func (u *user) whoAmI() {
	if printed, code := u.run("whoami", "-o", "json"); code == 0 && !strings.Contains(printed, `"urn:li:corpuser:`+u.name+`"`) {
		u.complain("%s is told to be %s", u.name, printed)
	}
}
