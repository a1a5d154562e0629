package datahub

import (
	"bufio"
	"bytes"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// canonicalHost is the host in the form in which it is looked up, with the port
// unless it is the scheme's own.
func canonicalHost(u *url.URL) (string, error) {
	name, err := canonicalName(u.Hostname())
	if err != nil {
		return "", err
	}
	if u.Port() == "" && !strings.HasSuffix(u.Host, ":") {
		return name, nil
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || port == 0 {
		return "", addressFailure("the port of a server address is a number from 1 to 65535")
	}
	if port == map[string]uint64{"http": 80, "https": 443}[u.Scheme] {
		return name, nil
	}
	return name + ":" + strconv.FormatUint(port, 10), nil
}

// canonicalName is a host name as it stands in a URL: in lower case and ASCII,
// an IPv6 address in brackets.
func canonicalName(name string) (string, error) {
	if strings.Contains(name, ":") {
		ip, err := netip.ParseAddr(name)
		if err != nil || strings.ContainsFunc(ip.Zone(), func(r rune) bool { return !isHostRune(r) }) {
			return "", addressFailure("the server address has no valid IPv6 address between its brackets")
		}
		return "[" + strings.ReplaceAll(ip.String(), "%", "%25") + "]", nil
	}
	name, err := asciiName(strings.ToLower(name))
	if err != nil || !isHostName(name) {
		return "", addressFailure("the server address has no valid host name")
	}
	return name, nil
}

// asciiName is an international host name as it goes over the wire. net/http
// holds the only tables for that, and shows what it makes of a name in the Host
// line of a request.
func asciiName(name string) (string, error) {
	if !strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		return name, nil
	}
	var wire bytes.Buffer
	r := &http.Request{Method: http.MethodGet, Host: name, URL: &url.URL{Scheme: "http", Host: name}}
	if err := r.Write(&wire); err != nil {
		return "", err
	}
	sent, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		return "", err
	}
	return sent.Host, nil
}

// isHostName says whether name can be one: labels of letters, digits, hyphens
// and, as on many internal networks, underscores.
func isHostName(name string) bool {
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, func(r rune) bool { return !isHostRune(r) }) {
			return false
		}
	}
	return len(name) <= 253
}

func isHostRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// hostName is the host without port and brackets.
func hostName(host string) string {
	return (&url.URL{Host: host}).Hostname()
}

// isLoopback says whether a host is this machine by its name alone.
func isLoopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}
