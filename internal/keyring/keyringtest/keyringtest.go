// Package keyringtest gives tests a system keyring of their own: a real one on
// a private D-Bus, and all the ways in which a keyring can fail. Nothing of it
// reaches the keyring of whoever runs the tests. Only tests may import it.
//
// Each constructor returns the environment, as NAME=VALUE, for the processes
// that are to use that keyring. What connects to the bus must be in a process
// of its own: the library keeps one connection per process.
package keyringtest

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// TB is what is needed of a test. A *testing.T is one; for a testscript see
// [Script].
type TB interface {
	Skip(args ...any)
	Fatal(args ...any)
	Cleanup(func())
}

// Script makes a TB of a testscript's environment:
//
//	keyringtest.Script{T: env.T(), Defer: env.Defer}
type Script struct {
	T interface {
		Skip(args ...any)
		Fatal(args ...any)
	}
	Defer func(func())
}

// Skip ends the script as skipped.
func (s Script) Skip(args ...any) { s.T.Skip(args...) }

// Fatal ends the script as failed.
func (s Script) Fatal(args ...any) { s.T.Fatal(args...) }

// Cleanup has f called when the script has ended.
func (s Script) Cleanup(f func()) { s.Defer(f) }

// NoBus is an environment in which there is no bus.
func NoBus(tb TB) []string {
	onlyOnDBus(tb)
	return environment("unix:path=/nonexistent/pat/bus")
}

// Unlocked is the environment of a real keyring, empty and unlocked.
func Unlocked(tb TB) []string { return Start(tb).Env() }

// Locked is the environment of a real keyring that is locked. Its prompt, if
// somebody asks for it, is dismissed.
func Locked(tb TB) []string {
	d := Start(tb)
	d.Lock()
	return d.Env()
}

// environment has a process use the bus at address, and no other.
func environment(address string) []string {
	return []string{"DBUS_SESSION_BUS_ADDRESS=" + address, "DBUS_STARTER_ADDRESS="}
}

// What a real keyring takes, of Debian's packages dbus-daemon and gnome-keyring.
const (
	busDaemon     = "dbus-daemon"
	keyringDaemon = "gnome-keyring-daemon"
)

// Lacking is why this machine has no real keyring for tests; empty where it has.
func Lacking() string {
	for _, program := range []string{busDaemon, keyringDaemon} {
		if _, why := find(program); why != "" {
			return why
		}
	}
	return ""
}

// find is where a program is, or why it is not to be used.
func find(program string) (path, why string) {
	if why := notOnDBus(); why != "" {
		return "", why
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", "no " + program + " on this machine: " + err.Error()
	}
	return path, ""
}

// need skips the test where a program is missing.
func need(tb TB, program string) string {
	path, why := find(program)
	if why != "" {
		tb.Skip(why)
	}
	return path
}

// onlyOnDBus skips the test where the keyring is the system's own, and can be
// neither replaced nor taken away.
func onlyOnDBus(tb TB) {
	if why := notOnDBus(); why != "" {
		tb.Skip(why)
	}
}

func notOnDBus() string {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return "the keyring of " + runtime.GOOS + " is not on D-Bus"
	}
	return ""
}

// folder is a new folder whose path is short enough for a socket's.
func folder(tb TB) string {
	path, err := os.MkdirTemp("/tmp", "pat-keyring-")
	check(tb, "make a folder", err)
	tb.Cleanup(func() { _ = os.RemoveAll(path) })
	return path
}

// check ends the test if err is one.
func check(tb TB, what string, err error) {
	if err != nil {
		tb.Fatal(strings.Join([]string{"keyringtest", what, err.Error()}, ": "))
	}
}
