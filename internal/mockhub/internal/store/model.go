// Package store keeps what the hub knows: users with their privileges, tokens, the salt and the signing key, in
// memory or in a file that several processes share. Beside the tokens it keeps the search index that lists are
// answered from, which may lag behind.
//
// It decides nothing: who may do what is asked elsewhere.
package store

import (
	"strings"
	"time"
)

// The URN prefixes of what is kept here.
const (
	UserURN  = "urn:li:corpuser:"
	TokenURN = "urn:li:dataHubAccessToken:"
)

// Token is an issued token, without its secret. Tokens are never changed once they are stored.
type Token struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description,omitempty"`
	ActorURN    string  `json:"actorUrn"`
	OwnerURN    string  `json:"ownerUrn"`
	CreatedAt   int64   `json:"createdAt"`           // milliseconds since 1970
	ExpiresAt   int64   `json:"expiresAt,omitempty"` // the same; 0 is never
}

// URN is the token's URN.
func (t *Token) URN() string { return TokenURN + t.ID }

// User is a corpuser: a person or, with ServiceAccount, a service account.
type User struct {
	Name        string `json:"name"` // the last part of the URN
	Password    string `json:"password,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	FullName    string `json:"fullName,omitempty"`
	Email       string `json:"email,omitempty"`
	Title       string `json:"title,omitempty"`

	Inactive  bool `json:"inactive,omitempty"`  // corpUserInfo.active is false
	Suspended bool `json:"suspended,omitempty"` // corpUserStatus is SUSPENDED
	Removed   bool `json:"removed,omitempty"`   // softly deleted
	Deleted   bool `json:"deleted,omitempty"`   // gone without a trace

	ServiceAccount bool   `json:"serviceAccount,omitempty"`
	CreatedBy      string `json:"createdBy,omitempty"` // a URN
	CreatedAt      int64  `json:"createdAt,omitempty"`

	Privileges []Change `json:"privileges,omitempty"`
}

// Change is a privilege granted or withdrawn.
type Change struct {
	Privilege string `json:"privilege"`
	Granted   bool   `json:"granted"`
	At        int64  `json:"at,omitempty"` // milliseconds since 1970; 0 is since ever
}

// URN is the user's URN.
func (u *User) URN() string { return UserURN + u.Name }

// Active tells whether the user may act on releases that look at that.
func (u *User) Active() bool { return !u.Suspended && !u.Removed && !u.Deleted }

// Has tells whether the user had the privilege at a time.
func (u *User) Has(privilege string, at time.Time) bool {
	has := false
	for _, c := range u.Privileges {
		if c.Privilege == privilege && (c.At == 0 || c.At <= at.UnixMilli()) {
			has = c.Granted
		}
	}
	return has
}

// EntityID is what a URN says after its entity type: jdoe of urn:li:corpuser:jdoe. It is empty where the text is no
// URN.
func EntityID(urn string) string {
	rest, ok := strings.CutPrefix(urn, "urn:li:")
	_, id, found := strings.Cut(rest, ":")
	if !ok || !found {
		return ""
	}
	return id
}

// event is one change to the store: exactly one of its members is set, beside the time. A transaction is a list of
// them.
type event struct {
	At     int64   `json:"at"` // milliseconds since 1970
	User   *User   `json:"user,omitempty"`
	Token  *Token  `json:"token,omitempty"`
	Revoke *string `json:"revoke,omitempty"` // the id of a token that ends here
	Key    *string `json:"key,omitempty"`    // a new signing key
	// Gone is a token that was revoked at the time; only compacted files have it.
	Gone *Token `json:"gone,omitempty"`
}
