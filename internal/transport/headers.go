package transport

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// The names of headers that matter here, in canonical form.
const (
	authorization = "Authorization"
	actorHeader   = "X-Datahub-Actor"
	cookieHeader  = "Cookie"
)

// reserved are headers that nobody may add: they frame the request, they would
// keep the answer packed, they name another caller, or, the last two, they make
// net/http send a request twice.
var reserved = []string{
	"Host", "Content-Length", "Transfer-Encoding", "Trailer", "Te", "Connection", "Upgrade", "Expect",
	"Accept-Encoding", actorHeader, "Idempotency-Key", "X-Idempotency-Key",
}

// ownHeaders are the headers for the endpoint's origin: the credential and
// whatever else was asked for.
func ownHeaders(o Options) (http.Header, error) {
	headers := http.Header{}
	switch {
	case len(o.Cookies) > 0 && (o.Secret != "" || o.As != ""):
		return nil, failure.New(failure.Usage, "there are two credentials: a session, and a token or a user to act as")
	case len(o.Cookies) > 0:
		headers.Set(cookieHeader, cookieLine(o.Cookies))
	case o.As != "":
		headers.Set(actorHeader, o.As)
	case o.Secret != "":
		headers.Set(authorization, "Bearer "+o.Secret)
	}
	if !validValue(o.As) {
		return nil, failure.New(failure.Usage, "the user to act as contains a control character")
	}
	if strings.ContainsFunc(o.Secret, notVisible) {
		return nil, failure.New(failure.Usage, "the token contains a blank, a line break or another character that no token has")
	}
	for _, name := range slices.Sorted(maps.Keys(o.Headers)) {
		if err := addExtra(headers, name, o.Headers[name]); err != nil {
			return nil, err
		}
	}
	return headers, nil
}

// addExtra adds a header of the user's own. No failure repeats a value.
func addExtra(headers http.Header, name, value string) error {
	canonical := http.CanonicalHeaderKey(name)
	switch {
	case !validName(name):
		return failure.New(failure.Usage, "%q is not the name of a header", name)
	case slices.Contains(reserved, canonical):
		return failure.New(failure.Usage, "the header %s cannot be set by hand", canonical)
	case !validValue(value):
		return failure.New(failure.Usage, "the value of the header %s contains a control character", canonical)
	case competes(canonical, headers):
		return failure.New(failure.Usage, "there are two credentials: besides the one given, the extra headers hold %s", canonical).
			WithHint("remove one of them")
	}
	headers.Set(canonical, strings.TrimSpace(value))
	return nil
}

// competes reports whether a header of the user's own would be a second
// credential. A gateway's cookie goes with a token, but not with a session.
func competes(name string, headers http.Header) bool {
	switch name {
	case cookieHeader:
		return headers.Get(cookieHeader) != ""
	case authorization:
		return headers.Get(authorization) != "" || headers.Get(actorHeader) != "" || headers.Get(cookieHeader) != ""
	}
	return false
}

// cookieLine is the header that sends cookies, each with the value in the form
// in which it came.
func cookieLine(cookies []*http.Cookie) string {
	carrier := &http.Request{Header: http.Header{}}
	for _, cookie := range cookies {
		carrier.AddCookie(cookie)
	}
	return carrier.Header.Get(cookieHeader)
}

// validName reports whether a header may have that name (a token of RFC 9110).
func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return notVisible(r) || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// validValue reports whether a header may have that value.
func validValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return (r < ' ' && r != '\t') || r == 0x7F })
}

// notVisible reports whether r is no printable ASCII character, or a blank.
func notVisible(r rune) bool { return r <= ' ' || r >= 0x7F }

// secretsOf are the texts that must not come back in words. A short header
// value is no secret, and would be found in many a word.
func secretsOf(o Options) []string {
	const short = 8
	var secrets []string
	if o.Secret != "" {
		secrets = append(secrets, o.Secret)
	}
	for _, cookie := range o.Cookies {
		if len(cookie.Value) >= short {
			secrets = append(secrets, cookie.Value)
		}
	}
	for _, value := range o.Headers {
		value = strings.TrimSpace(value)
		if _, credential, ok := strings.Cut(value, " "); ok && len(credential) >= short {
			secrets = append(secrets, credential)
		}
		if len(value) >= short {
			secrets = append(secrets, value)
		}
	}
	// What contains another goes first, or its rest would stay.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return secrets
}
