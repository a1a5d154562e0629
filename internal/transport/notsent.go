package transport

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// notSent says why a request did not get to the server.
func (c *call) notSent(f *Fault, err error) {
	f.Reason, f.Stage, f.Passing = NotSent, c.proof.reached(), true
	host := c.out.URL.Hostname()
	switch {
	case c.unproxied(f, err), unresolved(f, err), c.proof.untrusted(f, host, err):
	default:
		c.unconnected(f, err)
	}
	f.Detail = c.t.clean(f.Detail)
}

// unconnected says why there was no connection, or none that lasted.
func (c *call) unconnected(f *Fault, err error) {
	limit, late := c.timeUp()
	var timeout net.Error
	switch {
	case streamRefused(err):
		f.Detail = "the server did not look at the request, being busy or about to stop"
	case late:
		f.Detail = "no connection " + limit
	case errors.Is(err, errConnRefused):
		f.Detail = "connection refused"
	case errors.Is(err, errNoRoute), errors.Is(err, errNoNetwork):
		f.Detail = "no route to it"
	case errors.As(err, &timeout) && timeout.Timeout():
		f.Detail = fmt.Sprintf("no connection within %s", dialTimeout)
	case f.Stage == TLS:
		f.Detail = "the connection broke while encryption was agreed on: " + lostHow(err)
	default:
		f.Detail = "the connection broke before the request was sent: " + lostHow(err)
	}
}

// unresolved reports whether the name of the server, or of the proxy, was not
// found, and says so.
func unresolved(f *Fault, err error) bool {
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		return false
	}
	f.Stage = Lookup
	switch {
	case dns.IsNotFound:
		f.Passing, f.Detail = false, fmt.Sprintf("there is no host named %s", dns.Name)
	case dns.IsTimeout:
		f.Detail = fmt.Sprintf("looking up the name %s took too long", dns.Name)
	default:
		f.Detail = fmt.Sprintf("the name %s cannot be looked up: %s", dns.Name, dns.Err)
	}
	return true
}

// unproxied reports whether it was the proxy that let nothing through, and says
// so.
func (c *call) unproxied(f *Fault, err error) bool {
	var refused *proxyRefusal
	var op *net.OpError
	switch {
	case errors.Is(err, errProxySetting):
		f.Stage, f.Passing, f.Detail = Proxy, false, errProxySetting.Error()
	case errors.As(err, &refused):
		c.refusedByProxy(f, refused.status)
	case errors.As(err, &op) && op.Op == "proxyconnect":
		if !unresolved(f, op.Err) && !c.proof.untrusted(f, "the proxy", op.Err) {
			c.unconnected(f, op.Err)
		}
		f.Stage, f.Detail = Proxy, "the proxy cannot be reached: "+f.Detail
	case errors.As(err, &op) && op.Op == "socks connect":
		f.Stage, f.Detail = Proxy, "the proxy does not connect: "+op.Err.Error()
	default:
		return false
	}
	return true
}

// refusedByProxy is a proxy's refusal to pass the request on.
func (c *call) refusedByProxy(f *Fault, status int) {
	f.Reason, f.Stage, f.Sent, f.Status = NotSent, Proxy, false, status
	f.Passing = false
	switch status {
	case http.StatusProxyAuthRequired:
		f.Detail = "the proxy wants credentials (HTTP 407)"
		return
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		f.Passing = true
	}
	f.Detail = "the proxy does not connect: " + statusText(status)
}

// proxyRefusal is another answer to CONNECT than 200.
type proxyRefusal struct{ status int }

// Error is the refusal in short.
func (p *proxyRefusal) Error() string { return "proxy: " + statusText(p.status) }

// errProxySetting stands for an error that may repeat the proxy's password.
var errProxySetting = errors.New("the proxy set for it has no valid address")

// silently is a proxy function whose errors do not repeat the setting.
func silently(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	if proxy == nil {
		return nil
	}
	return func(request *http.Request) (*url.URL, error) {
		through, err := proxy(request)
		if err != nil {
			return nil, errProxySetting
		}
		return through, nil
	}
}

// proxied reports whether a request goes through a proxy that reads it, as one
// does for plain HTTP.
func (t *Transport) proxied(request *http.Request) bool {
	if t.proxy == nil || t.blind || request.URL.Scheme != "http" {
		return false
	}
	through, err := t.proxy(request)
	return err == nil && through != nil
}

// harmless is err, or in its place its text without secrets, if it holds any:
// a malformed answer is repeated in the error about it.
func (t *Transport) harmless(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if text := err.Error(); t.WithoutSecrets(text) != text {
		return errors.New(t.clean(text))
	}
	return err
}
