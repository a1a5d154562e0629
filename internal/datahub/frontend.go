package datahub

import (
	"net"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// ParseFrontend reads the address of the web interface, which is where a
// password goes. It takes what [ParseAddress] takes, but no mock:, and adds no
// path.
func ParseFrontend(raw string) (Address, error) {
	a, err := parseAny(raw)
	if err == nil && a.IsMock() {
		return Address{}, failure.New(failure.Usage, "the embedded DataHub has no web interface inside pat").
			WithHint("`pat mock serve` serves one on a local port")
	}
	return a, err
}

// gmsPort is GMS's own port, frontendPort the web interface's.
const (
	gmsPort      = "8080"
	frontendPort = "9002"
)

// GuessFrontend is where the web interface of the DataHub at this address
// usually is: above /api/gms or /gms, else, for GMS's port 8080, at port 9002,
// else at the address itself. It is a guess: nobody named that place. The
// embedded DataHub and the zero value have none.
func (a Address) GuessFrontend() Address {
	if a.IsMock() {
		return Address{}
	}
	if base, found := strings.CutSuffix(a.path, "/api/gms"); found {
		a.path = base
		return a
	}
	a.path = strings.TrimSuffix(a.path, "/gms")
	if name, port, err := net.SplitHostPort(a.host); err == nil && port == gmsPort {
		a.host = net.JoinHostPort(name, frontendPort)
	}
	return a
}

// SameHost says whether the host name is the same, whatever the scheme, the
// port and the path are.
func (a Address) SameHost(b Address) bool {
	return a.host != "" && hostName(a.host) == hostName(b.host)
}

// LogIn is the URL of the web interface at this address that takes a password.
func (a Address) LogIn() string { return a.base() + "/logIn" }

// TokensPage is the page of the web interface at this address on which people
// make tokens.
func (a Address) TokensPage() string { return a.base() + "/settings/tokens" }

// IsLoopback says whether the host is this machine by its name alone.
func (a Address) IsLoopback() bool { return isLoopback(hostName(a.host)) }
