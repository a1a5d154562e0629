package mockhub_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// iso is the input of a token for jdoe with an ISO-8601 duration, and a named one unless that is empty.
func iso(duration, named string) vars {
	in := vars{"type": "PERSONAL", "actorUrn": jdoeURN, "name": "t", "durationIso": duration}
	if named != "" {
		in["duration"] = named
	}
	return vars{"input": in}
}

// accountInput is the input of a token for a service account.
func accountInput(urn string) vars {
	return vars{"input": vars{"type": "SERVICE_ACCOUNT", "actorUrn": urn, "name": "sa", "duration": "ONE_HOUR"}}
}

// account makes a service account and gives its URN.
func (s *scene) account(displayName string) string {
	s.t.Helper()
	r := s.as("datahub").ask(accountDoc, vars{"input": vars{"displayName": displayName}})
	urn, _ := r.at("createServiceAccount", "urn").(string)
	if urn == "" {
		s.t.Fatalf("no service account: %s", r.body)
	}
	return urn
}

// accountToken makes a token named sa for a service account and gives its secret.
func (s *scene) accountToken(urn string) string {
	s.t.Helper()
	r := s.as("datahub").ask(createDoc, accountInput(urn))
	secret, _ := r.at("createAccessToken", "accessToken").(string)
	if secret == "" {
		s.t.Fatalf("no token: %s", r.body)
	}
	return secret
}

// front is a client at the frontend with a secret, or without a credential.
func (s *scene) front(secret string) *client {
	c := with(s.t, s.Server, secret)
	c.url = s.FrontendURL
	return c
}

// signIn is a client at the frontend with the session of a user whose password is the name.
func (s *scene) signIn(user string) *client {
	s.t.Helper()
	c := s.front("")
	r := c.send("POST", "/logIn", `{"username":"`+user+`","password":"`+user+`"}`)
	var pairs []string
	for _, cookie := range (&http.Response{Header: r.header}).Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	if len(pairs) != 2 {
		s.t.Fatalf("signing in: %d %s", r.status, r.body)
	}
	c.header.Set("Cookie", strings.Join(pairs, "; "))
	return c
}

// fault injects a fault.
func (s *scene) fault(spec string) {
	s.t.Helper()
	f, err := mockhub.ParseFault(spec)
	s.must(err)
	s.Inject(f)
}

// claimsOf are what a secret says.
func claimsOf(s *scene, secret string) map[string]any {
	s.t.Helper()
	parts := strings.Split(secret, ".")
	if len(parts) != 3 {
		s.t.Fatalf("%q is no JWT", secret)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	s.must(err)
	var claims map[string]any
	s.must(json.Unmarshal(text, &claims))
	return claims
}
