package delivery_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/delivery"
)

func TestFullDiskIsNoticedWhileReserving(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("none", folder, "tmpfs", 0, "size=4k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { ok(t, "unmount", syscall.Unmount(folder, syscall.MNT_DETACH)) })
	ballast := strings.Repeat("x", 4096)
	ok(t, "fill the disk", os.WriteFile(filepath.Join(folder, "ballast"), []byte(ballast), 0o600))
	d := one(t, "file:"+filepath.Join(folder, "a"), delivery.Options{})
	refused(t, d.Reserve(t.Context()), "no space left", "make room")
	ok(t, "undo", d.Undo(t.Context()))
	holds(t, folder, "ballast", ballast)
}

func TestFolderThatNobodyMayWrite(t *testing.T) {
	d := one(t, "file:/sys/kernel/a", delivery.Options{})
	refused(t, d.Reserve(t.Context()), "/sys/kernel cannot be written")
}

func TestDevicesAndPipesAreNoFiles(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "pipe")
	ok(t, "make a pipe", syscall.Mkfifo(fifo, 0o600))
	for _, path := range []string{"/dev/null", "/dev/full", fifo} {
		for _, overwrite := range []bool{false, true} {
			d := one(t, "file:"+path, delivery.Options{Overwrite: overwrite})
			refused(t, d.Reserve(t.Context()), "not a regular file", "--to stdout")
		}
	}
}
