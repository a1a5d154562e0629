package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// stranger is something that is no DataHub, or does not get so far as to be one.
func (e *examination) stranger(ctx context.Context, v *visit, pair session.Pair) Finding {
	v.kind = datahub.EndpointUnknown
	f := trouble(failure.Unavailable, "no DataHub: "+v.said.Answer, addresses)
	f.Value = string(v.kind)
	switch status := v.said.Status; {
	case v.said.Encrypted != datahub.Address{}:
		f.Advice = "the server wants to be asked over https: use the address " + v.said.Encrypted.String()
		return f
	case status == http.StatusTooManyRequests || status >= 500:
		f.Found = "no answer of a DataHub, but of what stands before it, or of one in trouble: " + v.said.Answer
		f.Advice = "is DataHub running, and has it finished starting? try again later; the log of GMS, or of the proxy in front of it, says more"
		return f
	case strings.HasPrefix(v.said.Answer, "a redirect"):
		f.Advice = "something wants a person to sign in, as an SSO proxy does: use an address that reaches DataHub's API itself, such as that of GMS"
	case status == http.StatusBadRequest && strings.HasPrefix(pair.Server.String(), "http://"):
		f.Advice = "if the server speaks TLS, the address must begin with https; else " + addresses
	}
	f.Advice = orElse(e.besides(ctx, pair), f.Advice)
	return f
}

// besides is where there is a DataHub beside an address that is none; empty where
// there is none in sight.
func (e *examination) besides(ctx context.Context, pair session.Pair) string {
	ctx, cancel := context.WithTimeout(ctx, e.Limit)
	defer cancel()
	for _, there := range nearby(pair.Server) {
		if said, ok := e.described(ctx, there, pair); ok {
			return fmt.Sprintf("there is a DataHub at %s (%s): use that address", there, said.Kind)
		}
	}
	return ""
}

// nearby are addresses at which a DataHub may be instead: below the usual path of
// an ingress, and at the root.
func nearby(server datahub.Address) []datahub.Address {
	var there []datahub.Address
	for _, raw := range []string{server.String() + "/gms", rootOf(server)} {
		if address, err := datahub.ParseAddress(raw); err == nil && address != server {
			there = append(there, address)
		}
	}
	return there
}

func rootOf(server datahub.Address) string {
	scheme, _, _ := strings.Cut(server.String(), "://")
	return scheme + "://" + server.Host()
}
