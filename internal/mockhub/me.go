package mockhub

import (
	"context"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// Me is who asks, and what they may do (MeResolver).
func (q *query) Me(ctx context.Context) (*authenticatedUser, error) {
	actor := callOf(ctx).actor
	var a authenticatedUser
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		a.PlatformPrivileges = q.hub.rightsOf(v, actor).shown()
		a.CorpUser, err = q.hub.corpUser(v, actor)
	})
	return &a, firstOf(viewed, err)
}

// authenticatedUser is the type AuthenticatedUser.
type authenticatedUser struct {
	CorpUser           *corpUser
	PlatformPrivileges *platformPrivileges
}

// platformPrivileges is the type PlatformPrivileges. GeneratePersonalAccessTokens is the privilege alone, even where
// managing tokens includes it.
type platformPrivileges struct {
	ViewAnalytics, ManagePolicies, ManageIdentities bool
	GeneratePersonalAccessTokens, ManageTokens      bool
	ManageServiceAccounts                           bool
}

func (r rights) shown() *platformPrivileges {
	return &platformPrivileges{
		ViewAnalytics: r.has(ViewAnalytics), ManagePolicies: r.has(ManagePolicies), ManageIdentities: r.has(ManageUsersAndGroups),
		GeneratePersonalAccessTokens: r.has(GeneratePersonalAccessTokens), ManageTokens: r.has(ManageAccessTokens),
		ManageServiceAccounts: r.has(ManageServiceAccounts),
	}
}

// CorpUser is a user by URN.
func (q *query) CorpUser(args urnArgs) (*corpUser, error) {
	var found *corpUser
	var err error
	viewed := q.hub.store.View(func(v store.View) { found, err = q.hub.corpUser(v, args.Urn) })
	return found, firstOf(viewed, err)
}

// EntityExists tells whether the store has an entity (EntityExistsResolver). A text that is no URN fails before the
// future, with a checked exception, so its words are shown by no release.
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

// AppConfig is what the server says of itself (AppConfigResolver).
func (q *query) AppConfig() *appConfig {
	return &appConfig{
		AppVersion: ptr(q.hub.version()), PoliciesConfig: enabled{true}, IdentityManagementConfig: enabled{true},
		AuthConfig: authConfig{
			TokenAuthEnabled: !q.hub.options.AuthOff, AllowNoExpiry: q.hub.policy.allowNoExpiry,
			AllowedAccessTokenDurations: q.hub.policy.allowed,
		},
	}
}

// appConfig is the type AppConfig.
type appConfig struct {
	AppVersion                               *string
	AuthConfig                               authConfig
	PoliciesConfig, IdentityManagementConfig enabled
}

// authConfig is the type AuthConfig.
type authConfig struct {
	TokenAuthEnabled, AllowNoExpiry bool
	AllowedAccessTokenDurations     []string
}

// enabled is the type of a feature that is on or off.
type enabled struct{ Enabled bool }
