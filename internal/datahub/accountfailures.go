package datahub

import (
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/failure"
)

// explainAccounts knows, beyond [Client.explain], why servers refuse what has to
// do with service accounts.
func (c *Client) explainAccounts(doing string, err error) error {
	r := refusalOf(err)
	switch {
	case r == nil:
		return c.explain(doing, err)
	case r.unknownToServer():
		return lacksAccounts(doing, r)
	case r.deniesAccount():
		return noSuchAccount("", r.words)
	case r.code == codeForbidden:
		return forbiddenAccounts(doing, r)
	}
	return c.explain(doing, err)
}

// deniesAccount reports that the server says that something is no service
// account. It words it so for unknown users too (GetServiceAccountResolver,
// DeleteServiceAccountResolver, CreateAccessTokenResolver).
func (r *refusal) deniesAccount() bool {
	return strings.Contains(r.words, "is not a service account") || strings.Contains(r.words, "Service account not found")
}

// lacksAccounts is a server older than service accounts.
func lacksAccounts(doing string, r *refusal) error {
	return &failure.Error{
		Kind: failure.Usage, Message: doing + ": this DataHub does not know service accounts, which came with release 1.4",
		Server: r.words, Err: r,
		Hint: "on an older release let an ordinary user stand for the program: pat create NAME --actor USER",
	}
}

func forbiddenAccounts(doing string, r *refusal) error {
	return &failure.Error{
		Kind: failure.Forbidden, Message: doing + ": not allowed", Server: r.words, Err: r,
		Hint: "it takes the privilege Manage Service Accounts; a token has exactly its user's rights, " +
			"and a privilege granted just now takes up to two minutes to act",
	}
}

// noSuchAccount is a service account that is not there; the word for it may be
// in the server's words only.
func noSuchAccount(word, server string) error {
	told := &failure.Error{
		Kind: failure.NotFound, Server: server, Message: "there is no such service account",
		Hint: "`pat service-account list` shows them; one created just now may take seconds to be found by its name",
	}
	if word != "" {
		told.Message = fmt.Sprintf("there is no service account %q", word)
	}
	return told
}

// explainAccountToken words why no token for a service account was issued; nil
// where that has nothing to do with its being one.
func (c *Client) explainAccountToken(doing string, n NewToken, r *refusal) error {
	if n.Type != ServiceAccountToken {
		return nil
	}
	switch {
	case r.deniesAccount():
		told := failure.Of(noSuchAccount(n.Actor.Username(), r.words))
		// Whatever its code was: nothing was issued.
		told.Err = &refusal{code: codeBadRequest, words: r.words}
		return told
	case r.unknownToServer() && strings.Contains(r.words, string(ServiceAccountToken)):
		return lacksAccounts(doing, r)
	case r.code == codeForbidden:
		return forbiddenAccounts(doing, r)
	}
	return nil
}
