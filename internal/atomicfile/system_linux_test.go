package atomicfile_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/atomicfile"
)

// childVariable has the test binary do one thing to a path and nothing else.
const childVariable = "PAT_ATOMICFILE_TEST"

func TestMain(m *testing.M) {
	if what, is := os.LookupEnv(childVariable); is {
		if err := child(what, os.Getenv("TARGET")); err != nil {
			_, _ = os.Stdout.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(what, path string) error {
	switch what {
	case "write":
		return atomicfile.Write(path, []byte("sesame"), 0o600)
	case "reserve":
		_, err := atomicfile.Reserve(path, atomicfile.Options{Mode: 0o600})
		return err
	case "too long":
		return withLimitedFiles(path)
	case "for ever":
		for i := 0; ; i++ {
			if err := atomicfile.Write(path, version(i), 0o600); err != nil {
				return err
			}
			if i == 1 {
				_, _ = os.Stdout.WriteString("going\n")
			}
		}
	}
	return errors.New("no such thing: " + what)
}

// process is one that does something to a path.
func process(what, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+what, "TARGET="+path, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// version is the i-th contents of a file that is written for ever.
func version(i int) []byte { return []byte(strings.Repeat(string(rune('a'+i%2)), 100_000*(1+i%2))) }

func TestUmaskDoesNotMatter(t *testing.T) {
	for _, umask := range []int{0, 0o777} {
		folder := t.TempDir()
		old := syscall.Umask(umask)
		writeErr := atomicfile.Write(filepath.Join(folder, "a"), []byte("x"), 0o640)
		r, err := atomicfile.Reserve(filepath.Join(folder, "b"), atomicfile.Options{Mode: 0o640})
		var fillErr error
		if err == nil {
			fillErr = errors.Join(r.Fill([]byte("x")), r.Settle())
		}
		syscall.Umask(old)
		ok(t, "write and reserve", errors.Join(writeErr, err, fillErr))
		holds(t, filepath.Join(folder, "a"), "x", 0o640)
		holds(t, filepath.Join(folder, "b"), "x", 0o640)
	}
}

func TestReservationIsNobodyElsesToRead(t *testing.T) {
	folder := t.TempDir()
	r := reserve(t, filepath.Join(folder, "a"), atomicfile.Options{Mode: 0o600})
	defer func() { ok(t, "undo", r.Undo()) }()
	entries, err := os.ReadDir(folder)
	ok(t, "read", err)
	if len(entries) != 1 {
		t.Fatalf("the folder holds %v", entries)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode() != 0o600 || info.Size() == 0 {
		t.Errorf("the reservation has mode %v and no room: %v", info, err)
	}
}

func TestModeThatIsNotKeptIsNoticed(t *testing.T) {
	if !atomicfile.Keeps(0o600, 0o600) || atomicfile.Keeps(0o777, 0o600) || atomicfile.Keeps(0o640, 0o600) {
		t.Error("a wider mode counts as kept")
	}
}

// small is a file system with room for one page, or the test is skipped.
func small(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("none", folder, "tmpfs", 0, "size=8k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { ok(t, "unmount", syscall.Unmount(folder, syscall.MNT_DETACH)) })
	return folder
}

func TestFullDisk(t *testing.T) {
	folder := small(t)
	path := filepath.Join(folder, "token")
	put(t, path, "old", 0o600)
	r := reserve(t, path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	for what, err := range map[string]error{
		"fill":  r.Fill([]byte(strings.Repeat("x", 64<<10))),
		"write": atomicfile.Write(path, []byte("x"), 0o600),
	} {
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", what, err)
		}
	}
	ok(t, "undo", r.Undo())
	holds(t, path, "old", 0o600)
	only(t, folder, "token")
	put(t, filepath.Join(folder, "ballast"), strings.Repeat("x", 4096), 0o600)
	if _, err := atomicfile.Reserve(filepath.Join(folder, "other"), atomicfile.Options{Mode: 0o600}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("there seems to be room for a reservation: %v", err)
	}
	only(t, folder, "ballast", "token")
}

// Contents that fit into what was reserved have room although the disk is full
// by then.
func TestReservedRoomIsThere(t *testing.T) {
	folder := small(t)
	path := filepath.Join(folder, "token")
	r := reserve(t, path, atomicfile.Options{Mode: 0o600})
	ballast := make([]byte, 64<<10)
	if err := os.WriteFile(filepath.Join(folder, "ballast"), ballast, 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	ok(t, "fill", r.Fill([]byte("sesame")))
	ok(t, "settle", r.Settle())
	holds(t, path, "sesame", 0o600)
}

// withLimitedFiles writes more than a file may hold and cleans up.
func withLimitedFiles(path string) error {
	limit := syscall.Rlimit{Cur: 8 << 10, Max: 8 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	long := []byte(strings.Repeat("sesame", 10_000))
	if err := atomicfile.Write(path, long, 0o600); !errors.Is(err, syscall.EFBIG) {
		return errors.New("write: not too long")
	}
	r, err := atomicfile.Reserve(path, atomicfile.Options{Mode: 0o600, Overwrite: true})
	if err != nil {
		return err
	}
	if err := r.Fill(long); !errors.Is(err, syscall.EFBIG) || strings.Contains(err.Error(), "sesame") {
		return errors.New("fill: not too long")
	}
	return r.Undo()
}

func TestFileThatMayNotGrow(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "token")
	put(t, path, "old", 0o600)
	if out, err := process("too long", path).Output(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	holds(t, path, "old", 0o600)
	only(t, folder, "token")
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	for at := folder; at != "/" && os.Getuid() == 0; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && info.Mode().Perm()&0o001 == 0 {
			ok(t, "open the way", os.Chmod(at, info.Mode()|0o011))
			t.Cleanup(func() { _ = os.Chmod(at, info.Mode()) })
		}
	}
	ok(t, "close", os.Chmod(folder, 0o555))
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	for _, what := range []string{"write", "reserve"} {
		cmd := process(what, filepath.Join(folder, "token"))
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			cmd.Path = readable(t)
		}
		out, err := cmd.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !strings.Contains(string(out), fs.ErrPermission.Error()) {
			t.Errorf("%s: %v: %s", what, err, out)
		}
	}
	only(t, folder)
}

// readable is this test binary where everybody may run it.
func readable(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(os.Args[0])
	ok(t, "read the test binary", err)
	file, err := os.CreateTemp("/tmp", "pat-atomicfile-*")
	ok(t, "copy the test binary", err)
	t.Cleanup(func() { _ = os.Remove(file.Name()) })
	_, err = file.Write(data)
	ok(t, "copy the test binary", errors.Join(err, file.Chmod(0o755), file.Close()))
	return file.Name()
}

// A process that is killed while it writes leaves one version or the other.
func TestKilledWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	for range 5 {
		cmd := process("for ever", path)
		out, err := cmd.StdoutPipe()
		ok(t, "start", err)
		ok(t, "start", cmd.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		ok(t, "wait until it writes", err)
		ok(t, "kill", cmd.Process.Kill())
		_ = cmd.Wait()
		got, err := os.ReadFile(path)
		ok(t, "read", err)
		if s := string(got); s != string(version(0)) && s != string(version(1)) {
			t.Fatalf("%d bytes of neither version", len(got))
		}
	}
}
