package keyringtest

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// config is that of a bus which starts no services by itself.
const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// untilClosed runs the bus for as long as its standard input is open, which is
// as long as the tests live, however they end.
const untilClosed = `"$@" <&- & pid=$!; cat >&2; kill $pid; wait`

// Bus is the environment of a bus on which nobody keeps secrets.
func Bus(tb TB) []string { return environment(startBus(tb, folder(tb))) }

// startBus starts a bus and returns its address.
func startBus(tb TB, folder string) string {
	daemon := need(tb, busDaemon)
	file := filepath.Join(folder, "bus.conf")
	text := strings.ReplaceAll(config, "SOCKET", filepath.Join(folder, "bus"))
	check(tb, "configure the bus", os.WriteFile(file, []byte(text), 0o600))
	cmd := exec.Command("sh", "-c", untilClosed, "sh", daemon, "--nofork", "--config-file="+file, "--print-address")
	alive, err := cmd.StdinPipe()
	check(tb, "start the bus", err)
	out, err := cmd.StdoutPipe()
	check(tb, "start the bus", err)
	check(tb, "start the bus", cmd.Start())
	tb.Cleanup(func() {
		_ = alive.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	check(tb, "start the bus", err)
	return strings.TrimSpace(line)
}

// dial is a connection to a bus for the test's own use.
func dial(tb TB, address string) *dbus.Conn {
	conn, err := dbus.Connect(address)
	check(tb, "connect to the bus", err)
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Silent is the environment of a bus that accepts connections and never says
// a word.
func Silent(tb TB) []string {
	if need(tb, "sh") == "" {
		return nil
	}
	path := filepath.Join(folder(tb), "bus")
	listener, err := net.Listen("unix", path)
	check(tb, "listen", err)
	hold(tb, listener)
	return environment("unix:path=" + path)
}

// hold accepts connections and keeps them open until the test ends.
func hold(tb TB, listener net.Listener) {
	var held []net.Conn
	var done sync.WaitGroup
	done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			held = append(held, conn)
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		done.Wait()
		for _, conn := range held {
			_ = conn.Close()
		}
	})
}

// SilentService is the environment of a bus on which somebody has the name of
// the Secret Service and answers no call.
func SilentService(tb TB) []string {
	address := startBus(tb, folder(tb))
	conn := dial(tb, address)
	own(tb, conn, secretsName)
	conn.Eavesdrop(make(chan *dbus.Message, 1)) // what arrives is not handled
	return environment(address)
}

// own takes a name on the bus.
func own(tb TB, conn *dbus.Conn, name string) {
	reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue)
	check(tb, "take the name "+name, err)
	if reply != dbus.RequestNameReplyPrimaryOwner {
		tb.Fatal("keyringtest: somebody has the name " + name + " already")
	}
}
