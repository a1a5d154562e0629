package mockhub

import (
	"context"
	"errors"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

func isFailure(err error) bool {
	var f *engine.Failure
	return errors.As(err, &f)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// endAfter is the end of what lives that long from now on; zero for ever.
func endAfter(now time.Time, length time.Duration) time.Time {
	if length == 0 {
		return time.Time{}
	}
	return now.Add(length)
}

// accessToken is the type AccessToken.
type accessToken struct {
	hub    *Hub
	secret string
	token  *store.Token // nil where the token is stateless
}

func (a *accessToken) AccessToken() string { return a.secret }

func (a *accessToken) Metadata() *metadata {
	if a.token == nil {
		return nil
	}
	return &metadata{a.hub, a.token}
}

// tokenPage is the type ListAccessTokenResult.
type tokenPage struct {
	hub                 *Hub
	start, count, total int
	tokens              []*metadata
}

func (p *tokenPage) Start() int32        { return int32(p.start) }
func (p *tokenPage) Count() int32        { return int32(p.count) }
func (p *tokenPage) Total() int32        { return int32(p.total) }
func (p *tokenPage) Tokens() []*metadata { return p.tokens }

// metadata is the type AccessTokenMetadata.
type metadata struct {
	hub   *Hub
	token *store.Token
}

func (m *metadata) Urn() string          { return m.token.URN() }
func (m *metadata) Type() string         { return "ACCESS_TOKEN" }
func (m *metadata) Id() string           { return m.token.ID }
func (m *metadata) Name() string         { return m.token.Name }
func (m *metadata) Description() *string { return m.token.Description }
func (m *metadata) ActorUrn() string     { return m.token.ActorURN }
func (m *metadata) OwnerUrn() string     { return m.token.OwnerURN }
func (m *metadata) CreatedAt() long      { return long(m.token.CreatedAt) }
func (m *metadata) ExpiresAt() *long     { return optionalLong(m.token.ExpiresAt) }

func (m *metadata) Owner() (*corpUser, error) { return m.hub.corpUser(m.token.OwnerURN) }

// corpUser is the type CorpUser.
type corpUser struct {
	urn  string
	user *store.User // nil where nobody is known by the URN: only its key is shown
}

// corpUser is the user with a URN. The server makes an object of any valid URN: of one it does not know, it has the
// key alone.
func (h *Hub) corpUser(urn string) (*corpUser, error) {
	c := &corpUser{urn: urn}
	err := h.store.View(func(v store.View) { c.user = v.User(store.UserName(urn)) })
	return c, err
}

func (c *corpUser) Urn() string      { return c.urn }
func (c *corpUser) Type() string     { return "CORP_USER" }
func (c *corpUser) Username() string { return store.UserName(c.urn) }
func (c *corpUser) Exists() *bool    { return ptr(c.user != nil) }

func (c *corpUser) Properties() *userProperties {
	if c.user == nil {
		return nil
	}
	return &userProperties{c.user}
}

func (c *corpUser) EditableProperties() *editableProperties { return nil }

func (c *corpUser) Status() *string {
	switch {
	case c.user == nil:
		return nil
	case c.user.Suspended:
		return ptr("SUSPENDED")
	}
	return ptr("ACTIVE")
}

func (c *corpUser) IsNativeUser() *bool { return ptr(c.user != nil && c.user.Password != "") }

// userProperties is the type CorpUserProperties.
type userProperties struct{ user *store.User }

func (p *userProperties) Active() bool         { return p.user.Active() }
func (p *userProperties) DisplayName() *string { return optionalText(p.user.DisplayName) }
func (p *userProperties) Email() *string       { return optionalText(p.user.Email) }
func (p *userProperties) Title() *string       { return optionalText(p.user.Title) }
func (p *userProperties) FirstName() *string   { return nil }
func (p *userProperties) LastName() *string    { return nil }
func (p *userProperties) FullName() *string    { return optionalText(p.user.FullName) }

// editableProperties is the type CorpUserEditableProperties.
type editableProperties struct{}

func (*editableProperties) DisplayName() *string { return nil }
func (*editableProperties) Title() *string       { return nil }
func (*editableProperties) AboutMe() *string     { return nil }
func (*editableProperties) Email() *string       { return nil }

// me, corpUser, entityExists, appConfig

func (q *query) Me(ctx context.Context) (*authenticatedUser, error) {
	actor := callOf(ctx).actor
	user, err := q.hub.corpUser(actor)
	if err != nil {
		return nil, err
	}
	a := &authenticatedUser{user: user}
	err = q.hub.store.View(func(v store.View) { a.rights = q.hub.rightsOf(v, actor) })
	return a, err
}

func (q *query) CorpUser(args urnArgs) (*corpUser, error) { return q.hub.corpUser(args.Urn) }

func (q *query) EntityExists(args urnArgs) (*bool, error) {
	exists := false
	err := q.hub.store.View(func(v store.View) {
		u := v.User(store.UserName(args.Urn))
		exists = u != nil && u.URN() == args.Urn
		if id, ok := tokenID(args.Urn); ok {
			exists = v.Token(id) != nil
		}
	})
	return &exists, err
}

func (q *query) AppConfig() *appConfig { return &appConfig{q.hub} }

// authenticatedUser is the type AuthenticatedUser.
type authenticatedUser struct {
	user   *corpUser
	rights rights
}

func (a *authenticatedUser) CorpUser() *corpUser         { return a.user }
func (a *authenticatedUser) PlatformPrivileges() *rights { return &a.rights }

// The fields of PlatformPrivileges. generatePersonalAccessTokens is the privilege alone, even where managing tokens
// includes it (MeResolver).

func (r *rights) ViewAnalytics() bool                { return r.has(ViewAnalytics) }
func (r *rights) ManagePolicies() bool               { return r.has(ManagePolicies) }
func (r *rights) ManageIdentities() bool             { return r.has(ManageUsersAndGroups) }
func (r *rights) GeneratePersonalAccessTokens() bool { return r.has(GeneratePersonalAccessTokens) }
func (r *rights) ManageTokens() bool                 { return r.has(ManageAccessTokens) }
func (r *rights) ManageServiceAccounts() bool        { return r.has(ManageServiceAccounts) }

// appConfig is the type AppConfig.
type appConfig struct{ hub *Hub }

func (a *appConfig) AppVersion() *string                { return ptr(a.hub.version()) }
func (a *appConfig) AuthConfig() *authConfig            { return &authConfig{a.hub} }
func (a *appConfig) PoliciesConfig() *enabled           { return &enabled{} }
func (a *appConfig) IdentityManagementConfig() *enabled { return &enabled{} }

type enabled struct{}

func (*enabled) Enabled() bool { return true }

// authConfig is the type AuthConfig.
type authConfig struct{ hub *Hub }

func (a *authConfig) TokenAuthEnabled() bool                { return !a.hub.options.AuthOff }
func (a *authConfig) AllowNoExpiry() bool                   { return a.hub.policy.allowNoExpiry }
func (a *authConfig) AllowedAccessTokenDurations() []string { return a.hub.policy.allowed }
