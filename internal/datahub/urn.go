package datahub

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/failure"
)

// URN names something in DataHub: urn:li:ENTITY:ID.
type URN string

// The beginnings of the URNs that pat works with.
const (
	userPrefix  = "urn:li:corpuser:"
	tokenPrefix = "urn:li:dataHubAccessToken:"
)

// maxURN is how many bytes a URN may have, URL-encoded: DataHub refuses to
// store a longer one.
const maxURN = 512

// Username is a user's name as people know it; of a URN that is not a user's,
// the whole URN.
func (u URN) Username() string {
	return strings.TrimPrefix(string(u), userPrefix)
}

// ParseUser reads a user: a URN (urn:li:corpuser:jdoe) or just the username
// (jdoe, or an email address where usernames are those). Case is kept, since
// DataHub compares it. What "me" means only the server knows, so the caller
// deals with that word first.
//
// The characters ( ) , and ␟ are refused because DataHub reserves them in
// URNs. A space or a colon is a slip more often than part of a username and is
// taken in the full URN only. Failures are of kind Usage and do not repeat the
// text.
func ParseUser(s string) (URN, error) {
	name, full := strings.CutPrefix(strings.TrimSpace(s), userPrefix)
	switch {
	case !full && strings.HasPrefix(name, "urn:"):
		return "", userFailure("the URN is not a user's")
	case !full && strings.ContainsAny(name, ": "):
		return "", userFailure("a username has no space or colon in it; where it really does, give the whole URN")
	}
	if err := checkUsername(name); err != nil {
		return "", err
	}
	return URN(userPrefix + name), nil
}

// checkUsername refuses what DataHub does not take as the id of a user.
func checkUsername(name string) error {
	switch {
	case name == "":
		return userFailure("the username is empty")
	case !utf8.ValidString(name):
		return userFailure("the username is not valid UTF-8")
	case strings.TrimSpace(name) != name:
		return userFailure("a username does not begin or end with a space")
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return userFailure("the username has control or invisible characters in it")
	case strings.ContainsAny(name, "(),␟"):
		return userFailure("a username has no parenthesis or comma in it")
	case len(url.QueryEscape(userPrefix+name)) > maxURN:
		return userFailure("the username is too long")
	}
	return nil
}

// userFailure is wrong usage, with how users are named.
func userFailure(message string) *failure.Error {
	return failure.New(failure.Usage, "%s", message).WithHint("name a user as jdoe or urn:li:corpuser:jdoe")
}

// ParseTokenID reads what a user gave to say which token is meant. If it is a
// whole id, by itself or in a URN, also URL-encoded as browsers show it, full is
// true and id is the bare id. Otherwise id is the text without a token URN's
// beginning: a name, or the beginning of an id.
//
// A whole id is the Base64 of a SHA-256 sum: 44 characters, the last one "=".
func ParseTokenID(s string) (id string, full bool) {
	s = strings.TrimSpace(s)
	if bare := strings.TrimPrefix(s, tokenPrefix); isTokenID(bare) {
		return bare, true
	}
	if decoded, err := url.PathUnescape(s); err == nil {
		if bare := strings.TrimPrefix(decoded, tokenPrefix); isTokenID(bare) {
			return bare, true
		}
	}
	return strings.TrimPrefix(s, tokenPrefix), false
}

// TokenURN is the URN of the token with that id.
func TokenURN(id string) string { return tokenPrefix + id }

// isTokenID says whether s has the form of a whole id.
func isTokenID(s string) bool {
	sum, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && len(s) == 44 && len(sum) == 32
}
