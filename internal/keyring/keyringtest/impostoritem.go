package keyringtest

import (
	"fmt"

	"github.com/godbus/dbus/v5"
)

// collectionEnd is the impostor's only collection.
type collectionEnd struct{ *impostor }

// SearchItems are the entries of an account.
func (e collectionEnd) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	found := []dbus.ObjectPath{}
	for path, i := range e.items {
		if i.account == attributes["username"] {
			found = append(found, path)
		}
	}
	return found, nil
}

// CreateItem keeps an entry, or what its manners make of it.
func (e collectionEnd) CreateItem(sender dbus.Sender, properties map[string]dbus.Variant, s secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var attributes map[string]string
	if err := properties[ifaces+"Item.Attributes"].Store(&attributes); err != nil {
		return "", "", dbus.MakeFailedError(err)
	}
	e.made++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%d", loginPath, e.made))
	if e.manners.KeepNothing {
		return path, noPath, nil
	}
	for old, i := range e.items {
		if i.account == attributes["username"] {
			path = old
		}
	}
	value := string(s.Value)
	if e.manners.Keep != nil {
		value = e.manners.Keep(value)
	}
	e.items[path] = &item{account: attributes["username"], value: value, open: map[dbus.Sender]bool{sender: true}}
	if err := e.export(path, map[string]any{"Item": itemEnd{e.impostor, path}}); err != nil {
		return "", "", dbus.MakeFailedError(err)
	}
	return path, noPath, nil
}

// itemEnd is an entry.
type itemEnd struct {
	*impostor
	path dbus.ObjectPath
}

// GetSecret is the entry's secret.
func (e itemEnd) GetSecret(sender dbus.Sender, session dbus.ObjectPath) (secret, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.items[e.path]
	if i == nil || e.lockedFor(sender, e.path) {
		return secret{}, dbus.NewError(ifaces+"Error.IsLocked", nil)
	}
	return secret{Session: session, Value: []byte(i.value), ContentType: "text/plain"}, nil
}

// Delete removes the entry.
func (e itemEnd) Delete() (dbus.ObjectPath, *dbus.Error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.manners.KeepRemoved {
		delete(e.items, e.path)
	}
	return noPath, nil
}

// prompt is a prompt about an entry that is locked for somebody.
func (s *impostor) prompt(sender dbus.Sender, path dbus.ObjectPath) dbus.ObjectPath {
	s.made++
	prompt := dbus.ObjectPath(fmt.Sprintf("%s/prompt/p%d", secretsPath, s.made))
	end := promptEnd{s, prompt, sender, path}
	if err := s.export(prompt, map[string]any{"Prompt": end}); err != nil {
		return noPath
	}
	return prompt
}

// promptEnd is a prompt that its person reacts to as soon as it is shown.
type promptEnd struct {
	*impostor
	path   dbus.ObjectPath
	sender dbus.Sender
	about  dbus.ObjectPath
}

// Prompt shows the prompt.
func (e promptEnd) Prompt(string) *dbus.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.manners.Reaction == Ignores {
		return nil
	}
	answered := e.manners.Reaction == Answers
	unlocked := []dbus.ObjectPath{}
	if answered {
		e.items[e.about].open[e.sender] = true
		unlocked = append(unlocked, e.about)
	}
	err := e.conn.Emit(e.path, ifaces+"Prompt.Completed", !answered, dbus.MakeVariant(unlocked))
	if err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

// Dismiss takes the prompt away.
func (e promptEnd) Dismiss() *dbus.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dismissed++
	return nil
}
