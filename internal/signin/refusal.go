package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// What the web interface says of a refusal (AuthenticationController.java). All
// come with status 400.
const (
	saysNoPasswords = "Neither JAAS nor native authentication is enabled"
	saysDenied      = "Session token denied"
)

// notRouted is what to do where /logIn leads nowhere.
const notRouted = "name the web interface with --frontend URL; where an ingress does not pass /logIn on to it, have that added, or paste a token instead"

// unreached words what happened on the way there and back.
func unreached(frontend datahub.Address, err error, who Credentials) error {
	var fault *transport.Fault
	if !errors.As(err, &fault) {
		return err
	}
	out := &failure.Error{Kind: failure.Unavailable, Server: withoutPassword(fault.Words, who.Password), Err: fault}
	switch fault.Reason {
	case transport.Canceled:
		out.Kind, out.Message = failure.Interrupted, "cannot sign in: interrupted"
	case transport.Redirect:
		out.Message = fmt.Sprintf("cannot sign in: %s redirects to %s, as where people sign in by SSO", frontend.LogIn(), withoutPassword(fault.Location, who.Password))
		out.Hint = "pat takes a password nowhere else: " + notRouted
	case transport.Timeout:
		out.Message = fmt.Sprintf("cannot sign in: %s did not answer in time", frontend)
		out.Hint = "give one request longer with --timeout"
	default:
		out.Message = fmt.Sprintf("cannot sign in: cannot reach the web interface at %s: %s", frontend, withoutPassword(fault.Detail, who.Password))
		out.Hint = "check its address, and name it with --frontend URL"
	}
	return out
}

// refused words an answer that is no session.
func refused(frontend datahub.Address, answer transport.Answer, who Credentials) error {
	out := &failure.Error{Kind: failure.Unavailable, Server: withoutPassword(answer.Words, who.Password)}
	switch status := answer.Status; {
	case strings.Contains(answer.Words, saysNoPasswords):
		out.Kind = failure.Usage
		out.Message = fmt.Sprintf("cannot sign in: %s takes no passwords, people sign in there by SSO", frontend)
		out.Hint = "make a token at " + frontend.TokensPage() + " and paste it: pat login, without --username"
	case strings.Contains(answer.Words, saysDenied):
		out.Kind = failure.Unauthenticated
		out.Message = fmt.Sprintf("cannot sign in: %s denies %s a session", frontend, who.Username)
		out.Hint = "the user may be suspended"
	case status == http.StatusBadRequest && !answer.Page:
		out.Kind = failure.Unauthenticated
		out.Message = fmt.Sprintf("cannot sign in as %s: the user name or the password is wrong", who.Username)
		out.Hint = "for those who sign in by SSO: make a token at " + frontend.TokensPage() + " and paste it"
	case status == http.StatusForbidden:
		out.Kind = failure.Unauthenticated
		out.Message = fmt.Sprintf("cannot sign in: %s answered HTTP 403 Forbidden", frontend)
		out.Hint = "the user may be suspended, or a proxy in between refuses"
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		out.Message = fmt.Sprintf("cannot sign in: %s answered HTTP %d %s", frontend, status, http.StatusText(status))
		out.Hint = "try again later; the user may be suspended, to which some releases answer so"
	default:
		out.Message = fmt.Sprintf("cannot sign in: what answers at %s is not the web interface's sign-in (HTTP %d)", frontend.LogIn(), status)
		out.Hint = notRouted
	}
	return out
}

// withoutPassword drops words that repeat the password, as it is or as it was
// sent.
func withoutPassword(words, password string) string {
	sent, err := json.Marshal(password)
	if err != nil || strings.Contains(words, password) || strings.Contains(words, strings.Trim(string(sent), `"`)) {
		return ""
	}
	return words
}
