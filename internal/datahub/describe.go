package datahub

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/datahub-pat/pat/internal/transport"
)

// Description is what the server at an address says of itself to anybody.
type Description struct {
	Kind EndpointKind // which face answers; by the address alone where the answer does not tell
	// Frontend is where its web interface is, by the server's own account, which
	// nobody has to believe; the zero value where it does not say.
	Frontend Address
}

// Describe asks a server for its description, at /config, without any
// credential. What answers there and is no description is no failure: only GMS
// and the web interface's root have one.
func Describe(ctx context.Context, address Address, way transport.Options) (Description, error) {
	way.Endpoint, way.Secret, way.As, way.Cookies = address.GraphQL(), "", "", nil
	carrier, err := transport.New(way)
	if err != nil {
		return Description{}, err
	}
	defer carrier.CloseIdle()
	answer, err := carrier.Get(transport.WithOperation(ctx, "config"), address.Config())
	described := Description{Kind: address.Kind()}
	if fault := faultOf(err); fault != nil {
		if fault.Reason == transport.Redirect || fault.Reason == transport.TooLarge {
			return described, nil
		}
		c := &Client{address: address}
		return described, c.explainFault("cannot ask "+address.String()+" what it is", fault)
	}
	if err != nil {
		return described, err
	}
	if answer.Status == http.StatusOK {
		described.read(answer.Body)
	}
	return described, nil
}

// read takes what a description says. GMS has noCode among its flags (Config.java),
// the web interface all of its own under config.
func (d *Description) read(body []byte) {
	var said struct {
		NoCode  any            `json:"noCode"`
		BaseURL any            `json:"baseUrl"`
		Config  map[string]any `json:"config"`
	}
	if json.Unmarshal(body, &said) != nil {
		return
	}
	switch {
	case said.Config != nil:
		d.Kind = EndpointFrontend
	case fmt.Sprint(said.NoCode) == "true":
		if d.Kind == EndpointUnknown {
			d.Kind = EndpointGMS
		}
		base, _ := said.BaseURL.(string)
		if frontend, err := ParseFrontend(base); err == nil {
			d.Frontend = frontend
		}
	}
}
