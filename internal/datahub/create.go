package datahub

import (
	"cmp"
	"context"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// TokenType is what sort of token it is. The server does not tell it of tokens
// that exist; their secrets do.
type TokenType string

// The types of tokens that can be issued.
const (
	Personal            TokenType = "PERSONAL"
	ServiceAccountToken TokenType = "SERVICE_ACCOUNT" // for a service account; DataHub 1.4 and newer
)

// NewToken is what is asked for.
type NewToken struct {
	Type        TokenType // empty: Personal
	Actor       URN       // whom it shall represent
	Name        string
	Description string
	Mark        string // from [NewMark]: finds the token again when the reply is lost
	Duration    Duration
}

// Issued is a new token with its secret, which the server tells only once.
type Issued struct {
	Token
	Secret string
}

// Create issues a token, in one request that is not repeated once it may have
// reached the server. After a failure, [Unsettled] says whether a token may
// exist all the same.
//
// The server loads the token's facts after it issued it; where that failed,
// the answer has the secret but an empty ID, and the mark leads to it.
func (c *Client) Create(ctx context.Context, n NewToken) (Issued, error) {
	doing := "cannot create the token"
	answer, err := gql.CreateAccessToken(ctx, c.requests, createInput(n))
	if err != nil {
		return Issued{}, c.explainCreate(doing, n, err)
	}
	issued := Issued{}
	if answer.CreateAccessToken != nil {
		issued.Secret = answer.CreateAccessToken.AccessToken
	}
	if err := intact(issued.Secret); err != nil {
		return Issued{}, c.explain(doing, err)
	}
	if !IsBearer(issued.Secret) {
		return Issued{}, c.explain(doing, &refusal{code: codeServerError, words: "no token in the answer"})
	}
	if meta := answer.CreateAccessToken.Metadata; meta != nil && meta.Id != "" {
		issued.Token = tokenFrom(*meta)
	}
	return issued, nil
}

func createInput(n NewToken) gql.CreateAccessTokenInput {
	input := gql.CreateAccessTokenInput{
		Type: gql.AccessTokenType(cmp.Or(n.Type, Personal)), ActorUrn: string(n.Actor), Name: n.Name,
	}
	if text := withMark(n.Description, n.Mark); text != "" {
		input.Description = &text
	}
	if name := n.Duration.Name(); name != "" {
		value := gql.AccessTokenDuration(name)
		input.Duration = &value
	} else {
		iso := n.Duration.ISO()
		input.DurationIso = &iso
	}
	return input
}

// explainCreate knows, beyond [Client.explain], why servers refuse to create.
func (c *Client) explainCreate(doing string, n NewToken, err error) error {
	r := refusalOf(err)
	if r == nil {
		return c.explain(doing, err)
	}
	if told := c.explainAccountToken(doing, n, r); told != nil {
		return told
	}
	told := failure.Of(c.explainRefusal(doing, r))
	switch {
	case c.lacksDuration(n, r):
		return c.refusedDuration(n, r)
	case r.code == codeForbidden:
		return forbiddenToCreate(n, told)
	case r.code == codeBadRequest && strings.Contains(r.words, "ALLOW"):
		told.Message = doing + ": the server does not allow this duration"
		told.Hint = "choose one of those it names with --duration"
	}
	return told
}

// lacksDuration recognises the two ways in which a release does not know a
// duration: no durationIso before the newest, and ONE_WEEK, which fails with an
// unexplained 500 before 1.3 (AccessTokenUtil) while later releases say more.
func (c *Client) lacksDuration(n NewToken, r *refusal) bool {
	if r.unknownToServer() && strings.Contains(r.words, "durationIso") {
		return true
	}
	if strings.Contains(r.words, "Unrecognized access token duration") {
		return true
	}
	return n.Duration.Name() == "ONE_WEEK" && r.words == "An unknown error occurred."
}

func (c *Client) refusedDuration(n NewToken, r *refusal) error {
	var names []string
	for _, known := range DurationNames() {
		if known.Name != n.Duration.Name() {
			names = append(names, known.Name)
		}
	}
	return &failure.Error{
		Kind:    failure.Usage,
		Message: "cannot create the token: this DataHub does not know the duration " + n.Duration.String(),
		Server:  r.words,
		Hint:    "it takes " + strings.Join(names, ", "),
		Err:     &refusal{code: codeBadRequest, words: r.words},
	}
}

func forbiddenToCreate(n NewToken, told *failure.Error) error {
	told.Message = "cannot create the token: not allowed for " + n.Actor.Username()
	told.Hint = "for yourself it takes the privilege Generate Personal Access Tokens, for others Manage All Access Tokens; " +
		"a privilege granted just now takes up to two minutes to act"
	return told
}
