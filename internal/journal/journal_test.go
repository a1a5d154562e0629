package journal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func begin(t *testing.T, j *journal.Journal, mark string) *journal.Operation {
	t.Helper()
	o, err := j.Begin(journal.Record{Mark: mark, Operation: "create", Name: "ci", StartedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func open(t *testing.T, j *journal.Journal, at time.Time) string {
	t.Helper()
	records, err := j.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	var marks []string
	for _, r := range records {
		marks = append(marks, r.Mark+":"+string(r.State))
	}
	return strings.Join(marks, " ")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOperationsAreSeenWhenNobodyHoldsThem(t *testing.T) {
	folder := t.TempDir()
	j := journal.In(filepath.Join(folder, "journal"))
	if got := open(t, j, now); got != "" {
		t.Errorf("in an empty journal: %s", got)
	}
	o := begin(t, j, "A")
	if got := open(t, j, now); got != "" {
		t.Errorf("while it is held: %s", got)
	}
	check(t, o.Issued("id", "hash", now, now.Add(time.Hour)))
	check(t, o.Leave())
	if got := open(t, j, now); got != "A:issued" {
		t.Errorf("after it was left: %s", got)
	}
	taken, err := j.Take("A")
	check(t, err)
	if r := taken.Record(); r.ID != "id" || r.SecretSHA256 != "hash" || r.Name != "ci" || !r.ExpiresAt.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v", r)
	}
	if again, err := j.Take("A"); again != nil || err != nil {
		t.Errorf("taken twice: %v, %v", again, err)
	}
	check(t, taken.Forget())
	if files, _ := os.ReadDir(filepath.Join(folder, "journal")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	if none, err := j.Take("A"); none != nil || err != nil {
		t.Errorf("after it was forgotten: %v, %v", none, err)
	}
}

func TestWhatWasDeliveredIsRememberedForAWhile(t *testing.T) {
	j := journal.In(t.TempDir())
	o := begin(t, j, "A")
	check(t, o.Issued("id", "hash", now, time.Time{}))
	check(t, o.Delivered(now))
	if got := open(t, j, now.Add(30*time.Second)); got != "A:delivered" {
		t.Errorf("soon after: %s", got)
	}
	if got := open(t, j, now.Add(2*time.Minute)); got != "" {
		t.Errorf("later: %s", got)
	}
	if got := open(t, j, now.Add(30*time.Second)); got != "" {
		t.Errorf("it came back: %s", got)
	}
}

func TestTokenThatIsGoneIsForgotten(t *testing.T) {
	j := journal.In(t.TempDir())
	for _, mark := range []string{"A", "B"} {
		o := begin(t, j, mark)
		check(t, o.Issued("id of "+mark, "hash", now, time.Time{}))
		check(t, o.Delivered(now))
	}
	open1 := begin(t, j, "C")
	check(t, open1.Issued("id of A", "hash", now, time.Time{}))
	check(t, open1.Leave())
	check(t, j.Forget(now, func(r journal.Record) bool { return r.ID == "id of A" && r.State == journal.Delivered }))
	if got := open(t, j, now); got != "B:delivered C:issued" {
		t.Errorf("%s", got)
	}
}

// A kill may cut a line off, or come before the first is whole.
func TestLinesThatAreCutOff(t *testing.T) {
	folder := t.TempDir()
	j := journal.In(folder)
	o := begin(t, j, "A")
	check(t, o.Leave())
	path := filepath.Join(folder, "A.op")
	whole, err := os.ReadFile(path)
	check(t, err)
	for cut := range len(whole) * 2 {
		text := append(append([]byte{}, whole...), whole...)[:cut]
		check(t, os.WriteFile(path, text, 0o600))
		got, want := open(t, j, now), ""
		if cut >= len(whole) {
			want = "A:intended"
		}
		if got != want {
			t.Fatalf("cut after %d of %d bytes: %q, want %q", cut, len(whole), got, want)
		}
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	if _, err := journal.In(file).Begin(journal.Record{Mark: "A"}); failure.KindOf(err) != failure.Undelivered {
		t.Errorf("%v", err)
	}
}

// The lock goes with the process, however it ends.
func TestKilledProcessHoldsNothing(t *testing.T) {
	folder := os.Getenv("JOURNAL_FOLDER")
	if folder != "" {
		held := begin(t, journal.In(folder), "A")
		os.Stdout.WriteString("begun\n")
		for {
			time.Sleep(time.Hour)
			runtime.KeepAlive(held) // what is collected lets go of its lock
		}
	}
	folder = t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledProcessHoldsNothing$")
	child.Env = append(os.Environ(), "JOURNAL_FOLDER="+folder)
	out, err := child.StdoutPipe()
	check(t, err)
	check(t, child.Start())
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	if got := open(t, journal.In(folder), now); got != "" {
		t.Errorf("while it lives: %s", got)
	}
	check(t, child.Process.Kill())
	child.Wait()
	if got := open(t, journal.In(folder), now); got != "A:intended" {
		t.Errorf("after its death: %s", got)
	}
}
