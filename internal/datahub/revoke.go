package datahub

import (
	"context"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// Revocation is how revoking a token ended.
type Revocation string

// The ends of a revocation that did not fail.
const (
	Revoked     Revocation = "revoked"
	AlreadyGone Revocation = "already-gone"
)

// Revoke revokes the token with the id.
//
// What the server does not answer with true is looked into before it is called
// failed: a repeated request finds its token gone, and most releases hide that
// behind a general error. known says that the caller owns the token, or did:
// only then does a refusal, which others get for unknown ids too, with an empty
// search prove that it is gone.
func (c *Client) Revoke(ctx context.Context, id string, known bool) (Revocation, error) {
	const doing = "cannot revoke the token"
	answer, err := gql.RevokeAccessToken(ctx, c.requests, id)
	if err == nil && answer.RevokeAccessToken {
		return Revoked, nil
	}
	if err == nil {
		err = &refusal{code: codeServerError, words: "the server answered false"}
	}
	return c.settleRevocation(ctx, id, known, c.explain(doing, err))
}

// RevokeItself revokes the token that is the client's own credential. Where a
// reply was lost, the server not accepting it any more tells that it went.
func (c *Client) RevokeItself(ctx context.Context, id string) (Revocation, error) {
	lost := false
	end, err := c.Revoke(noteLoss(ctx, &lost), id, true)
	if err == nil || !lost || ctx.Err() != nil {
		return end, err
	}
	if failure.KindOf(err) != failure.Unauthenticated {
		if _, asked := c.askCaller(ctx); failure.KindOf(asked) != failure.Unauthenticated {
			return end, err
		}
	}
	return Revoked, nil
}

func (c *Client) settleRevocation(ctx context.Context, id string, known bool, err error) (Revocation, error) {
	r := refusalOf(err)
	switch {
	case r != nil && strings.Contains(r.words, "Access token no longer exists"):
		return AlreadyGone, nil
	case ctx.Err() != nil && Unsettled(err):
		return "", unsettledRevocation(err)
	case ctx.Err() != nil, r == nil && !Unsettled(err), r != nil && !r.serverFailed() && !(known && r.code == codeForbidden):
		return "", forbiddenToRevoke(err)
	}
	_, presence, lookErr := c.Find(ctx, id)
	switch {
	case lookErr != nil || presence == Uncertain:
		return "", unsettledRevocation(err)
	case presence == Absent && r == nil:
		return Revoked, nil
	case presence == Absent:
		return AlreadyGone, nil
	}
	return "", forbiddenToRevoke(err)
}

// unsettledRevocation says that nobody knows how it ended, where the request
// itself leaves that open; a refusal stays one.
func unsettledRevocation(err error) error {
	if faultOf(err) == nil {
		return forbiddenToRevoke(err)
	}
	return unknownWhether("the token was revoked", err, "revoke it again: that does no harm")
}

func forbiddenToRevoke(err error) error {
	told := failure.Of(err)
	if told.Kind != failure.Forbidden {
		return err
	}
	return &failure.Error{
		Kind: failure.Forbidden, Server: told.Server, Err: err,
		Message: "cannot revoke the token: it is not yours, or does not exist: the server answers both alike",
		Hint:    "revoking what others created takes the privilege Manage All Access Tokens; being whom a token represents is not enough",
	}
}
