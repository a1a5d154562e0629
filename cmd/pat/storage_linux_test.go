package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/datahub-pat/pat/internal/keyring/keyringtest"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestKeyringMatrix lets the keyring fail at every write, once or from then on.
func TestKeyringMatrix(t *testing.T) {
	type failing struct {
		errand
		at   int32
		once bool
	}
	var all []failing
	for _, j := range with(errands(), func(j errand) bool { return j.keyring }) {
		for at := range int32(3) { // the probe, the secret, and perhaps putting back
			all = append(all, failing{j, at + 1, true}, failing{j, at + 1, false})
		}
	}
	count := &tally{}
	atOnce(t, all, func(f failing) {
		var armed atomic.Bool
		var writes atomic.Int32
		bus := keyringtest.Impersonate(t, keyringtest.Manners{Keep: func(secret string) string {
			if !armed.Load() {
				return secret
			}
			if n := writes.Add(1); n == f.at || n > f.at && !f.once {
				return "spoiled"
			}
			return secret
		}}).Env()
		r := f.begin(t, fmt.Sprintf("with a keyring that spoils write %d (only that: %t)", f.at, f.once), mockhub.Options{}, bus)
		armed.Store(true)
		printed, code := r.pat("", r.arguments()...)
		armed.Store(false)
		recovered := r.recover()
		count.judge(r, printed, code, recovered)
	})
	count.print(t)
}

// onSmallDisk runs pat in its folder on a disk that has only so many free pages,
// and keeps what it left there. PAGES and the command follow.
const onSmallDisk = `set -e
real=$(mktemp -d); here=$PWD
mount --bind "$here" "$real"
mount -t tmpfs -o size=256k,nr_inodes=1000 tmpfs "$here"
cp -a "$real"/. "$here"/; cd "$here"
pages=$1; shift
dd if=/dev/zero of=.fill bs=4096 2>/dev/null || true
dd if=/dev/null of=.fill bs=4096 seek=$(($(stat -c %s .fill) / 4096 - pages)) 2>/dev/null
code=0; "$@" || code=$?
rm .fill; find "$real" -mindepth 1 -delete; cp -a "$here"/. "$real"/
exit $code`

// TestDiskMatrix lets the disk be full at every page that pat writes.
func TestDiskMatrix(t *testing.T) {
	enter := []string{"-m"}
	if os.Getuid() != 0 {
		enter = []string{"-Urm"}
	}
	unshare := func(more ...string) *exec.Cmd { return exec.Command("unshare", append(enter, more...)...) }
	if out, err := unshare("mount", "-t", "tmpfs", "tmpfs", t.TempDir()).CombinedOutput(); err != nil {
		t.Skip("no small disk can be mounted here: " + string(bytes.TrimSpace(out)) + " " + err.Error())
	}
	var bus []string
	if os.Getuid() == 0 { // in a namespace of users the keyring knows nobody
		bus = keyringtest.Unlocked(t)
	}
	type full struct {
		errand
		pages int
	}
	var all []full
	for _, j := range with(errands(), func(j errand) bool { return bus != nil || !j.keyring }) {
		for pages := range 9 {
			all = append(all, full{j, pages})
		}
	}
	count := &tally{}
	atOnce(t, all, func(f full) {
		r := f.begin(t, fmt.Sprintf("with %d pages left on the disk", f.pages), mockhub.Options{}, bus)
		pat := r.command("", r.arguments()...)
		cmd := unshare(append([]string{"sh", "-c", onSmallDisk, "sh", fmt.Sprint(f.pages), pathOf(t, "pat")}, pat.Args[1:]...)...)
		cmd.Dir, cmd.Env = pat.Dir, pat.Env
		printed, code := r.run(cmd)
		if strings.Contains(strings.Join(r.said, ""), "cannot mount") || filepathExists(r.folder, ".fill") {
			t.Errorf("%s: the disk was not made: %s", r.what, r.said)
		}
		recovered := r.recover()
		count.judge(r, printed, code, recovered)
	})
	count.print(t)
}

// pathOf is where a program is.
func pathOf(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func filepathExists(folder, name string) bool {
	_, err := os.Lstat(filepath.Join(folder, name))
	return err == nil
}
