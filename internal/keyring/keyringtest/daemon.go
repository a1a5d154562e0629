package keyringtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service on D-Bus.
const (
	secretsName = "org.freedesktop.secrets"
	secretsPath = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	noPath      = dbus.ObjectPath("/")
	ifaces      = "org.freedesktop.Secret."
)

// password is that of the private keyrings.
const password = "open sesame"

// startLimit is how long the daemon may take to be ready. It decides only
// when a test gives up.
const startLimit = 30 * time.Second

// Daemon is a real keyring daemon on a private bus, with one keyring of its
// own that starts empty and unlocked.
type Daemon struct {
	tb      TB
	address string
	conn    *dbus.Conn
}

// Start starts a daemon that lives as long as the test. The test is skipped
// where gnome-keyring-daemon or dbus-daemon is missing.
func Start(tb TB) *Daemon {
	program := need(tb, keyringDaemon)
	home := folder(tb)
	d := &Daemon{tb: tb, address: startBus(tb, home)}
	d.conn = dial(tb, d.address)
	d.run(program, home)
	return d
}

// run starts the daemon itself and waits until it can be used.
func (d *Daemon) run(program, home string) {
	cmd := exec.Command(program, "--foreground", "--unlock", "--components=secrets", "--control-directory="+filepath.Join(home, "control"))
	cmd.Stdin = strings.NewReader(password)
	cmd.Env = append(environment(d.address),
		"PATH="+os.Getenv("PATH"), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+home,
		"XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "LC_ALL=C")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	check(d.tb, "start gnome-keyring-daemon", cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	d.tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	if !d.ready(ended) {
		_ = cmd.Process.Kill()
		<-ended
		d.tb.Fatal("keyringtest: gnome-keyring-daemon is not ready: " + said.String())
	}
}

// ready waits until the daemon has its keyring, and says whether it has.
func (d *Daemon) ready(ended <-chan struct{}) bool {
	giveUp := time.After(startLimit)
	for {
		locked := true
		err := d.conn.Object(secretsName, loginPath).StoreProperty(ifaces+"Collection.Locked", &locked)
		if err == nil && !locked {
			return true
		}
		select {
		case <-ended:
			return false
		case <-giveUp:
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Env is the environment of processes that are to use this keyring.
func (d *Daemon) Env() []string { return environment(d.address) }

// Lock locks the keyring.
func (d *Daemon) Lock() {
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := d.service().Call(ifaces+"Service.Lock", 0, []dbus.ObjectPath{loginPath}).Store(&done, &prompt)
	check(d.tb, "lock", err)
	if !slices.Contains(done, loginPath) {
		d.tb.Fatal("keyringtest: the keyring was not locked")
	}
}

// Accounts are the accounts of the entries that pat has in the keyring,
// sorted.
func (d *Daemon) Accounts() []string {
	accounts := []string{}
	for _, item := range d.items(map[string]string{"service": "pat"}) {
		var attributes map[string]string
		check(d.tb, "look at an entry", d.conn.Object(secretsName, item).StoreProperty(ifaces+"Item.Attributes", &attributes))
		accounts = append(accounts, attributes["username"])
	}
	slices.Sort(accounts)
	return accounts
}

// Remove removes an entry of pat's behind its back. The keyring must be
// unlocked.
func (d *Daemon) Remove(account string) {
	items := d.items(map[string]string{"service": "pat", "username": account})
	if len(items) == 0 {
		d.tb.Fatal("keyringtest: there is no entry " + account)
	}
	for _, item := range items {
		check(d.tb, "remove an entry", d.conn.Object(secretsName, item).Call(ifaces+"Item.Delete", 0).Err)
	}
}

func (d *Daemon) service() dbus.BusObject { return d.conn.Object(secretsName, secretsPath) }

// items are the entries with these attributes.
func (d *Daemon) items(attributes map[string]string) []dbus.ObjectPath {
	var items []dbus.ObjectPath
	call := d.conn.Object(secretsName, loginPath).Call(ifaces+"Collection.SearchItems", 0, attributes)
	check(d.tb, "look for entries", call.Store(&items))
	return items
}
