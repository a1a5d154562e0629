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
	Urn, Type, Username string
	Properties          *userProperties
	EditableProperties  *editableProperties // nobody here has edited any
	Status              *string
	IsNativeUser        *bool
	unrelated
}

// userProperties is the type CorpUserProperties.
type userProperties struct {
	Active                        bool
	DisplayName, Email, Title     *string
	FirstName, LastName, FullName *string
}

// editableProperties is the type CorpUserEditableProperties.
type editableProperties struct{ DisplayName, Title, AboutMe, Email *string }

// corpUserOf is the user with a URN; a nil user is somebody nobody knows.
func corpUserOf(urn string, u *store.User) *corpUser {
	c := &corpUser{Urn: urn, Type: "CORP_USER", Username: store.EntityID(urn)}
	if u == nil {
		return c
	}
	c.Properties = &userProperties{
		Active: !u.Inactive, DisplayName: optionalText(u.DisplayName), FullName: optionalText(u.FullName),
		Email: optionalText(u.Email), Title: optionalText(u.Title),
	}
	c.IsNativeUser = ptr(u.Password != "")
	switch {
	case u.ServiceAccount: // has no status
	case u.Suspended:
		c.Status = ptr("SUSPENDED")
	default:
		c.Status = ptr("ACTIVE")
	}
	return c
}

// corpUser is the user with what the client takes for a URN.
func (h *Hub) corpUser(v store.View, urn string) (*corpUser, error) {
	if !isURN(urn) {
		return nil, serverError(h.release, runtimeException, "Failed to batch load Datasets", noURN(urn))
	}
	return corpUserOf(urn, v.UserByURN(urn)), nil
}

// isURN tells whether the server can take a text apart as a URN.
func isURN(text string) bool {
	return store.EntityID(text) != "" && !strings.ContainsAny(text, " \t\n")
}
