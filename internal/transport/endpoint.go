package transport

import (
	"net/url"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// errAddress does not repeat the address, which may hold a password.
var errAddress = failure.New(failure.Usage, "the address is not one of a web server")

// parseEndpoint reads the URL that requests go to.
func parseEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || defaultPort(u.Scheme) == "" {
		return nil, errAddress
	}
	if u.User != nil {
		return nil, failure.New(failure.Usage, "the address must not hold a user name or password")
	}
	return u, nil
}

// sameOrigin reports whether two URLs have scheme, host and port in common.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string { return orElse(u.Port(), defaultPort(u.Scheme)) }

// defaultPort is the port of a scheme; empty for one that is not HTTP's.
func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// plain is a URL without user, query and fragment, fit to be shown.
func plain(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
