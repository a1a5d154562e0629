//go:build !darwin && !windows

package keyring

import (
	"context"
	"errors"
	"os"
	"strconv"

	"github.com/godbus/dbus/v5"
)

// busVariable names the session bus in the environment.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// connect sets s.conn, the connection that the library uses: a keyring may
// unlock an item for one connection only. Before, a connection of our own, which
// ends with ctx, finds out whether there is a bus and whether it speaks.
func (s *system) connect(ctx context.Context) error {
	if s.conn != nil && s.conn.Connected() {
		return nil
	}
	address := busAddress(s.env)
	if address == "" {
		return noBus(nil)
	}
	scout, err := dbus.Dial(address, dbus.WithContext(ctx))
	if err != nil {
		return noBus(err)
	}
	defer scout.Close()
	if err := greet(scout); err != nil {
		return noBus(err)
	}
	s.conn, err = shared(scout)
	return err
}

// greet does what a new connection must do first.
func greet(conn *dbus.Conn) error {
	if err := conn.Auth(nil); err != nil {
		return err
	}
	return conn.Hello()
}

// busAddress is where the session bus is, by the rules that the library's own
// connection follows: what the environment says, else the socket in the user's
// run-time folder. Empty if there is none.
func busAddress(env func(string) (string, bool)) string {
	if address, _ := env(busVariable); address != "" && address != "autolaunch:" {
		return address
	}
	socket := "/run/user/" + strconv.Itoa(os.Getuid()) + "/bus"
	if _, err := os.Stat(socket); err != nil {
		return ""
	}
	return "unix:path=" + socket
}

// shared is the library's connection, which the library makes by itself. It
// must be to the bus of scout, or what was learnt there would not hold for it,
// and it must not start a bus.
func shared(scout *dbus.Conn) (*dbus.Conn, error) {
	there, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, noBus(err)
	}
	_ = there.Close()
	conn, err := dbus.SessionBus()
	if err != nil {
		return nil, noBus(err)
	}
	if ours := busID(scout); ours == "" || ours != busID(conn) {
		return nil, noBus(errors.New("the process was started with another bus than " + busVariable + " says"))
	}
	return conn, nil
}

// busID is what tells one bus from another.
func busID(conn *dbus.Conn) (id string) {
	if conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Store(&id) != nil {
		return ""
	}
	return id
}
