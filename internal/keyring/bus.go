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

// connect is a connection to the session bus that ends with ctx. It never
// starts a bus.
func connect(ctx context.Context, env func(string) (string, bool)) (*dbus.Conn, error) {
	address := busAddress(env)
	if address == "" {
		return nil, noBus(nil)
	}
	conn, err := dbus.Dial(address, dbus.WithContext(ctx))
	if err != nil {
		return nil, noBus(err)
	}
	if err := greet(conn); err != nil {
		_ = conn.Close()
		return nil, noBus(err)
	}
	return conn, nil
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

// sameBus makes sure that the library, which finds the bus by itself, finds the
// one of conn. Otherwise what was learnt there would not hold for the library.
func sameBus(conn *dbus.Conn) error {
	other, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(conn.Context()))
	if err != nil {
		return noBus(err)
	}
	defer other.Close()
	if err := greet(other); err != nil {
		return noBus(err)
	}
	ours, theirs := busID(conn), busID(other)
	if ours == "" || ours != theirs {
		return noBus(errors.New("the process was started with another bus than " + busVariable + " says"))
	}
	return nil
}

// busID is what tells one bus from another.
func busID(conn *dbus.Conn) (id string) {
	if conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Store(&id) != nil {
		return ""
	}
	return id
}
