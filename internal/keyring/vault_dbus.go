//go:build !darwin && !windows

package keyring

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// AsksByItself reports whether the keyring may put a prompt in front of the
// person though [Options.Interactive] says that nobody is there.
func AsksByItself() bool { return false }

// system is the keyring of the operating system.
type system struct {
	library
	interactive bool
	env         func(name string) (string, bool)
	asking      func(bool) // told when the keyring's own prompt is shown and answered
	conn        *dbus.Conn // the library's connection; nil before it is known to be the right one
}

// The names of the freedesktop.org Secret Service on D-Bus.
const (
	secretsName     = "org.freedesktop.secrets"
	secretsPath     = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath       = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	noPath          = dbus.ObjectPath("/")
	serviceIface    = "org.freedesktop.Secret.Service"
	collectionIface = "org.freedesktop.Secret.Collection"
	itemIface       = "org.freedesktop.Secret.Item"
	promptIface     = "org.freedesktop.Secret.Prompt"
)

// Open finds out what is there before the library is let at it: that would
// start a bus of its own, wait for ever, or put a prompt in front of nobody.
func (s *system) Open(ctx context.Context, account string) error {
	err := s.connect(ctx)
	if err == nil {
		err = s.unlockEntry(ctx, secrets{s.conn}, account)
	}
	if ctx.Err() != nil {
		return ctx.Err() // whatever else failed, failed because of it
	}
	return err
}

// unlockEntry makes sure that neither the collection that the library uses nor
// the account's item in it is locked. Some keyrings lock items one by one.
func (s *system) unlockEntry(ctx context.Context, on secrets, account string) error {
	collection, err := on.collection(ctx)
	if err != nil {
		return err
	}
	if err := s.unlock(ctx, on, collection, collectionIface); err != nil {
		return err
	}
	items, err := on.items(ctx, collection, account)
	for _, item := range items {
		if err := s.unlock(ctx, on, item, itemIface); err != nil {
			return err
		}
	}
	return err
}

// unlock has the person unlock a locked collection or item; without a person
// no prompt is shown.
func (s *system) unlock(ctx context.Context, on secrets, path dbus.ObjectPath, iface string) error {
	isLocked, err := on.locked(ctx, path, iface)
	if err != nil || !isLocked {
		return err
	}
	if !s.interactive {
		return locked()
	}
	prompt, err := on.requestUnlock(ctx, path)
	if err == nil && prompt != noPath {
		err = s.ask(ctx, on, prompt)
	}
	if err != nil {
		return err
	}
	if isLocked, err = on.locked(ctx, path, iface); err == nil && isLocked {
		err = locked()
	}
	return err
}

// ask shows a prompt and waits for its answer. If ctx ends before, the prompt
// is taken away, but it stays known that the person was asked: whoever gave up
// waiting wants to tell.
func (s *system) ask(ctx context.Context, on secrets, prompt dbus.ObjectPath) error {
	s.asking(true)
	err := on.prompt(ctx, prompt)
	if ctx.Err() != nil {
		on.dismiss(prompt)
		return ctx.Err()
	}
	s.asking(false)
	return err
}
