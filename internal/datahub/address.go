package datahub

import (
	"net"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/failure"
)

// EndpointKind is which of DataHub's two faces an address leads to.
type EndpointKind string

// The kinds of endpoint that an address can tell. Most addresses behind an
// ingress tell nothing: only GET <base>/config then does.
const (
	EndpointGMS      EndpointKind = "gms"      // the metadata service itself, port 8080 or a path ending in /gms
	EndpointFrontend EndpointKind = "frontend" // the web server, which passes API calls on: port 9002 or a path ending in /api/gms
	EndpointUnknown  EndpointKind = "unknown"  // the address does not tell
)

// Address is a DataHub server in canonical form, so that two spellings of one
// server are equal. The zero value is no server.
type Address struct {
	scheme   string // https, http, or mock
	host     string // lower-case, ASCII, with the port unless it is the scheme's own
	path     string // escaped, without a trailing slash; empty for the root
	mockUser string // with the scheme mock only
}

// mockScheme is the scheme of the embedded DataHub, mockUser its root user.
const (
	mockScheme = "mock"
	mockUser   = "datahub"
)

// addressHint is what to do about an address that is not understood.
const addressHint = "use an address like https://datahub.example.com, http://localhost:9002 or http://localhost:8080, or mock: to try pat without a server"

// ParseAddress reads the address of a DataHub server: GMS, the frontend, or
// either behind an ingress with a base path. It takes what people paste: no
// scheme (https, or http on loopback), a trailing slash, the API's own path, or
// the page where the web interface shows tokens. mock: and mock:USER are the
// embedded DataHub.
//
// Failures are of kind Usage and never repeat the address, which may hold a
// password.
func ParseAddress(raw string) (Address, error) {
	a, err := parseAny(raw)
	return a.onCloud(), err
}

// parseAny reads an address of either face.
func parseAny(raw string) (Address, error) {
	raw = strings.TrimSpace(raw)
	if err := checkAddressText(raw); err != nil {
		return Address{}, err
	}
	if user, ok := cutMock(raw); ok {
		return mockAddress(user)
	}
	u, err := splitAddress(raw)
	if err != nil {
		return Address{}, err
	}
	a := Address{scheme: u.Scheme, path: basePath(u.EscapedPath())}
	if a.host, err = canonicalHost(u); err != nil {
		return Address{}, err
	}
	return a.onCloudHost(), nil
}

// String is the canonical address: what to show, to store and to compare.
func (a Address) String() string {
	switch {
	case a == Address{}:
		return ""
	case a.IsMock() && a.mockUser == mockUser:
		return mockScheme + ":"
	case a.IsMock():
		return mockScheme + ":" + a.mockUser
	}
	return a.scheme + "://" + a.host + a.path
}

// MarshalText is [Address.String], for JSON and YAML.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// GraphQL is the URL that takes GraphQL requests. GMS and the frontend both
// have it under /api/graphql of the base. The embedded DataHub's has a host
// name that never resolves, so that it cannot leave the process by mistake.
func (a Address) GraphQL() string { return a.base() + "/api/graphql" }

// Config is the URL of the server's public description of itself.
func (a Address) Config() string { return a.base() + "/config" }

// base is the URL before the API's own paths.
func (a Address) base() string {
	if a.IsMock() {
		return "http://mock.invalid"
	}
	return a.String()
}

// Host is the host name with its port, without the port where it is the
// scheme's own. Empty for the embedded DataHub.
func (a Address) Host() string { return a.host }

// Kind is the kind of endpoint as far as the address tells; empty for the
// embedded DataHub.
func (a Address) Kind() EndpointKind {
	switch _, port, _ := net.SplitHostPort(a.host); {
	case a.IsMock() || a == Address{}:
		return ""
	case strings.HasSuffix(a.path, "/api/gms"):
		return EndpointFrontend
	case strings.HasSuffix(a.path, "/gms"), port == "8080":
		return EndpointGMS
	case port == "9002":
		return EndpointFrontend
	}
	return EndpointUnknown
}

// Insecure says that requests travel unencrypted to another machine.
func (a Address) Insecure() bool {
	return a.scheme == "http" && !isLoopback(hostName(a.host))
}

// SameServer says whether scheme, host, port and path are the same: only then
// may a credential of one be used for the other. The embedded DataHub is the
// same server whoever acts on it.
func (a Address) SameServer(b Address) bool {
	return a != Address{} && a.scheme == b.scheme && a.host == b.host && a.path == b.path
}

