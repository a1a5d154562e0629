package mockhub

import (
	"errors"
	"net/http"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// rejection is why a request is not let in.
type rejection struct {
	status  int
	message string
}

var (
	rejected = &rejection{http.StatusUnauthorized, "Unauthorized to perform this action."}
	inactive = &rejection{http.StatusForbidden, "Actor is not active"}
)

// authenticate tells whom a request at GMS is from: the URN, or why it is not let in. An expired token is removed.
func (h *Hub) authenticate(r *http.Request) (string, *rejection) {
	if h.options.AuthOff {
		return actorWithoutAuth(r)
	}
	secret, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		return "", rejected
	}
	var claims token.Claims
	var err error
	var known, active bool
	viewed := h.store.View(func(v store.View) {
		claims, err = token.Verify(secret, []byte(v.Key()), h.now())
		known = h.isKept(v, claims, secret)
		u := v.User(claims.ActorID)
		active = u != nil && u.Active()
	})
	switch {
	case viewed != nil:
		return "", rejected
	case errors.Is(err, token.ErrExpired):
		return "", h.expired(secret, known)
	case err != nil || !known:
		return "", rejected
	}
	return store.UserURN + claims.ActorID, h.refusalOf(active)
}

// isKept tells whether the store has what a stateful token needs; a revoked one is still there for another replica.
func (h *Hub) isKept(v store.View, claims token.Claims, secret string) bool {
	if claims.Version != token.Stateful {
		return true
	}
	id := token.ID(secret, v.Salt())
	if v.Token(id) != nil {
		return true
	}
	at, revoked := v.RevokedAt(id)
	return revoked && h.now().Before(at.Add(h.options.RevocationLag))
}

// expired removes an expired token, which is the only way it ever goes by itself, and says what the release says. Up
// to 1.1 that is told apart from other refusals, as long as the token is there.
func (h *Hub) expired(secret string, known bool) *rejection {
	err := h.store.Update(func(tx *store.Tx) error {
		if id := token.ID(secret, tx.Salt()); tx.Token(id) != nil {
			tx.Revoke(id)
		}
		return nil
	})
	if err == nil && known && h.release.Before(1, 2, 0) {
		return &rejection{http.StatusUnauthorized, "Failed to validate DataHub token. Token has expired."}
	}
	return rejected
}

// refusalOf is what becomes of tokens of suspended, removed and missing users.
func (h *Hub) refusalOf(active bool) *rejection {
	switch {
	case active || h.release.Before(0, 15, 0):
		return nil
	case h.release.Before(1, 2, 0):
		return inactive
	}
	return rejected
}

// actorWithoutAuth is whom a server without authentication takes the caller for (NoOpAuthenticator).
func actorWithoutAuth(r *http.Request) (string, *rejection) {
	urn := r.Header.Get("X-DataHub-Actor")
	switch {
	case urn == "":
		return store.UserURN + systemUser, nil
	case !isURN(urn):
		return "", rejected
	}
	return store.UserURN + store.EntityID(urn), nil
}

// bearer is the secret of an Authorization header; other casings of the scheme are not recognised.
func bearer(header string) (string, bool) {
	for _, scheme := range []string{"Bearer ", "bearer "} {
		if secret, ok := strings.CutPrefix(header, scheme); ok {
			return strings.TrimSpace(secret), true
		}
	}
	return "", false
}
