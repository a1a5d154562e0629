package cli

import (
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

// presence is whether a server has a token.
type presence string

// What is known of that.
const (
	present         presence = "present"
	absent          presence = "absent"
	presenceUnknown presence = "unknown"
)

// presenceOf is what the state of a stored token says about the server.
func presenceOf(held lifecycle.Held) presence {
	switch held.State {
	case lifecycle.Gone:
		return absent
	case lifecycle.Kept, lifecycle.SecretDeleted:
		return present
	}
	return presenceUnknown
}

// userState is what the server tells of a user.
type userState string

// What it may tell.
const (
	userActive    userState = "active"
	userSuspended userState = "suspended"
	userRemoved   userState = "removed" // or never was there
	userUnknown   userState = "unknown"
)

// tokenPlace is where a token's secret is kept on this machine.
type tokenPlace struct {
	Place    string   `json:"place"`    // as --to spells it, or the source of the credential in use
	Profiles []string `json:"profiles"` // which use it from there
}

// claimsRecord is what a raw token says about itself. Nobody has checked it.
type claimsRecord struct {
	Actor     string     `json:"actor"`
	Kind      string     `json:"kind"`
	Version   *string    `json:"version"`
	Issuer    *string    `json:"issuer"`
	ExpiresAt *time.Time `json:"expiresAt"`
	Revocable bool       `json:"revocable"`
}

// inspectRecord is what is known of one token, as the machine formats show it:
// a token as `pat list` has it, where null is what is not known of a raw one, and
// more. Fields are only ever added.
type inspectRecord struct {
	ID          *string      `json:"id"`
	URN         *string      `json:"urn"`
	Name        *string      `json:"name"`
	Description *string      `json:"description"`
	Actor       string       `json:"actor"`
	Owner       *string      `json:"owner"`
	CreatedAt   *time.Time   `json:"createdAt"`
	ExpiresAt   *time.Time   `json:"expiresAt"`
	Status      string       `json:"status"`
	Stored      bool         `json:"stored"`
	ActorName   *string      `json:"actorName"`
	ActorState  userState    `json:"actorState"`
	OwnerName   *string      `json:"ownerName"`
	OwnerState  userState    `json:"ownerState"`
	AgeSeconds  *int64       `json:"ageSeconds"`
	Mark        *string      `json:"mark"`
	Server      string       `json:"server"`
	OnServer    presence     `json:"onServer"`
	InUse       *bool        `json:"inUse"`
	Places      []tokenPlace `json:"places"`

	// State is what has become of a token whose secret was put into the keyring.
	State *lifecycle.State `json:"state"`

	// Of a raw token.
	Claims     *claimsRecord `json:"claims"`
	Accepted   *bool         `json:"accepted"`   // null: not asked, or the server checks no tokens
	Represents *string       `json:"represents"` // whom, by the server's own account
	Certain    *bool         `json:"certain"`    // false: the id was only concluded from actor and end
	Candidates []string      `json:"candidates"` // ids, where several tokens may be it
}

// describe takes over what is known of a token.
func (r *inspectRecord) describe(t datahub.Token, now time.Time) {
	plain := recordOf(t, false, now)
	r.ID, r.URN, r.Name, r.Owner = &plain.ID, &plain.URN, &plain.Name, &plain.Owner
	r.Actor, r.CreatedAt, r.ExpiresAt, r.Status = plain.Actor, plain.CreatedAt, plain.ExpiresAt, string(plain.Status)
	r.Mark = textOrNull(t.Mark)
	if r.OnServer == present {
		r.Description = &plain.Description // the keyring's index has none
	}
	if !t.CreatedAt.IsZero() {
		age := int64(now.Sub(t.CreatedAt) / time.Second)
		r.AgeSeconds = &age
	}
}