// encryptedAt is the same server over https, if that is where a redirect leads:
// what stands before a server sends so whoever leaves the s away.
func (a Address) encryptedAt(location string) (Address, bool) {
	to, err := url.Parse(location)
	if err != nil || a.scheme != "http" || to.Scheme != "https" || !strings.EqualFold(to.Hostname(), hostName(a.host)) {
		return Address{}, false
	}
	same, err := ParseAddress("https://" + to.Host + a.path)
	return same, err == nil
}

// IsMock says whether it is the embedded DataHub.
func (a Address) IsMock() bool { return a.scheme == mockScheme }

// MockUser is the username to act as on the embedded DataHub; empty for any
// other server.
func (a Address) MockUser() string { return a.mockUser }

// checkAddressText refuses what no address holds, before anything is parsed.
func checkAddressText(raw string) error {
	switch {
	case raw == "":
		return addressFailure("the server address is empty")
	case !utf8.ValidString(raw):
		return addressFailure("the server address is not valid UTF-8")
	case strings.ContainsFunc(raw, unicode.IsSpace):
		return addressFailure("a server address has no spaces in it")
	case strings.ContainsFunc(raw, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return addressFailure("the server address has control or invisible characters in it")
	case strings.Contains(raw, `\`):
		return addressFailure("a server address has no backslash in it")
	case strings.ContainsAny(raw, "?#"):
		return addressFailure("a server address ends before any “?” or “#”")
	}
	return nil
}

// cutMock is the user part of an address of the embedded DataHub.
func cutMock(raw string) (user string, ok bool) {
	scheme, user, found := strings.Cut(raw, ":")
	return user, found && strings.EqualFold(scheme, mockScheme)
}

// mockAddress is the embedded DataHub, with user acting.
func mockAddress(user string) (Address, error) {
	if user == "" {
		user = mockUser
	}
	u, err := ParseUser(user)
	if err != nil || strings.Contains(user, "/") {
		return Address{}, failure.New(failure.Usage, "mock: is followed by a username or by nothing").
			WithHint("use mock: for the root user, or mock:jdoe")
	}
	return Address{scheme: mockScheme, mockUser: u.Username()}, nil
}

// splitAddress takes the address apart, with the scheme filled in.
func splitAddress(raw string) (*url.URL, error) {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		for _, s := range []string{"http:", "https:"} {
			if len(raw) >= len(s) && strings.EqualFold(raw[:len(s)], s) {
				return nil, addressFailure("the scheme of a server address is followed by “//”")
			}
		}
		scheme, rest = "https", raw
	}
	u, err := url.Parse("https://" + rest)
	if err != nil {
		return nil, addressFailure("the server address cannot be read as a URL")
	}
	if u.User != nil || strings.Contains(u.Host, "@") {
		return nil, addressFailure("a server address holds no username or password")
	}
	if !found && isLoopback(u.Hostname()) {
		scheme = "http"
	}
	if u.Scheme = strings.ToLower(scheme); u.Scheme != "http" && u.Scheme != "https" {
		return nil, addressFailure("a server address starts with http:// or https://")
	}
	return u, nil
}

// pastedPaths are ends of addresses that people copy from a browser or a
// script, and that are no part of the server's base.
var pastedPaths = []string{"/api/v2/graphql", "/api/graphql", "/api/graphiql", "/graphiql", "/graphql", "/settings/tokens", "/login"}

// basePath is the path below which the server's own paths start, clean.
func basePath(escaped string) string {
	p := cleanPath(escaped)
	for _, end := range pastedPaths {
		if base, found := strings.CutSuffix(p, end); found {
			return basePath(base)
		}
	}
	return p
}

// cleanPath is p without dot segments and repeated or trailing slashes.
func cleanPath(p string) string {
	return strings.TrimSuffix(path.Clean("/"+p), "/")
}

// onCloud applies what holds for DataHub Cloud's tenants, as DataHub's own
// client does: the API is under /gms where no path is given. An explicit
// /api/gms is kept: some tenants serve only that.
func (a Address) onCloud() Address {
	if a.isCloud() && a.path == "" {
		a.path = "/gms"
	}
	return a
}

// onCloudHost is the same for what comes before the path: always https, no port
// 8080.
func (a Address) onCloudHost() Address {
	if !a.isCloud() {
		return a
	}
	a.scheme = "https"
	if u := (&url.URL{Host: a.host}); u.Port() == "8080" || u.Port() == "443" {
		a.host = u.Hostname()
	}
	return a
}

func (a Address) isCloud() bool {
	name := hostName(a.host)
	return name == "acryl.io" || strings.HasSuffix(name, ".acryl.io")
}

// addressFailure is wrong usage, with how addresses look.
func addressFailure(message string) *failure.Error {
	return failure.New(failure.Usage, "%s", message).WithHint("%s", addressHint)
}
