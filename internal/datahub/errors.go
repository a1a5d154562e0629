package datahub

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// refusal is what GraphQL answered instead of a result. DataHub puts the code
// into the error's extensions while HTTP says 200 (DataHubGraphQLErrorCode).
type refusal struct {
	code           int
	classification string
	words          string
}

// Error is the server's own words.
func (r *refusal) Error() string { return r.words }

// The codes of DataHubGraphQLErrorCode that pat tells apart.
const (
	codeBadRequest  = 400
	codeForbidden   = 403
	codeNotFound    = 404
	codeServerError = 500
)

// refusalOf is the GraphQL error in err's chain, if there is one.
func refusalOf(err error) *refusal {
	var known *refusal
	if errors.As(err, &known) {
		return known
	}
	var list gqlerror.List
	if !errors.As(err, &list) || len(list) == 0 {
		return nil
	}
	first := list[0]
	if first == nil {
		return &refusal{}
	}
	r := &refusal{words: first.Message}
	r.classification, _ = first.Extensions["classification"].(string)
	if code, ok := first.Extensions["code"].(float64); ok {
		r.code = int(code)
	}
	return r
}

// faultOf is the HTTP fault in err's chain, if there is one.
func faultOf(err error) *transport.Fault {
	var fault *transport.Fault
	if errors.As(err, &fault) {
		return fault
	}
	return nil
}

// unknownToServer reports that the server's schema lacks something the request
// asked for: it is older than that, or newer.
func (r *refusal) unknownToServer() bool {
	return r.classification == "ValidationError" || strings.HasPrefix(r.words, "Validation error")
}

// spoiledPage reports a page that a token's deletion broke while it was put
// together: graphql-java nulls the whole answer.
func (r *refusal) spoiledPage() bool { return r.classification == "NullValueInNonNullableField" }

// serverFailed reports that the server may have failed half-way.
func (r *refusal) serverFailed() bool {
	return r.code >= codeServerError || (r.code == 0 && !r.unknownToServer())
}

// Unsettled reports whether the request that failed with err may have taken
// effect all the same.
func Unsettled(err error) bool {
	if fault := faultOf(err); fault != nil {
		return fault.Sent && !fromElsewhere(fault)
	}
	if r := refusalOf(err); r != nil {
		return r.serverFailed()
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// unknownWhether is a failure after which nobody knows whether something was done.
// One by interruption stays that.
func unknownWhether(done string, err error, hint string) error {
	told := *failure.Of(err)
	if told.Kind != failure.Interrupted {
		told.Kind = failure.OutcomeUnknown
	}
	told.Message, told.Hint = "it is unknown whether "+done+": "+told.Message, hint
	return &told
}

// fromElsewhere reports an answer that no DataHub gives after it has executed
// something: a refusal by HTTP status, or what another program says in its place.
func fromElsewhere(fault *transport.Fault) bool {
	switch fault.Reason {
	case transport.Status:
		return fault.Status < codeServerError && fault.Status != http.StatusRequestTimeout
	case transport.Redirect, transport.HTML, transport.NotGraphQL:
		return true
	}
	return false
}

// explain makes a failure for the user out of what went wrong while doing
// something.
func (c *Client) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if fault := faultOf(err); fault != nil {
		return c.explainFault(doing, fault)
	}
	if r := refusalOf(err); r != nil {
		return c.explainRefusal(doing, r)
	}
	var told *failure.Error
	switch {
	case errors.As(err, &told):
		return err
	case errors.Is(err, context.Canceled):
		return &failure.Error{Kind: failure.Interrupted, Message: doing + ": interrupted", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &failure.Error{Kind: failure.Unavailable, Message: doing + ": the deadline passed", Err: err,
			Hint: "give it longer with --deadline"}
	}
	return &failure.Error{Kind: failure.Unavailable, Message: doing + ": the server's answer could not be read", Err: err}
}

// explainRefusal words a GraphQL error.
func (c *Client) explainRefusal(doing string, r *refusal) error {
	out := &failure.Error{Kind: failure.Other, Message: doing, Server: r.words, Err: r}
	switch {
	case r.unknownToServer():
		out.Message += ": this DataHub's API lacks something that was asked for"
		out.Hint = "its release may be older than pat supports (0.10.0), or the feature newer than it"
	case r.code == codeForbidden:
		out.Kind, out.Message = failure.Forbidden, doing+": not allowed"
		out.Hint = "a token has exactly its user's rights; a privilege granted just now takes up to two minutes to act"
	case r.code == codeBadRequest:
		out.Kind, out.Message = failure.Usage, doing+": the server refused it"
	case r.code == codeNotFound:
		out.Kind = failure.NotFound
	case r.code > codeServerError:
		out.Kind, out.Hint = failure.Unavailable, "try again later"
	default:
		out.Message += ": the server failed"
		out.Hint = "its log says more; `pat whoami` tells whether it answers at all"
	}
	return out
}

// expiredAgo says that the credential's own end has passed, where that is so:
// servers from 1.2 on answer 401 without saying why.
func (c *Client) expiredAgo(now time.Time) (string, bool) {
	if !c.hasClaims || c.claims.ExpiresAt.IsZero() || c.claims.ExpiresAt.After(now) {
		return "", false
	}
	return "your token expired on " + c.claims.ExpiresAt.UTC().Format("2006-01-02 15:04 MST"), true
}
