package keyringtest

import (
	"fmt"
	"sync"

	"github.com/godbus/dbus/v5"
)

// Manners are how a made-up Secret Service behaves. The zero value behaves
// well, and keeps what it is given in memory.
type Manners struct {
	Keep        func(secret string) string // what is kept of a secret; nil: all of it
	KeepNothing bool                       // acknowledges writes and keeps nothing
	KeepRemoved bool                       // acknowledges removals and removes nothing
	LockItems   bool                       // an entry is locked for all connections but the one that made it
	NoDefault   bool                       // there is no collection at all
	Gibberish   bool                       // answers with values of the wrong type
	Reaction    Reaction                   // what happens to prompts: Answers, Dismisses or Ignores
}

// Impostor is a made-up Secret Service on a bus of its own.
type Impostor struct{ *impostor }

// Env is the environment of processes that are to use this service.
func (i Impostor) Env() []string { return environment(i.address) }

// Dismissed is how often a prompt was taken away by who asked for it.
func (i Impostor) Dismissed() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.dismissed
}

// Impersonate starts a made-up Secret Service.
func Impersonate(tb TB, m Manners) Impostor {
	address := startBus(tb, folder(tb))
	s := &impostor{address: address, conn: dial(tb, address), manners: m, items: map[dbus.ObjectPath]*item{}}
	check(tb, "serve", s.export(secretsPath, map[string]any{"Service": serviceEnd{s}, "Collection": collectionEnd{s}}))
	check(tb, "serve", s.export(loginPath, map[string]any{"Collection": collectionEnd{s}}))
	check(tb, "serve", s.export(aliasPath, map[string]any{"Collection": collectionEnd{s}}))
	check(tb, "serve", s.export(sessionPath, map[string]any{"Session": sessionEnd{}}))
	own(tb, s.conn, secretsName)
	return Impostor{s}
}

const (
	aliasPath   = dbus.ObjectPath("/org/freedesktop/secrets/aliases/default")
	sessionPath = dbus.ObjectPath("/org/freedesktop/secrets/session/s1")
)

// secret is a secret as it is on the wire.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// item is one entry of an impostor.
type item struct {
	account string
	value   string
	open    map[dbus.Sender]bool // for whom it is not locked
}

type impostor struct {
	address string
	conn    *dbus.Conn
	manners Manners

	mu        sync.Mutex
	made      int
	dismissed int
	items     map[dbus.ObjectPath]*item
}

// export serves ends, by their interfaces, and properties at path.
func (s *impostor) export(path dbus.ObjectPath, ends map[string]any) error {
	for name, end := range ends {
		if err := s.conn.Export(end, path, ifaces+name); err != nil {
			return err
		}
	}
	return s.conn.Export(propertiesEnd{s, path}, path, "org.freedesktop.DBus.Properties")
}

// lockedFor says whether what is at path is locked for somebody.
func (s *impostor) lockedFor(sender dbus.Sender, path dbus.ObjectPath) bool {
	i := s.items[path]
	return i != nil && s.manners.LockItems && !i.open[sender]
}

// propertiesEnd answers for the properties of what is at path.
type propertiesEnd struct {
	*impostor
	path dbus.ObjectPath
}

// Get is a property.
func (e propertiesEnd) Get(sender dbus.Sender, _, name string) (dbus.Variant, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.manners.Gibberish:
		return dbus.MakeVariant("gibberish"), nil
	case name == "Collections" && e.manners.NoDefault:
		return dbus.MakeVariant([]dbus.ObjectPath{}), nil
	case name == "Collections":
		return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), nil
	case name == "Locked":
		return dbus.MakeVariant(e.lockedFor(sender, e.path)), nil
	}
	return dbus.Variant{}, dbus.MakeFailedError(fmt.Errorf("no property %s", name))
}

// serviceEnd is the service itself.
type serviceEnd struct{ *impostor }

// OpenSession opens a session without encryption.
func (serviceEnd) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), sessionPath, nil
}

// ReadAlias is the collection of an alias.
func (e serviceEnd) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	if e.manners.NoDefault {
		return noPath, nil
	}
	return loginPath, nil
}

// Unlock unlocks what is not locked, and otherwise answers with a prompt.
func (e serviceEnd) Unlock(sender dbus.Sender, paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, path := range paths {
		if e.lockedFor(sender, path) {
			return nil, e.prompt(sender, path), nil
		}
	}
	return paths, noPath, nil
}

// sessionEnd is a session.
type sessionEnd struct{}

// Close ends the session.
func (sessionEnd) Close() *dbus.Error { return nil }
