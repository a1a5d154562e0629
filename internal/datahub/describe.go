package datahub

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/datahub-pat/pat/internal/transport"
)

// Description is what the server at an address says of itself to anybody.
type Description struct {
	Kind EndpointKind // which face answers; by the address alone where the answer does not tell
	// Frontend is where its web interface is, by the server's own account, which
	// nobody has to believe; the zero value where it does not say.
	Frontend Address
	// Known says that the answer was a DataHub's description of itself.
	Known bool
	// Version is its release, by its own account; foreign text, empty where it
	// does not say.
	Version string
	// Answer is what the answer was, whatever it was, for people; empty where
	// there was none.
	Answer string
	// Status is that of the answer; 0 where there was none.
	Status int
	// Encrypted is the same server over https, where the answer sends there; else
	// the zero value.
	Encrypted Address
	// Date is the server's time; zero where it does not say.
	Date time.Time
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
			described.Answer, described.Status = fault.Error(), fault.Status
			described.Encrypted, _ = address.encryptedAt(fault.Location)
			return described, nil
		}
		c := &Client{address: address}
		return described, c.explainFault("cannot ask "+address.String()+" what it is", fault)
	}
	if err != nil {
		return described, err
	}
	described.Answer, described.Status, described.Date = inShort(answer), answer.Status, answer.Date
	if answer.Status == http.StatusOK {
		described.read(answer.Body)
	}
	return described, nil
}

// inShort is an answer for people: its status, what kind of thing it is, and its
// own words.
func inShort(answer transport.Answer) string {
	text := fmt.Sprintf("HTTP %d %s", answer.Status, http.StatusText(answer.Status))
	switch {
	case answer.Page:
		text += ", a web page"
	case answer.Words != "":
		text += ": " + answer.Words
	case len(answer.Body) == 0:
		text += ", an empty answer"
	}
	return text
}

// read takes what a description says. GMS has noCode among its flags (Config.java),
// the web interface all of its own under config.
func (d *Description) read(body []byte) {
	var said struct {
		NoCode   any            `json:"noCode"`
		BaseURL  any            `json:"baseUrl"`
		Config   map[string]any `json:"config"`
		Versions any            `json:"versions"`
	}
	if json.Unmarshal(body, &said) != nil {
		return
	}
	switch {
	case said.Config != nil:
		d.Kind, d.Known = EndpointFrontend, said.Config["application"] == "datahub-frontend"
		d.Version, _ = said.Config["appVersion"].(string)
	case fmt.Sprint(said.NoCode) == "true":
		d.Known, d.Version = true, releaseIn(said.Versions)
		if d.Kind == EndpointUnknown {
			d.Kind = EndpointGMS
		}
		base, _ := said.BaseURL.(string)
		if frontend, err := ParseFrontend(base); err == nil {
			d.Frontend = frontend
		}
	}
}

// releaseIn is the release among the versions that GMS tells, by the project's
// name as it is and as it was.
func releaseIn(versions any) string {
	all, _ := versions.(map[string]any)
	for _, project := range []string{"acryldata/datahub", "linkedin/datahub"} {
		about, _ := all[project].(map[string]any)
		if version, _ := about["version"].(string); version != "" {
			return version
		}
	}
	return ""
}
