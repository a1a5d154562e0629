//go:build !darwin && !windows

package keyring

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// secrets is the Secret Service of a bus. Its errors are in this package's
// terms.
type secrets struct{ conn *dbus.Conn }

func (o secrets) call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return o.conn.Object(secretsName, path).CallWithContext(ctx, method, 0, args...)
}

// property reads a property into value, which points to one of its type.
func (o secrets) property(ctx context.Context, path dbus.ObjectPath, iface, name string, value any) error {
	var got dbus.Variant
	err := o.call(ctx, path, "org.freedesktop.DBus.Properties.Get", iface, name).Store(&got)
	if err == nil {
		err = got.Store(value)
	}
	return misunderstood(err)
}

// collection is the one in which the library keeps entries: the one called
// login, else the default one.
func (o secrets) collection(ctx context.Context) (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	if err := o.property(ctx, secretsPath, serviceIface, "Collections", &all); err != nil {
		return "", err
	}
	if slices.Contains(all, loginPath) {
		return loginPath, nil
	}
	var path dbus.ObjectPath
	if err := o.call(ctx, secretsPath, serviceIface+".ReadAlias", "default").Store(&path); err != nil {
		return "", misunderstood(err)
	}
	if path == noPath {
		return "", noCollection()
	}
	return path, nil
}

// items are the account's entries in a collection.
func (o secrets) items(ctx context.Context, collection dbus.ObjectPath, account string) ([]dbus.ObjectPath, error) {
	var items []dbus.ObjectPath
	attributes := map[string]string{"service": service, "username": account}
	err := o.call(ctx, collection, collectionIface+".SearchItems", attributes).Store(&items)
	return items, misunderstood(err)
}

// locked says whether a collection or an item is locked.
func (o secrets) locked(ctx context.Context, path dbus.ObjectPath, iface string) (is bool, err error) {
	err = o.property(ctx, path, iface, "Locked", &is)
	return is, err
}

// requestUnlock asks to unlock and returns the prompt that this takes, or
// noPath.
func (o secrets) requestUnlock(ctx context.Context, path dbus.ObjectPath) (prompt dbus.ObjectPath, err error) {
	var done []dbus.ObjectPath
	err = o.call(ctx, secretsPath, serviceIface+".Unlock", []dbus.ObjectPath{path}).Store(&done, &prompt)
	return prompt, misunderstood(err)
}

// prompt shows a prompt of the keyring and waits for the person's answer.
func (o secrets) prompt(ctx context.Context, prompt dbus.ObjectPath) error {
	match := []dbus.MatchOption{dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptIface)}
	if err := o.conn.AddMatchSignalContext(ctx, match...); err != nil {
		return misunderstood(err)
	}
	signals := make(chan *dbus.Signal, 8)
	o.conn.Signal(signals)
	defer o.stopListening(signals, match)
	if err := o.call(ctx, prompt, promptIface+".Prompt", "").Err; err != nil {
		return misunderstood(err)
	}
	for {
		select {
		case signal, open := <-signals:
			if !open {
				return noBus(dbus.ErrClosed)
			}
			if signal.Path == prompt && signal.Name == promptIface+".Completed" {
				return answer(signal.Body)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// dismiss takes a prompt away.
func (o secrets) dismiss(prompt dbus.ObjectPath) {
	o.conn.Object(secretsName, prompt).Go(promptIface+".Dismiss", dbus.FlagNoReplyExpected, nil)
}

// stopListening keeps later signals from the library, which would take any of
// them for an answer.
func (o secrets) stopListening(signals chan *dbus.Signal, match []dbus.MatchOption) {
	_ = o.conn.RemoveMatchSignal(match...)
	o.conn.RemoveSignal(signals)
}

// answer is nil if a prompt was answered and not dismissed.
func answer(body []any) error {
	if len(body) > 0 && body[0] == false {
		return nil
	}
	return dismissed()
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
