package mockhub

import (
	"context"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// CreateAccessToken makes a token (CreateAccessTokenResolver). What it gives is from the store, not from the index.
func (m *mutation) CreateAccessToken(ctx context.Context, args inputArgs) (*accessToken, error) {
	made := &accessToken{}
	err := m.hub.store.Update(func(tx *store.Tx) error {
		secret, kept, err := m.hub.create(tx, callOf(ctx).actor, args.Input)
		if err == nil {
			made.AccessToken, made.Metadata = secret, metadataOf(tx.View, kept)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (h *Hub) create(tx *store.Tx, caller string, in input) (string, *store.Token, error) {
	if err := h.mayCreate(tx.View, caller, in); err != nil {
		return "", nil, err
	}
	length, err := h.length(in)
	if err != nil {
		return "", nil, err
	}
	actor := in.text("actorUrn")
	if !isURN(actor) {
		return "", nil, serverError(h.release, runtimeException, noURN(actor))
	}
	return issue(tx, order{
		kind: in.text("type"), actor: actor, owner: caller,
		name: in.text("name"), description: in.optional("description"), length: length,
	})
}

// noURN is what UrnUtils.getUrn says.
func noURN(urn string) string { return "Failed to retrieve entity with urn " + urn + ", invalid urn" }

// mayCreate: for a service account its kind is looked at before the caller's privilege.
func (h *Hub) mayCreate(v store.View, caller string, in input) error {
	r, actor := h.rightsOf(v, caller), in.text("actorUrn")
	if in.text("type") == token.ServiceAccount {
		return h.mayCreateForAccount(v, r, actor)
	}
	if r.canManageTokens() || actor == caller && r.canGenerateTokens() {
		return nil
	}
	return unauthorized()
}

func (h *Hub) mayCreateForAccount(v store.View, r rights, actor string) error {
	u := v.UserByURN(actor)
	switch {
	case !isURN(actor):
		return serverError(h.release, runtimeException, "Failed to validate service account", noURN(actor))
	case u == nil || !u.ServiceAccount:
		return noAccount(actor)
	case !r.canManageServiceAccounts():
		return unauthorized()
	}
	return nil
}

// RevokeAccessToken ends a token (RevokeAccessTokenResolver). It is never false.
func (m *mutation) RevokeAccessToken(ctx context.Context, args struct{ TokenId string }) (bool, error) {
	h, caller := m.hub, callOf(ctx).actor
	err := h.store.Update(func(tx *store.Tx) error {
		held := tx.Token(args.TokenId)
		if !h.rightsOf(tx.View, caller).canManageTokens() && (held == nil || held.OwnerURN != caller) {
			return unauthorized()
		}
		if held == nil {
			return serverError(h.release, runtimeException, "Failed to revoke access token", "Access token no longer exists")
		}
		tx.Revoke(held.ID)
		return nil
	})
	return err == nil, err
}

// GetAccessToken makes a stateless token, which is in no list and cannot be revoked (GetAccessTokenResolver).
func (q *query) GetAccessToken(ctx context.Context, args inputArgs) (*accessToken, error) {
	h, caller, in := q.hub, callOf(ctx).actor, args.Input
	made := &accessToken{}
	var err error
	viewed := h.store.View(func(v store.View) {
		switch {
		case in.text("type") != token.Personal:
			err = serverError(h.release, "java.lang.UnsupportedOperationException", "Unsupported AccessTokenType "+in.text("type")+" provided")
		case in.text("actorUrn") != caller || !h.rightsOf(v, caller).canGenerateTokens():
			err = unauthorized()
		default:
			made.AccessToken, err = h.stateless(v, in)
		}
	})
	if err := firstOf(viewed, err); err != nil {
		return nil, err
	}
	return made, nil
}

func (h *Hub) stateless(v store.View, in input) (string, error) {
	length, err := h.length(in)
	if err != nil {
		return "", err
	}
	end := h.now().Add(length)
	if length == 0 {
		end = end.AddDate(0, 0, 1) // the length of the service's own overload
	}
	claims := token.NewClaims(token.Personal, token.Stateless, store.EntityID(in.text("actorUrn")), end)
	return token.Sign(claims, []byte(v.Key()))
}

// GetAccessTokenMetadata is what is known of a secret (GetAccessTokenMetadataResolver).
func (q *query) GetAccessTokenMetadata(ctx context.Context, args struct{ Token string }) (*metadata, error) {
	var found *metadata
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		held := v.Token(token.ID(args.Token, v.Salt()))
		switch {
		case !q.hub.rightsOf(v, callOf(ctx).actor).canManageTokens():
			err = unauthorized()
		case held == nil:
			err = nulled("/getAccessTokenMetadata", "AccessTokenMetadata", "Query")
		default:
			found = metadataOf(v, held)
		}
	})
	return found, firstOf(viewed, err)
}
