package mockhub

import (
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// corpUser is the type CorpUser. The server makes one of any URN of a user: GMS adds the key aspect, which is the URN
// taken apart, to whatever it is asked for, so that somebody nobody knows has urn, type and username, and null for the
// rest (review of datahub PR #4128, issues #3637 and, on 1.5, #19073). Whether a user exists only entityExists tells
// (PR #5102 of June 2022, so all releases here have it); one who is softly deleted exists.
type corpUser struct {
	urn  string
	user *store.User // nil where nobody is known by the URN
}

// corpUser is the user with a URN.
func (h *Hub) corpUser(v store.View, urn string) (*corpUser, error) {
	if !isURN(urn) {
		return nil, serverError(h.release, runtimeException, "Failed to batch load Datasets",
			"Failed to retrieve entity with urn "+urn+", invalid urn")
	}
	return &corpUser{urn, v.UserByURN(urn)}, nil
}

// isURN tells whether the server can take a text apart as a URN.
func isURN(text string) bool {
	return store.EntityID(text) != "" && !strings.ContainsAny(text, " \t\n")
}

func (c *corpUser) Urn() string      { return c.urn }
func (c *corpUser) Type() string     { return "CORP_USER" }
func (c *corpUser) Username() string { return store.EntityID(c.urn) }

func (c *corpUser) Properties() *userProperties {
	if c.user == nil {
		return nil
	}
	return &userProperties{c.user}
}

func (c *corpUser) EditableProperties() *editableProperties { return nil }

// Status is null where nobody is known, and for a service account, which has no status.
func (c *corpUser) Status() *string {
	switch {
	case c.user == nil || c.user.ServiceAccount:
		return nil
	case c.user.Suspended:
		return ptr("SUSPENDED")
	}
	return ptr("ACTIVE")
}

func (c *corpUser) Relationships(inputArgs) *relationships { return &relationships{} }

func (c *corpUser) IsNativeUser() *bool {
	if c.user == nil {
		return nil
	}
	return ptr(c.user.Password != "")
}

// userProperties is the type CorpUserProperties.
type userProperties struct{ user *store.User }

func (p *userProperties) Active() bool         { return !p.user.Inactive }
func (p *userProperties) DisplayName() *string { return optionalText(p.user.DisplayName) }
func (p *userProperties) Email() *string       { return optionalText(p.user.Email) }
func (p *userProperties) Title() *string       { return optionalText(p.user.Title) }
func (p *userProperties) FirstName() *string   { return nil }
func (p *userProperties) LastName() *string    { return nil }
func (p *userProperties) FullName() *string    { return optionalText(p.user.FullName) }

// editableProperties is the type CorpUserEditableProperties; nobody here has edited any.
type editableProperties struct{}

func (*editableProperties) DisplayName() *string { return nil }
func (*editableProperties) Title() *string       { return nil }
func (*editableProperties) AboutMe() *string     { return nil }
func (*editableProperties) Email() *string       { return nil }
