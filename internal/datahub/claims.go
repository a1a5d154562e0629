package datahub

import (
	"math"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims is what a DataHub access token says about itself. Nobody vouches for
// it: only the server can check the signature.
type Claims struct {
	Actor     URN       // whom the token represents
	Type      string    // PERSONAL, SERVICE_ACCOUNT, or SESSION for a signed-in browser's
	Version   string    // "2" for tokens that can be listed and revoked, "1" for those that cannot
	ExpiresAt time.Time // UTC, whole seconds; zero: never
	Issuer    string    // datahub-metadata-service, unless the server is told otherwise
}

// maxToken is how long a token can be at most: GMS takes 32 KiB of headers.
const maxToken = 32 << 10

// rawClaims are the claims that DataHub's token service writes.
type rawClaims struct {
	jwt.RegisteredClaims
	ActorID string `json:"actorId"`
	Type    string `json:"type"`
	Version string `json:"version"`
	Expires any    `json:"exp"`
}

// ReadClaims reads a DataHub access token without the server and without
// checking its signature. ok is false for anything else, also for another
// system's JWT.
func ReadClaims(secret string) (claims Claims, ok bool) {
	if len(secret) > maxToken {
		return Claims{}, false
	}
	var raw rawClaims
	if _, _, err := jwt.NewParser().ParseUnverified(secret, &raw); err != nil {
		return Claims{}, false
	}
	actor, err := ParseUser(userPrefix + raw.ActorID)
	if err != nil || raw.Type == "" {
		return Claims{}, false
	}
	end, ok := claimedEnd(raw.Expires)
	if !ok {
		return Claims{}, false
	}
	return Claims{Actor: actor, Type: raw.Type, Version: raw.Version, ExpiresAt: end, Issuer: raw.Issuer}, true
}

// claimedEnd is the time that the claim exp states: none if there is no such
// claim. ok is false if it is not a time that can be written down.
func claimedEnd(exp any) (end time.Time, ok bool) {
	if exp == nil {
		return time.Time{}, true
	}
	const year9999 = 253402300799
	seconds, isNumber := exp.(float64)
	if !isNumber || seconds < 0 || seconds > year9999 {
		return time.Time{}, false
	}
	return time.Unix(int64(math.Floor(seconds)), 0).UTC(), true
}
