package datahub

import (
	"fmt"
	"net/http"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// explainFault words what happened on the way to the server and back.
func (c *Client) explainFault(doing string, fault *transport.Fault) error {
	out := &failure.Error{Kind: failure.Unavailable, Server: fault.Words, Err: fault}
	host := c.address.String()
	switch fault.Reason {
	case transport.Canceled:
		out.Kind, out.Message = failure.Interrupted, doing+": interrupted"
	case transport.NotSent:
		out.Message = fmt.Sprintf("%s: cannot reach %s: %s", doing, host, fault.Detail)
		out.Hint = "check the address, the network and, behind a proxy, HTTPS_PROXY and NO_PROXY"
	case transport.Timeout:
		out.Message = fmt.Sprintf("%s: %s did not answer in time", doing, host)
		out.Hint = "give one request longer with --timeout"
	case transport.Redirect:
		out.Message = fmt.Sprintf("%s: %s redirects to %s, as an SSO proxy does", doing, host, fault.Location)
		out.Hint = "pat follows no redirect with a token in hand: use an address that reaches DataHub's API itself, such as the GMS address"
		if same, ok := c.address.encryptedAt(fault.Location); ok {
			out.Message = fmt.Sprintf("%s: %s wants to be asked over https", doing, host)
			out.Hint = "pat follows no redirect with a token in hand: use the address " + same.String()
		}
	case transport.HTML:
		out.Message = fmt.Sprintf("%s: %s answered with a web page, not with DataHub's API", doing, host)
		out.Hint = "use the address of GMS (http://HOST:8080), or of the web interface without a path (http://HOST:9002)"
	case transport.NotGraphQL:
		out.Message = fmt.Sprintf("%s: what answers at %s is not DataHub's GraphQL API", doing, c.address.GraphQL())
		out.Hint = "check the address: GMS is usually http://HOST:8080, behind the web interface http://HOST:9002/api/gms"
	case transport.TooLarge:
		out.Message = fmt.Sprintf("%s: the answer of %s is larger than pat reads", doing, host)
	case transport.Status:
		c.explainStatus(doing, fault, out)
	default:
		out.Message = fmt.Sprintf("%s: the connection to %s broke off: %s", doing, host, fault.Detail)
		out.Hint = "try again"
	}
	return out
}

// explainStatus words an HTTP status other than 200.
func (c *Client) explainStatus(doing string, fault *transport.Fault, out *failure.Error) {
	out.Message = fmt.Sprintf("%s: %s answered HTTP %d %s", doing, c.address.String(), fault.Status, http.StatusText(fault.Status))
	switch fault.Status {
	case http.StatusUnauthorized:
		c.explainUnauthorized(doing, out)
	case http.StatusForbidden:
		// Releases 0.15 to 1.1 answer so for suspended and removed users.
		out.Kind = failure.Unauthenticated
		out.Hint = "the user of this token may be suspended or removed, or a proxy in between refuses"
	case http.StatusProxyAuthRequired:
		out.Hint = "the proxy wants credentials: set them in HTTPS_PROXY"
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusBadRequest:
		out.Hint = "check the address: GMS is usually http://HOST:8080, behind the web interface http://HOST:9002/api/gms"
	default:
		out.Hint = "try again later"
	}
}

// explainUnauthorized words a 401, which says nothing of its reason.
func (c *Client) explainUnauthorized(doing string, out *failure.Error) {
	out.Kind = failure.Unauthenticated
	if text, expired := c.expiredAgo(c.now()); expired {
		out.Message = doing + ": " + text
		out.Hint = "get a new one with `pat login`, or on the web interface under Settings > Access Tokens"
		return
	}
	switch {
	case c.session:
		out.Message = fmt.Sprintf("%s: %s signed you in, and does not accept the session that it gave", doing, c.address.String())
		out.Hint = "several web interfaces behind one address may not know each other's sessions; paste a token instead"
	case c.anonymous():
		out.Message = fmt.Sprintf("%s: %s wants a token, and none is configured for it", doing, c.address.String())
		out.Hint = "sign in with `pat login`, or set DATAHUB_GMS_TOKEN beside DATAHUB_GMS_URL, or give --token-file FILE"
	case c.actingAs != "":
		out.Message = fmt.Sprintf("%s: %s checks tokens, so --as is of no use there", doing, c.address.String())
		out.Hint = "give a token instead, in DATAHUB_GMS_TOKEN or with --token-file"
	default:
		out.Message = doing + ": the server does not accept this token"
		out.Hint = "it may be revoked, of another DataHub, or of a removed or suspended user; " +
			"after the server's signing key changed no earlier token works"
	}
}
