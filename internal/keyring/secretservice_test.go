//go:build linux

package keyring_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
)

// brief is a limit for those who are not going to be answered at all, patience
// one for those who are to get as far as a prompt before they give up.
const (
	brief    = 300 * time.Millisecond
	patience = 5 * time.Second
)

func TestRealKeyringKeepsAndGivesBack(t *testing.T) {
	d := keyringtest.Start(t)
	do := task{State: t.TempDir()}
	for i, r := range do.run(t, d.Env(), step{"probe", ""}, step{"put", "one"}, step{"put", "two"}, step{"put", "one"}) {
		r.came(t, "step "+string(rune('1'+i)), nil)
	}
	if got := d.Accounts(); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the keyring has %q", got)
	}
	later := do.run(t, d.Env(), step{"get", "two"}, step{"get", "three"}, step{"delete", "two"}, step{"get", "two"}, step{"delete", "two"})
	later[0].came(t, "get", nil)
	if later[0].Secret != "sesame-two" {
		t.Errorf("got %q", later[0].Secret)
	}
	later[1].came(t, "get what is not there", keyring.ErrAbsent)
	later[2].came(t, "delete", nil)
	later[3].came(t, "get what is deleted", keyring.ErrAbsent)
	later[4].came(t, "delete again", nil)
	if got := d.Accounts(); !slices.Equal(got, []string{"one"}) {
		t.Errorf("the keyring has %q", got)
	}
	rows, err := keyring.New(keyring.Options{StateDir: do.State}).Stored()
	if err != nil || len(rows) != 1 || rows[0].ID != "one" {
		t.Errorf("the index has %v, %v", rows, err)
	}
}

func TestProbeLeavesNothing(t *testing.T) {
	d := keyringtest.Start(t)
	do := task{State: filepath.Join(t.TempDir(), "state")}
	do.run(t, d.Env(), step{"probe", ""})[0].came(t, "probe", nil)
	if got := d.Accounts(); len(got) != 0 {
		t.Errorf("the keyring has %q", got)
	}
	if rows, err := keyring.New(keyring.Options{StateDir: do.State}).Stored(); err != nil || len(rows) != 0 {
		t.Errorf("the index has %v, %v", rows, err)
	}
}

func TestEntryRemovedBehindOurBack(t *testing.T) {
	d := keyringtest.Start(t)
	do := task{State: t.TempDir()}
	do.run(t, d.Env(), step{"put", "one"})[0].came(t, "put", nil)
	d.Remove("one")
	got := do.run(t, d.Env(), step{"get", "one"}, step{"delete", "one"})
	got[0].came(t, "get", keyring.ErrAbsent)
	if !strings.Contains(got[0].Message, "somebody else removed it") {
		t.Errorf("it is not said that it was there: %s", got[0].Message)
	}
	got[1].came(t, "delete", nil)
}

// What does not work is told apart, whatever is tried, and without a person.
func TestUnusableKeyringsAreToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env    func(t *testing.T) []string
		limit  time.Duration
		reason error
	}{
		"no bus":         {func(t *testing.T) []string { return keyringtest.NoBus(t) }, 0, keyring.ErrNoBus},
		"no service":     {func(t *testing.T) []string { return keyringtest.Bus(t) }, 0, keyring.ErrNoService},
		"locked":         {func(t *testing.T) []string { return keyringtest.Locked(t) }, 0, keyring.ErrLocked},
		"silent bus":     {func(t *testing.T) []string { return keyringtest.Silent(t) }, brief, keyring.ErrSilent},
		"silent service": {func(t *testing.T) []string { return keyringtest.SilentService(t) }, brief, keyring.ErrSilent},
		"no collection":  {impostor(keyringtest.Manners{NoDefault: true}), 0, keyring.ErrNoCollection},
		"gibberish":      {impostor(keyringtest.Manners{Gibberish: true}), 0, keyring.ErrRefused},
		"changes values": {impostor(keyringtest.Manners{Keep: strings.ToLower}), 0, keyring.ErrNotKept},
		"cuts values":    {impostor(keyringtest.Manners{Keep: func(s string) string { return s[:10] }}), 0, keyring.ErrNotKept},
		"keeps nothing":  {impostor(keyringtest.Manners{KeepNothing: true}), 0, keyring.ErrNotKept},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			for i, r := range (task{State: state, Limit: c.limit}).run(t, c.env(t), step{"probe", ""}, step{"put", "one"}) {
				r.came(t, []string{"probe", "put"}[i], c.reason)
			}
			if rows, err := keyring.New(keyring.Options{StateDir: state}).Stored(); err != nil || len(rows) != 0 {
				t.Errorf("the index has %v, %v", rows, err)
			}
		})
	}
}

func impostor(m keyringtest.Manners) func(t *testing.T) []string {
	return func(t *testing.T) []string { return keyringtest.Impersonate(t, m).Env() }
}

func TestRemovalThatIsNotDoneIsNoticed(t *testing.T) {
	env := keyringtest.Impersonate(t, keyringtest.Manners{KeepRemoved: true}).Env()
	got := task{State: t.TempDir()}.run(t, env, step{"put", "one"}, step{"delete", "one"})
	got[0].came(t, "put", nil)
	got[1].came(t, "delete", keyring.ErrNotKept)
}

