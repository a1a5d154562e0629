package datahub

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// User is what the server tells about somebody.
type User struct {
	URN         URN
	DisplayName string
	Exists      bool
	Suspended   bool
}

// LookUpUser asks for a user. One nobody knows is no error: Exists is false
// (entityExists reads the primary store; corpUser answers for unknown users too
// on many releases, with nothing but the key).
func (c *Client) LookUpUser(ctx context.Context, urn URN) (User, error) {
	answer, err := gql.User(ctx, c.requests, string(urn))
	if err != nil {
		return User{}, c.explain("cannot look up "+urn.Username(), err)
	}
	if known := answer.CorpUser; known != nil && deref(answer.EntityExists) {
		return userFrom(urn, *known), nil
	}
	return User{URN: urn, Exists: deref(answer.EntityExists)}, nil
}

// userFrom translates what the server sent of a user who exists.
func userFrom(urn URN, known gql.Person) User {
	return User{URN: urn, Exists: true, Suspended: suspended(known), DisplayName: displayName(known)}
}

// suspended reports a user who cannot use tokens: by status since 0.15, and
// before by not being active.
func suspended(u gql.Person) bool {
	if u.Status != nil && *u.Status == gql.CorpUserStatusSuspended {
		return true
	}
	return u.Properties != nil && !u.Properties.Active
}

// displayName is what a person is called: by their own choice first.
func displayName(u gql.Person) string {
	if u.EditableProperties != nil && deref(u.EditableProperties.DisplayName) != "" {
		return *u.EditableProperties.DisplayName
	}
	if u.Properties == nil {
		return ""
	}
	if name := deref(u.Properties.DisplayName); name != "" {
		return name
	}
	return deref(u.Properties.FullName)
}
