package mockhub

import (
	"context"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// root is what the engine resolves operations by: the fields of Query and Mutation are the methods of query and
// mutation, of their objects those of the other types here.
type root struct{ hub *Hub }

func (r *root) Query() *query       { return &query{r.hub} }
func (r *root) Mutation() *mutation { return &mutation{r.hub} }

type query struct{ hub *Hub }

type mutation struct{ hub *Hub }

// input is an input object as the engine coerced it.
type input map[string]any

func (input) ImplementsGraphQLType(string) bool { return true }

func (i *input) UnmarshalGraphQL(v any) error {
	*i, _ = v.(map[string]any)
	return nil
}

type inputArgs struct{ Input input }

type urnArgs struct{ Urn string }

func (i input) text(name string) string { return text(i[name]) }

// optional is a member that may be absent or null.
func (i input) optional(name string) *string {
	if s, ok := i[name].(string); ok {
		return &s
	}
	return nil
}

// number is a member, or what stands for it when it is absent or null.
func (i input) number(name string, otherwise int) int {
	if n, ok := i[name].(int32); ok {
		return int(n)
	}
	return otherwise
}

// long is a number of the scalar Long: milliseconds since 1970.
type long int64

func (long) ImplementsGraphQLType(name string) bool { return name == "Long" }

func (l *long) UnmarshalGraphQL(any) error { return nil }

// optionalLong is the number, null for 0.
func optionalLong(n int64) *long {
	if n == 0 {
		return nil
	}
	return ptr(long(n))
}

func ptr[T any](v T) *T { return &v }

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// createAccessToken (CreateAccessTokenResolver)

func (m *mutation) CreateAccessToken(ctx context.Context, args inputArgs) (*accessToken, error) {
	var secret string
	var made *store.Token
	var owner *store.User
	err := m.hub.store.Update(func(tx *store.Tx) (err error) {
		caller := callOf(ctx).actor
		owner = tx.UserByURN(caller)
		secret, made, err = m.create(tx, caller, args.Input)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &accessToken{secret, &metadata{token: made, owner: owner}}, nil
}

func (m *mutation) create(tx *store.Tx, caller string, in input) (string, *store.Token, error) {
	if err := m.hub.mayCreate(tx.View, caller, in); err != nil {
		return "", nil, err
	}
	length, err := m.hub.length(in)
	if err != nil {
		return "", nil, err
	}
	if actor := in.text("actorUrn"); !isURN(actor) {
		return "", nil, m.hub.invalidURN(actor)
	}
	return issue(tx, order{
		kind: in.text("type"), actor: in.text("actorUrn"), owner: caller,
		name: in.text("name"), description: in.optional("description"), length: length,
	})
}

// mayCreate: for a service account its kind is looked at before the caller's privilege.
func (h *Hub) mayCreate(v store.View, caller string, in input) error {
	r, actor := h.rightsOf(v, caller), in.text("actorUrn")
	if in.text("type") == token.ServiceAccount {
		if !isURN(actor) {
			return serverError(h.release, runtimeException, "Failed to validate service account", noURN(actor))
		}
		if u := v.UserByURN(actor); u == nil || !u.ServiceAccount {
			return badRequest("The specified URN is not a service account: %s", actor)
		}
		if !r.canManageServiceAccounts() {
			return unauthorized()
		}
		return nil
	}
	if r.canManageTokens() || actor == caller && r.canGenerateTokens() {
		return nil
	}
	return unauthorized()
}

// length is how long a token that is asked for is to live, 0 for ever.
func (h *Hub) length(in input) (time.Duration, error) {
	return h.policy.length(h.release, in.optional("duration"), in.optional("durationIso"))
}

// invalidURN is what UrnUtils.getUrn throws.
func (h *Hub) invalidURN(urn string) error {
	return serverError(h.release, runtimeException, noURN(urn))
}

func noURN(urn string) string { return "Failed to retrieve entity with urn " + urn + ", invalid urn" }

// revokeAccessToken (RevokeAccessTokenResolver)

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

// getAccessToken (GetAccessTokenResolver): a stateless token, which is in no list and cannot be revoked.

func (q *query) GetAccessToken(ctx context.Context, args inputArgs) (*accessToken, error) {
	h, caller, in := q.hub, callOf(ctx).actor, args.Input
	var secret string
	var err error
	viewed := h.store.View(func(v store.View) {
		switch {
		case in.text("type") != token.Personal:
			err = serverError(h.release, "java.lang.UnsupportedOperationException",
				"Unsupported AccessTokenType "+in.text("type")+" provided")
		case in.text("actorUrn") != caller || !h.rightsOf(v, caller).canGenerateTokens():
			err = unauthorized()
		default:
			secret, err = h.stateless(v, in)
		}
	})
	if viewed != nil || err != nil {
		return nil, firstOf(viewed, err)
	}
	return &accessToken{secret: secret}, nil
}

func (h *Hub) stateless(v store.View, in input) (string, error) {
	length, err := h.length(in)
	if err != nil {
		return "", err
	}
	claims := token.NewClaims(token.Personal, token.Stateless, store.EntityID(in.text("actorUrn")), endAfter(h.now(), length))
	return token.Sign(claims, []byte(v.Key()))
}

// getAccessTokenMetadata (GetAccessTokenMetadataResolver)

func (q *query) GetAccessTokenMetadata(ctx context.Context, args struct{ Token string }) (*metadata, error) {
	h := q.hub
	var found *metadata
	var err error
	viewed := h.store.View(func(v store.View) {
		if !h.rightsOf(v, callOf(ctx).actor).canManageTokens() {
			err = unauthorized()
			return
		}
		if held := v.Token(token.ID(args.Token, v.Salt())); held != nil {
			found = metadataOf(v, held)
		}
	})
	switch {
	case viewed != nil || err != nil:
		return nil, firstOf(viewed, err)
	case found == nil:
		return nil, nulled("/getAccessTokenMetadata", "AccessTokenMetadata", "Query")
	}
	return found, nil
}