func TestPersonUnlocksTheRealKeyring(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reaction keyringtest.Reaction
		limit    time.Duration
		reason   error
		asked    int
	}{
		"answers":   {keyringtest.Answers, 0, nil, 1},
		"mistypes":  {keyringtest.Mistypes, 0, keyring.ErrDismissed, 2},
		"dismisses": {keyringtest.Dismisses, 0, keyring.ErrDismissed, 1},
		"ignores":   {keyringtest.Ignores, patience, keyring.ErrLocked, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := keyringtest.Start(t)
			d.Lock()
			person := d.Seat(c.reaction)
			got := task{Interactive: true, Limit: c.limit}.run(t, d.Env(), step{"put", "one"})
			got[0].came(t, "put", c.reason)
			if person.Asked() != c.asked {
				t.Errorf("the person was asked %d times, want %d", person.Asked(), c.asked)
			}
			if name == "ignores" && (got[0].Notices != 1 || !strings.Contains(got[0].Message, "nobody answered")) {
				t.Errorf("%d notices, and %q", got[0].Notices, got[0].Message)
			}
		})
	}
}

func TestNobodyIsAskedWhoIsNotThere(t *testing.T) {
	d := keyringtest.Start(t)
	d.Lock()
	person := d.Seat(keyringtest.Answers)
	task{}.run(t, d.Env(), step{"put", "one"})[0].came(t, "put", keyring.ErrLocked)
	if person.Asked() != 0 {
		t.Error("a prompt was shown")
	}
}

func TestPromptOfALockedEntry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		interactive bool
		reaction    keyringtest.Reaction
		limit       time.Duration
		reason      error
	}{
		"alone":     {false, keyringtest.Answers, 0, keyring.ErrLocked},
		"answers":   {true, keyringtest.Answers, 0, nil},
		"dismisses": {true, keyringtest.Dismisses, 0, keyring.ErrDismissed},
		"ignores":   {true, keyringtest.Ignores, patience, keyring.ErrLocked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := keyringtest.Impersonate(t, keyringtest.Manners{LockItems: true, Reaction: c.reaction}).Env()
			do := task{State: t.TempDir()}
			do.run(t, env, step{"probe", ""}, step{"put", "one"})[1].came(t, "put", nil)
			do.Interactive, do.Limit = c.interactive, c.limit
			do.run(t, env, step{"get", "one"})[0].came(t, "get", c.reason)
		})
	}
}

// Processes that store at the same time lose none of each other's entries.
func TestManyProcessesStoreAtOnce(t *testing.T) {
	t.Parallel()
	d := keyringtest.Start(t)
	do := task{State: t.TempDir()}
	var want []string
	var all []*exec.Cmd
	for p := range 4 {
		var steps []step
		for i := range 6 {
			id := fmt.Sprintf("p%d-%d", p, i)
			want = append(want, id)
			steps = append(steps, step{"put", id}, step{"put", id + "-gone"}, step{"delete", id + "-gone"})
		}
		all = append(all, do.command(t, d.Env(), steps...))
	}
	for _, cmd := range all {
		must(t, "start", cmd.Start())
	}
	for _, cmd := range all {
		must(t, "wait", cmd.Wait())
	}
	rows, err := keyring.New(keyring.Options{StateDir: do.State}).Stored()
	must(t, "read the index", err)
	var got []string
	for _, r := range rows {
		got = append(got, r.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the index has %q", got)
	}
	if got := d.Accounts(); !slices.Equal(got, want) {
		t.Errorf("the keyring has %q", got)
	}
}

// Who gives up waiting for the person takes the prompt away.
func TestInterruptedPromptIsTakenAway(t *testing.T) {
	i := keyringtest.Impersonate(t, keyringtest.Manners{LockItems: true, Reaction: keyringtest.Ignores})
	do := task{State: t.TempDir(), Interactive: true}
	do.run(t, i.Env(), step{"put", "one"})[0].came(t, "put", nil)
	got := do.run(t, i.Env(), step{"interrupted get", "one"}, step{"delete", "other"})
	if got[0].Kind != failure.Interrupted {
		t.Errorf("kind %q: %s", got[0].Kind, got[0].Message)
	}
	got[1].came(t, "what is done next", nil)
	if i.Dismissed() != 1 {
		t.Errorf("the prompt was taken away %d times", i.Dismissed())
	}
}

// The library finds the bus by itself. Should it find another one than we did,
// nothing is written to either.
func TestTwoBusesAreNotMixedUp(t *testing.T) {
	ours, theirs := keyringtest.Start(t), keyringtest.Start(t)
	do := task{Bus: strings.TrimPrefix(ours.Env()[0], "DBUS_SESSION_BUS_ADDRESS=")}
	do.run(t, theirs.Env(), step{"put", "one"})[0].came(t, "put", keyring.ErrNoBus)
	if got := append(ours.Accounts(), theirs.Accounts()...); len(got) != 0 {
		t.Errorf("written: %q", got)
	}
}

// Where there is no bus none is started for us.
func TestNoBusIsStarted(t *testing.T) {
	if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil {
		t.Skip("this user has a session bus")
	}
	folder := t.TempDir()
	script := "#!/bin/sh\ntouch " + folder + "/started\nexit 1\n"
	must(t, "write", os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte(script), 0o700))
	for _, address := range []string{"", "autolaunch:"} {
		env := []string{"DBUS_SESSION_BUS_ADDRESS=" + address, "PATH=" + folder + ":/usr/bin:/bin"}
		task{}.run(t, env, step{"get", "one"})[0].came(t, "get", keyring.ErrNoBus)
	}
	if _, err := os.Stat(filepath.Join(folder, "started")); err == nil {
		t.Error("dbus-launch was run")
	}
}

func TestInterruptedWhileTheBusIsSilent(t *testing.T) {
	env := keyringtest.Silent(t)
	k := keyring.New(keyring.Options{StateDir: t.TempDir(), Limit: time.Minute, Env: func(name string) (string, bool) {
		return strings.CutPrefix(env[0], name+"=")
	}})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	fails(t, k.Put(ctx, entry("one")), failure.Interrupted, context.Canceled)
}
