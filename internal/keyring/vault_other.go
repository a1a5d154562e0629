//go:build darwin || windows

package keyring

import (
	"context"
	"runtime"
)

// AsksByItself reports whether the keyring may put a prompt in front of the
// person though [Options.Interactive] says that nobody is there: macOS asks for
// the password of a locked keychain.
func AsksByItself() bool { return runtime.GOOS == "darwin" }

// system is the keyring of the operating system.
type system struct {
	library
	interactive bool
	env         func(name string) (string, bool)
	asking      func(bool)
}

// Open does nothing: these systems have one keyring, always there, which asks
// for its password itself where it is locked.
func (*system) Open(context.Context, string) error { return nil }
