package doctor

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
	"github.com/datahub-pat/pat/internal/transport"
)

// road is the way to the server, up to where a request is sent.
type road struct {
	pair     session.Pair
	way      transport.Options
	through  *url.URL // the proxy; nil for none
	left     *trail
	failedAt Check // that failed; empty where the whole way is open
	err      error
}

// checks are those of the way, in its order.
var roadChecks = []Check{Proxy, DNS, TCP, TLS}

// newRoad is the way that a request took which ended with err.
func newRoad(pair session.Pair, way transport.Options, left *trail, err error) road {
	r := road{pair: pair, way: way, left: left, err: err, failedAt: failingCheck(pair, err)}
	if way.Proxy != nil {
		request := &http.Request{Method: http.MethodGet, Header: http.Header{}}
		if request.URL, err = url.Parse(pair.Server.Config()); err == nil {
			r.through, _ = way.Proxy(request)
		}
	}
	return r
}

// failingCheck is the check that a request failed at.
func failingCheck(pair session.Pair, err error) Check {
	fault := faultOf(err)
	switch {
	case err == nil:
		return ""
	case fault == nil && pair.TLS != (session.TLS{}):
		return TLS // a file that cannot be used
	case fault == nil || fault.Reason != transport.NotSent:
		return Endpoint
	}
	switch fault.Stage {
	case transport.Lookup:
		return DNS
	case transport.Connect:
		return TCP
	case transport.Proxy:
		return Proxy
	case transport.TLS:
		return TLS
	}
	return Endpoint
}

// walk notes how each part of the way is, and tells which failed.
func (e *examination) walk(r road) Check {
	for i, check := range roadChecks {
		switch {
		case r.way.Base != nil:
			e.note(check, skip("the embedded DataHub is within pat itself"))
		case check == r.failedAt:
			e.note(check, r.blocked())
			e.noteAll(skipAfter(check), roadChecks[i+1:]...)
			return check
		default:
			e.note(check, e.passed(r, check))
		}
	}
	return r.failedAt
}

// passed is a part of the way that is open.
func (e *examination) passed(r road, check Check) Finding {
	looked, addresses, connected, secured := r.left.at()
	switch check {
	case Proxy:
		return r.proxy()
	case DNS:
		switch {
		case r.through != nil:
			return skip("the proxy looks up the name")
		case looked == "":
			return skip("the address has no name to look up")
		}
		return fine(addresses, "%s is %s", looked, addresses)
	case TCP:
		if r.through != nil {
			return fine(connected, "connected to the proxy at %s", connected)
		}
		return fine(connected, "connected to %s", connected)
	}
	return e.encryption(r, secured)
}

// proxy says through which proxy the way leads. Its password is not shown.
func (r road) proxy() Finding {
	if r.through == nil {
		return skip("none is set for this server")
	}
	shown := (&url.URL{Scheme: r.through.Scheme, Host: r.through.Host}).String()
	return fine(shown, "through %s, as %s says", shown, r.proxyVariable())
}

func (r road) proxyVariable() string {
	if strings.HasPrefix(r.pair.Server.String(), "https://") {
		return "HTTPS_PROXY"
	}
	return "HTTP_PROXY"
}

// blocked is the part of the way that failed.
func (r road) blocked() Finding {
	fault := faultOf(r.err)
	if fault == nil {
		return failed(r.err)
	}
	advice := ""
	switch r.failedAt {
	case Proxy:
		advice = "check " + r.proxyVariable() + ", and put the server into NO_PROXY if it is reached without a proxy"
	case DNS:
		advice = "check the spelling of the address; is a VPN needed, or a proxy (" + r.proxyVariable() + ")?"
	case TCP:
		advice = "is DataHub running there, and the port right? GMS usually has 8080, the web interface 9002; a firewall or a missing VPN may be in between"
		if fault.Detail == "connection refused" {
			advice = "nothing listens there: is DataHub running, and the port right? GMS usually has 8080, the web interface 9002"
		}
	case TLS:
		advice = tlsAdvice(r.err)
	}
	return trouble(failure.Unavailable, fault.Detail, advice)
}
