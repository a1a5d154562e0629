package journal_test

import (
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/journal"
)

// room lets files grow to so many bytes, as a full disk would.
func room(t *testing.T, bytes uint64) {
	t.Helper()
	var limit syscall.Rlimit
	check(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	limit.Cur = min(bytes, limit.Max)
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
}

// A line that the disk cuts off does not spoil the next, and a delivery that
// cannot be noted does not stay behind as one that came to no end.
func TestFullDisk(t *testing.T) {
	folder := os.Getenv("FULL_FOLDER")
	if folder == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$") // the limit is its own
		child.Env = append(os.Environ(), "FULL_FOLDER="+t.TempDir())
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	j := journal.In(folder)
	size := func(mark string) uint64 {
		info, err := os.Stat(filepath.Join(folder, mark+".op"))
		check(t, err)
		return uint64(info.Size())
	}
	o := begin(t, j, "A")
	room(t, size("A")+20)
	if err := o.Issued("id", "hash", now, time.Time{}); err == nil {
		t.Error("there was room")
	}
	room(t, math.MaxInt64)
	check(t, o.Handed())
	check(t, o.Leave())
	if got := open(t, j, now); got != "A:handed" {
		t.Errorf("%s", got)
	}
	o = begin(t, j, "B")
	check(t, o.Issued("id", "hash", now, time.Time{}))
	room(t, size("B")+20)
	if err := o.Delivered(now); err == nil {
		t.Error("there was room")
	}
	room(t, math.MaxInt64)
	if got := open(t, j, now); got != "A:handed" {
		t.Errorf("%s", got)
	}
	room(t, 20)
	if _, err := j.Begin(journal.Record{Mark: "C"}); err == nil {
		t.Error("there was room")
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "C*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	room(t, math.MaxInt64)
}
