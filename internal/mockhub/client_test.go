package mockhub_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// client asks a hub as any HTTP client would.
type client struct {
	t      *testing.T
	url    string
	header http.Header
	http   *http.Client

	contentType string // of bodies; empty is JSON
}

// as is a client at GMS with a session token of the user.
func as(t *testing.T, s *mockhub.Server, user string) *client {
	t.Helper()
	secret, err := s.SignIn(user)
	if err != nil {
		t.Fatal(err)
	}
	return with(t, s, secret)
}

// with is a client at GMS with a secret; an empty one sends no credential.
func with(t *testing.T, s *mockhub.Server, secret string) *client {
	c := &client{t: t, url: s.GMSURL, header: http.Header{}, http: &http.Client{}}
	if secret != "" {
		c.header.Set("Authorization", "Bearer "+secret)
	}
	return c
}

// reply is an answer to a GraphQL request.
type reply struct {
	status int
	header http.Header
	body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Locations  []map[string]int
		Path       []any
		Extensions map[string]any
	}
	Extensions map[string]any
}

type vars map[string]any

// ask sends a document with variables.
func (c *client) ask(query string, variables vars) reply {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	r := c.send("POST", "/api/graphql", string(body))
	if r.status == http.StatusOK {
		if err := json.Unmarshal([]byte(r.body), &r); err != nil {
			c.t.Fatalf("%v in %s", err, r.body)
		}
	}
	return r
}

func (c *client) send(method, path, body string) reply {
	c.t.Helper()
	r, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *client) try(method, path, body string) (reply, error) {
	req, err := http.NewRequest(method, c.url+path, bytes.NewBufferString(body))
	if err != nil {
		return reply{}, err
	}
	req.Header = c.header.Clone()
	if body != "" {
		req.Header.Set("Content-Type", cmp.Or(c.contentType, "application/json"))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return reply{status: resp.StatusCode, header: resp.Header, body: string(text)}, err
}

// at goes down into data.
func (r reply) at(path ...any) any {
	var v any = r.Data
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			l, _ := v.([]any)
			if s >= len(l) {
				return nil
			}
			v = l[s]
		}
	}
	return v
}

// failure is the first error's message, code and classification.
func (r reply) failure() (message string, code float64, classification string) {
	if len(r.Errors) == 0 {
		return "", 0, ""
	}
	e := r.Errors[0]
	code, _ = e.Extensions["code"].(float64)
	classification, _ = e.Extensions["classification"].(string)
	return e.Message, code, classification
}

const (
	createDoc = `mutation Create($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { accessToken metadata { urn id name description actorUrn ownerUrn createdAt expiresAt } } }`
	listDoc   = `query List($input: ListAccessTokenInput!) { listAccessTokens(input: $input) { start count total tokens { urn id name actorUrn ownerUrn createdAt expiresAt } } }`
	revokeDoc = `mutation Revoke($id: String!) { revokeAccessToken(tokenId: $id) }`
)

func createInput(actor, name, duration string) vars {
	return vars{"input": vars{"type": "PERSONAL", "actorUrn": "urn:li:corpuser:" + actor, "name": name, "duration": duration}}
}

func page(start, count int, filters ...vars) vars {
	return vars{"input": vars{"start": start, "count": count, "filters": filters}}
}

func only(field string, values ...string) vars { return vars{"field": field, "values": values} }
