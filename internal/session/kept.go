package session

import "github.com/datahub-pat/pat/internal/datahub"

// Kept is the pair of a token from this machine's keyring, which has a server of
// its own. What belongs to the way there, certificates, headers and a time limit,
// is that of the pair in use if it is for the same server, else of the first
// source that names it, with the flags over it. Sources that are wrong or half set
// do not matter: no credential is taken from them.
func Kept(s Sources, inUse Pair, server datahub.Address, secret string) (Pair, error) {
	const keyring = "the keyring"
	secret, err := cleanSecret("the secret in "+keyring, secret)
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{Server: server, ServerSource: keyring, SecretSource: keyring}
	theOneInUse := func() (Pair, error) { return inUse, nil }
	for _, source := range []func() (Pair, error){theOneInUse, s.fromEnvironment, s.fromDatahubenv} {
		other, err := source()
		if err == nil && other.Server.SameServer(server) {
			pair.TLS, pair.Headers, pair.Timeout = other.TLS, other.Headers, other.Timeout
			break
		}
	}
	pair.Secret = secret
	return s.finish(pair)
}
