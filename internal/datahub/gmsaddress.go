package datahub

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// GMS is the address as programs take it that speak to GMS itself, such as
// DataHub's Python client, as far as the address tells. Where it does not, known
// is false: see [Client.GMSAddress].
func (a Address) GMS() (gms Address, known bool) {
	if a.Kind() == EndpointGMS || strings.HasSuffix(a.path, frontendGMS) {
		return a, true
	}
	return Address{}, false
}

// The paths below which GMS may be found: where the frontend passes requests
// on, and where an ingress usually does.
const (
	frontendGMS = "/api/gms"
	ingressGMS  = "/gms"
)

// GMSAddress is the client's server as programs take it that speak to GMS
// itself: they look for noCode in its /config, which a frontend's own lacks
// (config_utils, rest_emitter). It asks the server only where the address does
// not tell: a frontend has GMS below /api/gms, DataHub Cloud below /gms.
func (c *Client) GMSAddress(ctx context.Context) (Address, error) {
	if gms, known := c.address.GMS(); known {
		return gms, nil
	}
	var redirect error
	for _, candidate := range c.address.whereGMSMayBe() {
		is, err := c.isGMS(ctx, candidate)
		if is {
			return candidate, nil
		}
		if fault := faultOf(err); fault != nil && fault.Reason == transport.Redirect {
			redirect = err
			continue
		}
		if err != nil {
			return Address{}, c.explain(doingGMS, err)
		}
	}
	if redirect != nil {
		return Address{}, c.explain(doingGMS, redirect)
	}
	return Address{}, failure.New(failure.Unavailable, "%s: neither %s nor what is below its /api/gms and /gms answers as DataHub's GMS does", doingGMS, c.address).
		WithHint("use the address of GMS itself: usually http://HOST:8080, or behind the web interface http://HOST:9002/api/gms")
}

const doingGMS = "cannot find the address that programs take"

// whereGMSMayBe are the addresses to try, the likeliest first.
func (a Address) whereGMSMayBe() []Address {
	below := func(path string) Address {
		b := a
		b.path += path
		return b
	}
	if a.Kind() == EndpointFrontend {
		return []Address{below(frontendGMS), a, below(ingressGMS)}
	}
	return []Address{a, below(frontendGMS), below(ingressGMS)}
}

// isGMS asks whether GMS answers at an address.
func (c *Client) isGMS(ctx context.Context, at Address) (bool, error) {
	answer, err := c.get(ctx, at.Config())
	if err != nil || answer.Status != http.StatusOK {
		return false, err
	}
	var config struct {
		NoCode string `json:"noCode"`
	}
	return json.Unmarshal(answer.Body, &config) == nil && config.NoCode == "true", nil
}

// get fetches something small, again where the server is in trouble that may
// pass.
func (c *Client) get(ctx context.Context, url string) (transport.Answer, error) {
	ctx = transport.WithOperation(ctx, "config")
	for attempt := 1; ; attempt++ {
		answer, err := c.http.Get(transport.WithAttempt(ctx, attempt), url)
		if err == nil {
			err = inTrouble(answer.Status)
		}
		fault := faultOf(err)
		if fault == nil || attempt > maxRetries || !passing(fault) || !c.retries.wait(ctx, pause(attempt, err), err) {
			return answer, err
		}
	}
}

// inTrouble is the fault of a server that cannot answer at the moment.
func inTrouble(status int) error {
	fault := &transport.Fault{Reason: transport.Status, Sent: true, Status: status}
	if !passing(fault) {
		return nil
	}
	return fault
}
