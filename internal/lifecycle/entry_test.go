package lifecycle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

// states has the journal looked at as it is at each step, by what a kill there
// would leave.
func states(t *testing.T, b *bench, folder string) *[]string {
	t.Helper()
	var seen []string
	b.issuance.Journal, b.issuance.Operation = journal.In(folder), "create"
	b.issuance.Step = func(step string) {
		files, err := filepath.Glob(filepath.Join(folder, "*.op"))
		check(t, err)
		state := "nothing"
		for _, name := range files {
			data, err := os.ReadFile(name)
			check(t, err)
			lines := strings.Split(strings.TrimSpace(string(data)), "\n")
			_, state, _ = strings.Cut(lines[len(lines)-1], `"state":"`)
			state, _, _ = strings.Cut(state, `"`)
		}
		seen = append(seen, step+":"+state)
	}
	return &seen
}

func TestStepsAreWrittenDown(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	b := newBench(t)
	seen := states(t, b, folder)
	if _, err := b.issue(t.Context(), t); err != nil {
		t.Fatal(err)
	}
	want := "reserved:nothing intended:intended created:intended issued:issued proven:issued " +
		"filled 1:issued filled 2:issued handed:handed settled:handed delivered:delivered"
	if got := strings.Join(*seen, " "); got != want {
		t.Errorf("%s", got)
	}
}

// What failed and was settled is forgotten; what may have left a token stays.
func TestEntryAfterFailures(t *testing.T) {
	for _, c := range []struct {
		name, fault, fail string
		open              journal.State
	}{
		{name: "refused", fault: "createAccessToken:error=403"},
		{name: "lost, found and revoked", fault: "createAccessToken:reset-after"},
		{name: "lost and not found", fault: "createAccessToken:reset-before", open: journal.Intended},
		{name: "undelivered, revoked", fail: "deliver"},
		{name: "undelivered, not revoked", fault: "revokeAccessToken:error=403,times=always", fail: "deliver", open: journal.Issued},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			if c.fault != "" {
				b = newBench(t, c.fault)
			}
			folder := filepath.Join(t.TempDir(), "journal")
			states(t, b, folder)
			b.places[1].fail = c.fail
			_, err := b.issue(t.Context(), t)
			if err == nil {
				t.Fatal("nothing failed")
			}
			open, err := journal.In(folder).Open(time.Now())
			check(t, err)
			if c.open == "" && len(open) > 0 || c.open != "" && (len(open) != 1 || open[0].State != c.open) {
				t.Errorf("open: %+v", open)
			}
		})
	}
}

// named is a place under another name.
type named struct {
	*place
	name string
}

func (n named) String() string { return n.name }

// A journal that cannot be written stops what could not be found again.
func TestJournalThatCannotBeWritten(t *testing.T) {
	for _, c := range []struct {
		places []string
		goesOn bool
	}{
		{[]string{"stdout"}, true},
		{[]string{"file:a", "stdout"}, true},
		{[]string{"keyring"}, false},
		{[]string{"datahubenv"}, false},
		{[]string{"exec:cat"}, false},
		{[]string{"file:a", "exec:cat"}, false},
	} {
		b := newBench(t)
		file := filepath.Join(t.TempDir(), "file")
		check(t, os.WriteFile(file, nil, 0o600))
		b.issuance.Journal = journal.In(file)
		b.issuance.Destinations = nil
		for _, name := range c.places {
			b.issuance.Destinations = append(b.issuance.Destinations, named{&place{name: name, log: &b.log}, name})
		}
		_, err := b.issue(t.Context(), t)
		if (err == nil) != c.goesOn || c.goesOn != strings.Contains(strings.Join(b.notices, " "), "going on without") {
			t.Errorf("%v: %v, noticed %q", c.places, err, b.notices)
		}
		if !c.goesOn && (failure.KindOf(err) != failure.Undelivered || b.left(t) != 0 || !strings.Contains(err.Error(), "no token was issued")) {
			t.Errorf("%v: %v", c.places, err)
		}
	}
}

// Files are written down by a path that holds in every folder.
func TestPlacesAreWrittenDown(t *testing.T) {
	t.Chdir(t.TempDir())
	folder, err := os.Getwd()
	check(t, err)
	b := newBench(t)
	b.issuance.Journal = journal.In(filepath.Join(folder, "journal"))
	const takes = "exec:echo taken" // by sh and by cmd.exe
	places, err := delivery.Parse([]string{"file:a.token", takes}, delivery.Options{})
	check(t, err)
	b.issuance.Destinations = places
	looked := 0
	b.issuance.Step = func(step string) {
		if step != "issued" {
			return
		}
		data, err := filepath.Glob(filepath.Join(folder, "journal", "*.op"))
		check(t, err)
		text, err := os.ReadFile(data[0])
		check(t, err)
		inJSON := strings.NewReplacer(`\`, `\\`).Replace
		for _, want := range []string{`"name":"file:` + inJSON(filepath.Join(folder, "a.token")) + `"`, `"draft":"` + inJSON(filepath.Join(folder, ".pat-")), `"name":"` + takes + `"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s is not in %s", want, text)
			}
		}
		looked++
		if strings.Contains(string(text), "eyJ") {
			t.Error("the journal holds a secret")
		}
	}
	if _, err := b.issue(t.Context(), t); err != nil || looked != 1 {
		t.Errorf("%v, looked at %d times", err, looked)
	}
}
