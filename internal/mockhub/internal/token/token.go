// Package token makes and checks what DataHub calls tokens: signed JWTs with its claims, and the ids under which the
// stateful ones are kept. It knows nothing of who may have one.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Issuer is the iss of every token.
const Issuer = "datahub-metadata-service"

// Kinds of tokens, as in the claim type.
const (
	Personal       = "PERSONAL"
	ServiceAccount = "SERVICE_ACCOUNT"
	Session        = "SESSION"
)

// Versions of tokens, as in the claim version: a stateless token is not kept, so it can neither be listed nor revoked.
const (
	Stateless = "1"
	Stateful  = "2"
)

// Claims are what DataHub writes into a token. There is no iat, no name and no id; without an exp it never ends.
type Claims struct {
	ActorType string `json:"actorType"`
	ActorID   string `json:"actorId"`
	Type      string `json:"type"`
	Version   string `json:"version"`
	jwt.RegisteredClaims
}

// NewClaims are the claims of a new token for the user with this id. A zero end is never.
func NewClaims(kind, version, actorID string, end time.Time) Claims {
	c := Claims{ActorType: "USER", ActorID: actorID, Type: kind, Version: version}
	c.ID, c.Subject, c.Issuer = UUID(), actorID, Issuer
	if !end.IsZero() {
		c.ExpiresAt = jwt.NewNumericDate(end)
	}
	return c
}

// Sign makes the secret for these claims.
func Sign(c Claims, key []byte) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key)
}

// ErrExpired says that a token was good until its end came.
var ErrExpired = errors.New("token has expired")

// Verify reads a secret and checks signature, issuer and end. At ErrExpired the claims are valid beside the error.
func Verify(secret string, key []byte, now time.Time) (Claims, error) {
	var c Claims
	_, err := jwt.ParseWithClaims(secret, &c, func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(Issuer),
		jwt.WithTimeFunc(func() time.Time { return now }))
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, ErrExpired
	default:
		return Claims{}, fmt.Errorf("failed to verify the token: %w", err)
	}
}

// ID is the id under which a secret is kept: 44 characters, standard base64 with padding of the SHA-256 of the secret
// and the server's salt.
func ID(secret, salt string) string {
	sum := sha256.Sum256([]byte(secret + salt))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// UUID is a random (version 4) UUID.
func UUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
