package datahub

import (
	"context"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// ServiceAccount is a user that is no person. DataHub has them since 1.4.
type ServiceAccount struct {
	URN         URN
	DisplayName string // need not be unique; may be empty
	Description string
	CreatedBy   URN       // told by [Client.CreateServiceAccount] only; empty: unknown
	CreatedAt   time.Time // likewise; zero: unknown
}

// accountPrefix begins the user names of service accounts; a UUID follows
// (ServiceAccountUtils). Some answers call the UUID alone their name.
const accountPrefix = "service_"

// ID is the account's user name: service_ and a UUID.
func (a ServiceAccount) ID() string { return a.URN.Username() }

// Name is what people call the account: its display name, or its id where it
// has none.
func (a ServiceAccount) Name() string {
	if a.DisplayName == "" {
		return a.ID()
	}
	return a.DisplayName
}

// ParseServiceAccountID reads the id of a service account: a user's URN, a user
// name of the form service_<uuid>, or the UUID. ok is false for anything else,
// which may be a name.
func ParseServiceAccountID(s string) (urn URN, ok bool) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, userPrefix) {
		return URN(s), true
	}
	bare := strings.TrimPrefix(s, accountPrefix)
	if !isUUID(bare) {
		return "", false
	}
	return URN(userPrefix + accountPrefix + bare), true
}

// IsServiceAccount reports whether the URN has the form that DataHub gives to
// those of service accounts. On releases before 1.4 a person may have one.
func (u URN) IsServiceAccount() bool {
	bare, prefixed := strings.CutPrefix(u.Username(), accountPrefix)
	return prefixed && isUUID(bare)
}

// isUUID says whether s has the form of a UUID.
func isUUID(s string) bool {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		isHex := strings.IndexByte("0123456789abcdefABCDEF", s[i]) >= 0
		if isHex != (form[i] == 'x') || !isHex && s[i] != '-' {
			return false
		}
	}
	return true
}

// CreateServiceAccount makes a service account, in one request that is not
// repeated once it may have reached the server. The description may be empty.
func (c *Client) CreateServiceAccount(ctx context.Context, name, description string) (ServiceAccount, error) {
	const doing = "cannot create the service account"
	input := gql.CreateServiceAccountInput{DisplayName: &name}
	if description != "" {
		input.Description = &description
	}
	answer, err := gql.CreateServiceAccount(ctx, c.requests, input)
	if err != nil {
		return ServiceAccount{}, c.lostAccount(err, c.explainAccounts(doing, err))
	}
	return accountFrom(answer.CreateServiceAccount), nil
}

// lostAccount says of a failure that the account may exist all the same, where
// that is so.
func (c *Client) lostAccount(err, explained error) error {
	if !Unsettled(err) {
		return explained
	}
	return unknownWhether("the service account was created", explained, "look for it with `pat service-account list` before you try again")
}

// DeleteServiceAccount deletes a service account; existed is false if it was
// gone already. Its tokens stay, and are refused where they are used.
//
// What the server does not answer with true is looked into before it is called
// failed: a repeated request finds the account gone.
func (c *Client) DeleteServiceAccount(ctx context.Context, urn URN) (existed bool, err error) {
	const doing = "cannot delete the service account"
	answer, err := gql.DeleteServiceAccount(ctx, c.requests, string(urn))
	if err == nil && answer.DeleteServiceAccount {
		return true, nil
	}
	if err == nil {
		err = &refusal{code: codeServerError, words: "the server answered false"}
	}
	explained := c.explainAccounts(doing, err)
	switch {
	case failure.KindOf(explained) == failure.NotFound:
		return false, nil
	case ctx.Err() != nil || !Unsettled(err):
		return false, explained
	}
	switch _, lookErr := c.ServiceAccount(ctx, string(urn)); {
	case failure.KindOf(lookErr) == failure.NotFound:
		return true, nil
	case lookErr == nil:
		return false, explained
	}
	return false, unknownWhether("the service account was deleted", explained, "delete it again: that does no harm")
}

// accountFrom translates what the server sent.
func accountFrom(f gql.ServiceAccountFields) ServiceAccount {
	a := ServiceAccount{
		URN: URN(f.Urn), DisplayName: deref(f.DisplayName), Description: deref(f.Description),
		CreatedBy: URN(deref(f.CreatedBy)),
	}
	if f.CreatedAt != nil && *f.CreatedAt != 0 {
		a.CreatedAt = f.CreatedAt.Time()
	}
	return a
}
