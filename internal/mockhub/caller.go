package mockhub

import (
	"context"

	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// call is a request on its way: who asks, and what is to go wrong.
type call struct {
	actor  string // the URN
	faults []fault.Fault
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// fails tells whether a fault of this kind is to happen.
func (c *call) fails(kind fault.Kind) bool {
	for _, f := range c.faults {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// rights is what a caller may do at a moment, by the rules of the release.
type rights struct {
	hub  *Hub
	name string
	user *store.User // nil where there is none of the name
}

func (h *Hub) rightsOf(v store.View, actor string) rights {
	name := store.EntityID(actor)
	return rights{h, name, v.User(name)}
}

// has tells of a privilege as the policy cache sees it, which is late.
func (r rights) has(privilege string) bool {
	if r.name == systemUser {
		return true
	}
	return r.user != nil && r.user.Has(privilege, r.hub.now().Add(-r.hub.options.PrivilegeLag))
}

// canManageTokens: 0.13.1 to 0.13.3 refused managers who were no root user (issue #10620, fixed by PR #10853).
func (r rights) canManageTokens() bool {
	if r.hub.release.AtLeast(0, 13, 1) && r.hub.release.Before(0, 14, 0) && r.name != rootUser && r.name != systemUser {
		return false
	}
	return r.has(ManageAccessTokens)
}

// canGenerateTokens: from 0.14 managing includes it (PR #10853).
func (r rights) canGenerateTokens() bool {
	return r.has(GeneratePersonalAccessTokens) || r.hub.release.AtLeast(0, 14, 0) && r.has(ManageAccessTokens)
}

func (r rights) canManageServiceAccounts() bool { return r.has(ManageServiceAccounts) }

const (
	rootUser   = "datahub"
	systemUser = "__datahub_system" // who everybody is while authentication is off
)
