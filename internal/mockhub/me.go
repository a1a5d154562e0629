package mockhub

import (
	"context"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// me (MeResolver)

func (q *query) Me(ctx context.Context) (*authenticatedUser, error) {
	actor := callOf(ctx).actor
	var a authenticatedUser
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		a.rights = q.hub.rightsOf(v, actor)
		a.user, err = q.hub.corpUser(v, actor)
	})
	return &a, firstOf(viewed, err)
}

// authenticatedUser is the type AuthenticatedUser.
type authenticatedUser struct {
	user   *corpUser
	rights rights
}

func (a *authenticatedUser) CorpUser() *corpUser         { return a.user }
func (a *authenticatedUser) PlatformPrivileges() *rights { return &a.rights }

// The fields of PlatformPrivileges. generatePersonalAccessTokens is the privilege alone, even where managing tokens
// includes it.

func (r *rights) ViewAnalytics() bool                { return r.has(ViewAnalytics) }
func (r *rights) ManagePolicies() bool               { return r.has(ManagePolicies) }
func (r *rights) ManageIdentities() bool             { return r.has(ManageUsersAndGroups) }
func (r *rights) GeneratePersonalAccessTokens() bool { return r.has(GeneratePersonalAccessTokens) }
func (r *rights) ManageTokens() bool                 { return r.has(ManageAccessTokens) }
func (r *rights) ManageServiceAccounts() bool        { return r.has(ManageServiceAccounts) }

// corpUser

func (q *query) CorpUser(args urnArgs) (*corpUser, error) {
	var found *corpUser
	var err error
	viewed := q.hub.store.View(func(v store.View) { found, err = q.hub.corpUser(v, args.Urn) })
	return found, firstOf(viewed, err)
}

// entityExists (EntityExistsResolver): a text that is no URN fails before the future, with a checked exception, so its
// words are shown by no release.

func (q *query) EntityExists(args urnArgs) (*bool, error) {
	if !isURN(args.Urn) {
		return nil, failure(500, "SERVER_ERROR", "An unknown error occurred.")
	}
	exists := false
	err := q.hub.store.View(func(v store.View) {
		exists = v.UserByURN(args.Urn) != nil
		if id, ok := strings.CutPrefix(args.Urn, store.TokenURN); ok {
			exists = v.Token(id) != nil
		}
	})
	return &exists, err
}

// appConfig (AppConfigResolver)

func (q *query) AppConfig() *appConfig { return &appConfig{q.hub} }

// appConfig is the type AppConfig.
type appConfig struct{ hub *Hub }

func (a *appConfig) AppVersion() *string                { return ptr(a.hub.version()) }
func (a *appConfig) AuthConfig() *authConfig            { return &authConfig{a.hub} }
func (a *appConfig) PoliciesConfig() *enabled           { return &enabled{} }
func (a *appConfig) IdentityManagementConfig() *enabled { return &enabled{} }

// enabled is the type of a feature that is on.
type enabled struct{}

func (*enabled) Enabled() bool { return true }

// authConfig is the type AuthConfig.
type authConfig struct{ hub *Hub }

func (a *authConfig) TokenAuthEnabled() bool                { return !a.hub.options.AuthOff }
func (a *authConfig) AllowNoExpiry() bool                   { return a.hub.policy.allowNoExpiry }
func (a *authConfig) AllowedAccessTokenDurations() []string { return a.hub.policy.allowed }
