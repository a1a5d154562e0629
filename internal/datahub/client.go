package datahub

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/Khan/genqlient/graphql"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// Client speaks to one DataHub as one caller. It is safe for parallel use.
type Client struct {
	address   Address
	http      *transport.Transport
	requests  graphql.Client
	retries   *retrying // what requests is, for what is not GraphQL
	actingAs  URN
	secret    string
	session   bool // a session of the web interface takes a token's place
	claims    Claims
	hasClaims bool
	now       func() time.Time

	concurrency, pageSize int

	asked atomic.Pointer[URN] // who the server says the caller is, once it has said so
}

// defaultConcurrency is how many requests are under way at once at the most.
const defaultConcurrency = 32

// Options of a [Client] that are not the transport's.
type Options struct {
	// Notice is told, in one line, of a wait longer than a second. Nil: nobody.
	Notice func(string)
	// Now is the clock. Nil: the system's.
	Now func() time.Time
	// Concurrency is how many requests may be under way at once. 0: 32.
	Concurrency int
	// PageSize is how many tokens are asked for at once, 2 or more. 0: a thousand.
	PageSize int
}

// Connect is a client for the DataHub at address. The transport's options say
// how to get there and as whom; their endpoint is the address's. Nothing is
// sent yet.
func Connect(address Address, way transport.Options, o Options) (*Client, error) {
	way.Endpoint = address.GraphQL()
	carrier, err := transport.New(way)
	if err != nil {
		return nil, err
	}
	c := &Client{address: address, http: carrier, actingAs: URN(way.As), secret: way.Secret, session: len(way.Cookies) > 0, now: o.Now}
	if c.now == nil {
		c.now = time.Now
	}
	c.concurrency = orDefault(o.Concurrency, defaultConcurrency)
	c.pageSize = orDefault(o.PageSize, defaultPageSize)
	c.claims, c.hasClaims = ReadClaims(way.Secret)
	c.retries = &retrying{next: wire{carrier, way.Endpoint}, redact: carrier.WithoutSecrets, notice: o.Notice}
	c.requests = c.retries
	return c, nil
}

func orDefault(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}

// Address is where the client's DataHub is.
func (c *Client) Address() Address { return c.address }

// Claims are what the credential says about itself, if it is a token of a
// DataHub. Nobody has checked them.
func (c *Client) Claims() (Claims, bool) { return c.claims, c.hasClaims && c.actingAs == "" }

// Concurrency is how many requests may be under way at once.
func (c *Client) Concurrency() int { return c.concurrency }

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdle() }

func (c *Client) anonymous() bool { return c.secret == "" && c.actingAs == "" }

// Caller is who the server takes the caller for: said by the credential itself
// where it is a DataHub token, else asked for.
func (c *Client) Caller(ctx context.Context) (URN, error) {
	if c.actingAs != "" {
		return c.actingAs, nil
	}
	if c.hasClaims {
		return c.claims.Actor, nil
	}
	if caller := c.asked.Load(); caller != nil {
		return *caller, nil
	}
	return c.askCaller(ctx)
}

func (c *Client) askCaller(ctx context.Context) (URN, error) {
	const doing = "cannot tell who you are"
	answer, err := gql.Me(ctx, c.requests)
	if err != nil {
		return "", c.explain(doing, err)
	}
	if answer.Me == nil {
		return "", failure.New(failure.Unauthenticated, "%s: the server knows no user for this token", doing)
	}
	caller := URN(answer.Me.CorpUser.Urn)
	if err := intact(answer.Me.CorpUser.Urn); err != nil {
		return "", c.explain(doing, err)
	}
	c.asked.Store(&caller)
	return caller, nil
}

// Identity is what the server says of the caller and of itself.
type Identity struct {
	Actor            URN
	DisplayName      string
	ServerVersion    string // empty where the server does not say
	TokensChecked    bool   // token based authentication is enabled
	MayCreateTokens  bool   // Generate Personal Access Tokens, or a manager, who may too since 0.14
	MayManageAll     bool   // Manage All Access Tokens
	MayOnWebPage     bool   // Generate Personal Access Tokens itself: without it the web interface lets nobody make one
	ClaimedAnother   bool   // the credential's own actor is not whom the server sees: it is not checked
	CredentialsActor URN    // whom the credential says it represents; empty where it says nothing
}

// WhoAmI asks who the caller is.
func (c *Client) WhoAmI(ctx context.Context) (Identity, error) {
	const doing = "cannot tell who you are"
	answer, err := gql.WhoAmI(ctx, c.requests)
	if err != nil {
		return Identity{}, c.explain(doing, err)
	}
	if answer.Me == nil {
		return Identity{}, failure.New(failure.Unauthenticated, "%s: the server knows no user for this token", doing)
	}
	if err := intact(answer.Me.CorpUser.Urn); err != nil {
		return Identity{}, c.explain(doing, err)
	}
	who := Identity{
		Actor:           URN(answer.Me.CorpUser.Urn),
		DisplayName:     displayName(answer.Me.CorpUser),
		MayCreateTokens: answer.Me.PlatformPrivileges.GeneratePersonalAccessTokens || answer.Me.PlatformPrivileges.ManageTokens,
		MayManageAll:    answer.Me.PlatformPrivileges.ManageTokens,
		MayOnWebPage:    answer.Me.PlatformPrivileges.GeneratePersonalAccessTokens,
		TokensChecked:   true,
	}
	c.asked.Store(&who.Actor)
	if answer.AppConfig != nil {
		who.TokensChecked = answer.AppConfig.AuthConfig.TokenAuthEnabled
		who.ServerVersion = deref(answer.AppConfig.AppVersion)
	}
	if claims, ok := c.Claims(); ok {
		who.CredentialsActor = claims.Actor
		who.ClaimedAnother = claims.Actor != who.Actor
	}
	return who, nil
}

// TokenAuthentication asks whether the server checks tokens at all. It takes no
// privilege; a server that does check refuses whoever has no credential.
func (c *Client) TokenAuthentication(ctx context.Context) (on bool, err error) {
	answer, err := gql.TokenAuthentication(ctx, c.requests)
	if err != nil {
		return false, c.explain("cannot tell whether tokens are checked", err)
	}
	return answer.AppConfig == nil || answer.AppConfig.AuthConfig.TokenAuthEnabled, nil
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
