package keyring

import (
	"context"
	"errors"

	oskeyring "github.com/zalando/go-keyring"
)

// service is the name under which the keyring has pat's entries.
const service = "pat"

// vault is where secrets are. Only Open heeds a context: the other calls go
// through a library that knows none.
type vault interface {
	// Open makes sure that the entry of account can be read and written: it
	// tells what is missing, and has a person unlock what is locked.
	Open(ctx context.Context, account string) error
	// Get is the value of an entry, or ErrAbsent.
	Get(account string) (string, error)
	Set(account, value string) error
	// Remove is ErrAbsent if there is no such entry.
	Remove(account string) error
}

// library is the part of a vault that the library does.
type library struct{}

// Get reads an entry.
func (library) Get(account string) (string, error) {
	value, err := oskeyring.Get(service, account)
	return value, plain(err)
}

// Set makes or replaces an entry.
func (library) Set(account, value string) error {
	return plain(oskeyring.Set(service, account, value))
}

// Remove removes an entry.
func (library) Remove(account string) error {
	return plain(oskeyring.Delete(service, account))
}

// plain is the library's error in this package's terms.
func plain(err error) error {
	switch {
	case errors.Is(err, oskeyring.ErrNotFound):
		return ErrAbsent
	case errors.Is(err, oskeyring.ErrSetDataTooBig):
		return ErrTooBig
	}
	return err
}
