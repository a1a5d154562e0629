// Package signin turns a password into a session at DataHub's web interface,
// with which a token can be issued, and finds out where that interface is.
//
// The session lives in memory only: it is two cookies that the web interface's
// own origin gets back and nobody else, and it ends with the process. The
// password is sent once and kept nowhere. The package asks nobody anything: who
// may get a password is for its caller to settle, with what a [Place] says.
package signin

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// The cookies that make a session. Both must come back: the first is the
// session, the second says whose it is (AuthUtils.java).
const (
	sessionCookie = "PLAY_SESSION"
	actorCookie   = "actor"
)

// Credentials are what somebody types to sign in.
type Credentials struct {
	Username string
	Password string
}

// Session is somebody signed in at a web interface.
type Session struct {
	frontend datahub.Address
	way      transport.Options // with the cookies
}

// Open signs in at the web interface. The way is how to get there; a token in
// it is left out, for the web interface takes the session's. What it refuses is
// told apart: [failure.Unauthenticated] is a wrong name or password,
// [failure.Usage] that passwords are of no use there or must not be sent,
// [failure.Unavailable] that no web interface answers at the address.
func Open(ctx context.Context, frontend datahub.Address, way transport.Options, who Credentials) (*Session, error) {
	if err := check(frontend, way, who); err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]string{"username": who.Username, "password": who.Password})
	if err != nil {
		return nil, failure.New(failure.Usage, "the user name or the password cannot be sent")
	}
	way = alone(way)
	way.Endpoint = frontend.GraphQL()
	carrier, err := transport.New(way)
	if err != nil {
		return nil, err
	}
	defer carrier.CloseIdle()
	answer, err := carrier.Post(transport.WithOperation(ctx, "logIn"), frontend.LogIn(), body)
	if err != nil {
		return nil, unreached(frontend, err, who)
	}
	if answer.Status != http.StatusOK || !isSession(answer.Cookies) {
		return nil, refused(frontend, answer, who)
	}
	way.Cookies = answer.Cookies
	return &Session{frontend: frontend, way: way}, nil
}

// Client speaks to the DataHub behind the web interface as whoever signed in.
func (s *Session) Client(o datahub.Options) (*datahub.Client, error) {
	return datahub.Connect(s.frontend, s.way, o)
}

// check refuses what must not be sent, before anything is.
func check(frontend datahub.Address, way transport.Options, who Credentials) error {
	switch {
	case frontend.Insecure():
		return Unencrypted(frontend)
	case way.SkipVerify && strings.HasPrefix(frontend.String(), "https:"):
		return failure.New(failure.Usage, "a password does not go to %s while its certificate is not checked", frontend).
			WithHint("name the certificates to trust with --ca-cert FILE")
	case strings.TrimSpace(who.Username) == "":
		return failure.New(failure.Usage, "the user name is empty").WithHint("give one with --username")
	case who.Password == "":
		return failure.New(failure.Usage, "the password is empty")
	case !utf8.ValidString(who.Username) || !utf8.ValidString(who.Password):
		return failure.New(failure.Usage, "the user name or the password is not valid UTF-8, and DataHub takes no other")
	}
	return nil
}

// Unencrypted is the refusal to send a password to a web interface in the clear.
func Unencrypted(frontend datahub.Address) error {
	return failure.New(failure.Usage, "a password does not go to %s unencrypted: anybody on the way could read it", frontend).
		WithHint("use an address that begins with https, or paste a token instead")
}

// alone is the way without any credential of its own: the web interface would
// use a session, and gateways must not see two.
func alone(way transport.Options) transport.Options {
	way.Secret, way.As, way.Cookies = "", "", nil
	headers := map[string]string{}
	for name, value := range way.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "Authorization", "Cookie":
		default:
			headers[name] = value
		}
	}
	way.Headers = headers
	return way
}

// isSession reports whether cookies are a session.
func isSession(cookies []*http.Cookie) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(cookies, func(c *http.Cookie) bool { return c.Name == name && c.Value != "" })
	}
	return has(sessionCookie) && has(actorCookie)
}
