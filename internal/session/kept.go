package session

import (
	"maps"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub"
)

// Kept is the pair of a token from this machine's keyring, which has a server of
// its own. What belongs to that server, certificates, headers, a time limit and
// the web interface, is that of the first source that names it, with the flags
// over it. Sources that are wrong or half set do not matter, and no credential is
// taken or fetched from any.
func Kept(s Sources, server datahub.Address, secret string) (Pair, error) {
	const keyring = "the keyring"
	secret, err := cleanSecret("the secret in "+keyring, secret)
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{Server: server, ServerSource: keyring, Secret: secret, SecretSource: keyring, SecretIn: "keyring"}
	s.Flags.Server, s.Flags.TokenFile = "", ""
	for _, source := range s.readOnce().inOrder() {
		other, err := source()
		if err == nil && other.Server.SameServer(server) {
			pair.TLS, pair.Timeout, pair.Frontend = other.TLS, other.Timeout, other.Frontend
			pair.Headers = withoutCredential(other.Headers)
			break
		}
	}
	return s.finish(pair)
}

// withoutCredential is headers without one that says who is asking.
func withoutCredential(headers map[string]string) map[string]string {
	headers = maps.Clone(headers)
	maps.DeleteFunc(headers, func(name, _ string) bool { return strings.EqualFold(name, "Authorization") })
	return headers
}
