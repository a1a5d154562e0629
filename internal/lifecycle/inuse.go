package lifecycle

import (
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
)

// sameEnd is how far a token's end and its secret's `exp` may lie apart: the
// server reads its clock twice, and the secret counts whole seconds.
const sameEnd = 2 * time.Second

// InUse tells which of the tokens may be the credential in use: the one the
// keyring's index knows by its secret, else those that represent the same actor
// and end at the same time. More than one means that it stays unclear which.
func InUse(tokens []datahub.Token, recognised string, claims datahub.Claims, known bool) []string {
	var ids []string
	for _, token := range tokens {
		switch {
		case recognised != "":
			if token.ID == recognised {
				return []string{recognised}
			}
		case known && fitsClaims(token, claims):
			ids = append(ids, token.ID)
		}
	}
	return ids
}

func fitsClaims(token datahub.Token, claims datahub.Claims) bool {
	if claims.Type == "SESSION" || token.Actor != claims.Actor {
		return false
	}
	if token.NeverExpires() || claims.ExpiresAt.IsZero() {
		return token.NeverExpires() && claims.ExpiresAt.IsZero()
	}
	return token.ExpiresAt.Sub(claims.ExpiresAt).Abs() <= sameEnd
}
