//go:build !darwin && !windows

package keyring

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

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
	conn, err := connect(ctx, s.env)
	if err == nil {
		defer conn.Close()
		err = s.unlockEntry(ctx, &secrets{conn}, account)
	}
	if err == nil && !s.known {
		err = sameBus(conn)
		s.known = err == nil
	}
	if ctx.Err() != nil {
		return ctx.Err() // whatever else failed, failed because of it
	}
	return err
}

// unlockEntry makes sure that neither the collection that the library uses nor
// the account's item in it is locked. Some keyrings lock items one by one.
func (s *system) unlockEntry(ctx context.Context, on *secrets, account string) error {
	collection, err := on.collection()
	if err != nil {
		return err
	}
	if err := s.unlock(ctx, on, collection, collectionIface); err != nil {
		return err
	}
	items, err := on.items(collection, account)
	for _, item := range items {
		if err := s.unlock(ctx, on, item, itemIface); err != nil {
			return err
		}
	}
	return err
}

// unlock has the person unlock a locked collection or item; without a person
// no prompt is shown.
func (s *system) unlock(ctx context.Context, on *secrets, path dbus.ObjectPath, iface string) error {
	isLocked, err := on.locked(path, iface)
	if err != nil || !isLocked {
		return err
	}
	if !s.interactive {
		return locked()
	}
	prompt, err := on.requestUnlock(path)
	if err != nil {
		return err
	}
	if prompt != noPath {
		if err := s.prompt(ctx, on.conn, prompt); err != nil {
			return err
		}
	}
	if isLocked, err = on.locked(path, iface); err == nil && isLocked {
		err = locked()
	}
	return err
}

// prompt shows a prompt of the keyring and waits for the person's answer.
func (s *system) prompt(ctx context.Context, conn *dbus.Conn, prompt dbus.ObjectPath) error {
	err := conn.AddMatchSignal(dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptIface))
	if err != nil {
		return misunderstood(err)
	}
	signals := make(chan *dbus.Signal, 8)
	conn.Signal(signals)
	s.asking(true) // until answered: who gives up waiting wants to know
	if err := conn.Object(secretsName, prompt).Call(promptIface+".Prompt", 0, "").Err; err != nil {
		return misunderstood(err)
	}
	for {
		select {
		case signal, open := <-signals:
			if !open {
				return noBus(dbus.ErrClosed)
			}
			if signal.Path == prompt && signal.Name == promptIface+".Completed" {
				s.asking(false)
				return answer(signal.Body)
			}
		case <-ctx.Done():
			return ctx.Err() // the keyring takes its prompt away when the connection ends
		}
	}
}

// answer is nil if a prompt was answered and not dismissed.
func answer(body []any) error {
	if len(body) > 0 && body[0] == false {
		return nil
	}
	return dismissed()
}

// secrets is the Secret Service of a bus.
type secrets struct{ conn *dbus.Conn }

func (o *secrets) at(path dbus.ObjectPath) dbus.BusObject { return o.conn.Object(secretsName, path) }

// collection is the one in which the library keeps entries: the one called
// login, else the default one.
func (o *secrets) collection() (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	if err := o.at(secretsPath).StoreProperty(serviceIface+".Collections", &all); err != nil {
		return "", misunderstood(err)
	}
	if slices.Contains(all, loginPath) {
		return loginPath, nil
	}
	var path dbus.ObjectPath
	if err := o.at(secretsPath).Call(serviceIface+".ReadAlias", 0, "default").Store(&path); err != nil {
		return "", misunderstood(err)
	}
	if path == noPath {
		return "", noCollection()
	}
	return path, nil
}

// items are the account's entries in a collection.
func (o *secrets) items(collection dbus.ObjectPath, account string) ([]dbus.ObjectPath, error) {
	var items []dbus.ObjectPath
	attributes := map[string]string{"service": service, "username": account}
	err := o.at(collection).Call(collectionIface+".SearchItems", 0, attributes).Store(&items)
	return items, misunderstood(err)
}

func (o *secrets) locked(path dbus.ObjectPath, iface string) (bool, error) {
	var is bool
	err := o.at(path).StoreProperty(iface+".Locked", &is)
	return is, misunderstood(err)
}

// requestUnlock asks to unlock and returns the prompt that this takes, or
// noPath.
func (o *secrets) requestUnlock(path dbus.ObjectPath) (prompt dbus.ObjectPath, err error) {
	var done []dbus.ObjectPath
	err = o.at(secretsPath).Call(serviceIface+".Unlock", 0, []dbus.ObjectPath{path}).Store(&done, &prompt)
	return prompt, misunderstood(err)
}

// misunderstood is a failed call in this package's terms; nil for nil.
func misunderstood(err error) error {
	var answered dbus.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &answered) && isAbsence(answered.Name):
		return noService()
	}
	return refused("to answer", err)
}

// isAbsence says whether an error of the bus means that nobody has the name
// and that nobody could be started for it.
func isAbsence(name string) bool {
	const prefix = "org.freedesktop.DBus.Error."
	return name == prefix+"ServiceUnknown" || name == prefix+"NameHasNoOwner" || strings.HasPrefix(name, prefix+"Spawn.")
}
