package lifecycle

import (
	"context"
	"slices"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// Leak is a secret that got into the wrong hands. Which token it belongs to has
// to be found out: an id cannot be computed without the server's salt.
type Leak struct {
	Secret string
	Claims datahub.Claims // of the secret
	// Own speaks to the server with the user's own credential. Nil: there is none.
	Own *datahub.Client
	// Leaked speaks to the same server with the secret itself.
	Leaked *datahub.Client
	// Ended: the secret is known to have ended, and is not presented. The server
	// would not take it, and would delete the token's record.
	Ended bool
	// Accepted is set where the server was seen to accept the secret, Certain
	// where the token was not just concluded from its actor and end.
	Accepted, Certain bool
}

// Find finds the tokens that the secret may belong to: exactly the one where the
// server tells, else those of the same actor that end at the same time. None
// means that it is revoked already, or of another server. Own is dropped where
// the server does not accept it.
func (l *Leak) Find(ctx context.Context) ([]datahub.Token, error) {
	if l.Own != nil {
		token, presence, err := l.Own.TokenOfSecret(ctx, l.Secret)
		switch {
		case failure.KindOf(err) == failure.Unauthenticated:
			l.Own = nil
		case err != nil:
			return nil, err
		case presence == datahub.Present:
			l.Certain = true
			return []datahub.Token{token}, nil
		case presence == datahub.Absent:
			return nil, nil
		}
	}
	var found []datahub.Token
	var err error
	if !l.Ended {
		found, err = l.askItself(ctx)
	}
	if err != nil || len(found) > 0 || l.Own == nil {
		return found, err
	}
	caller, err := l.Own.Caller(ctx)
	if err != nil {
		return nil, err
	}
	return l.fitting(ctx, l.Own, caller)
}

// askItself finds the tokens with the secret itself as credential: none where
// the server does not accept it.
func (l *Leak) askItself(ctx context.Context) ([]datahub.Token, error) {
	token, presence, err := l.Leaked.TokenOfSecret(ctx, l.Secret)
	if err == nil && presence == datahub.Present {
		l.Accepted, l.Certain = true, true
		return []datahub.Token{token}, nil
	}
	var found []datahub.Token
	if err == nil {
		found, err = l.fitting(ctx, l.Leaked, l.Claims.Actor)
	}
	if failure.KindOf(err) == failure.Unauthenticated {
		return nil, nil
	}
	l.Accepted = err == nil
	return found, err
}

// fitting lists as much as the caller may see of the tokens that represent the
// secret's actor, and keeps those that end when it does.
func (l *Leak) fitting(ctx context.Context, client *datahub.Client, caller datahub.URN) ([]datahub.Token, error) {
	scope := datahub.Scope{Actors: []datahub.URN{l.Claims.Actor}}
	tokens, err := client.List(ctx, scope)
	if failure.KindOf(err) == failure.Forbidden {
		scope.Owners = []datahub.URN{caller}
		tokens, err = client.List(ctx, scope)
	}
	if failure.KindOf(err) == failure.Forbidden {
		return nil, nil
	}
	return slices.DeleteFunc(tokens, func(t datahub.Token) bool { return !fitsClaims(t, l.Claims) }), err
}

// Revoke revokes the token that the secret belongs to: as the user, and with the
// secret itself where the user may not and the secret's actor may.
func (l *Leak) Revoke(ctx context.Context, token datahub.Token) (datahub.Revocation, error) {
	if l.Own != nil {
		caller, err := l.Own.Caller(ctx)
		if err != nil {
			return "", err
		}
		end, err := l.Own.Revoke(ctx, token.ID, token.Owner == caller)
		if failure.KindOf(err) != failure.Forbidden || token.Owner != l.Claims.Actor {
			return end, err
		}
	}
	return l.Leaked.RevokeItself(ctx, token.ID)
}

// StillAccepted reports whether the server, if it checks tokens at all, accepts
// the secret though the token was revoked that it seemed to belong to: that was
// another one, or a replica of the server does not know yet.
func (l *Leak) StillAccepted(ctx context.Context) bool {
	who, err := l.Leaked.WhoAmI(ctx)
	return err == nil && who.TokensChecked
}
