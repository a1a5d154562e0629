//go:build !darwin && !windows

package keyring

import "errors"

func noBus(cause error) error {
	f := because(ErrNoBus, "log in to a desktop session, start a bus with a keyring in it (dbus-run-session), or "+elsewhere)
	if cause != nil {
		f.Server, f.Err = cause.Error(), errors.Join(ErrNoBus, cause)
	}
	return f
}

func noService() error {
	return because(ErrNoService, "start a keyring (GNOME Keyring, KWallet, KeePassXC), or "+elsewhere)
}

func noCollection() error {
	return because(ErrNoCollection, "create a default keyring in your desktop's password application, or "+elsewhere)
}

func locked() error {
	return because(ErrLocked, "unlock it in your desktop's password application, or "+elsewhere)
}

func dismissed() error {
	return because(ErrDismissed, "try again and answer the prompt, or "+elsewhere)
}
