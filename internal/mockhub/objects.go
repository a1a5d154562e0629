package mockhub

import (
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// endAfter is the end of what lives that long from now on; zero for ever.
func endAfter(now time.Time, length time.Duration) time.Time {
	if length == 0 {
		return time.Time{}
	}
	return now.Add(length)
}

// accessToken is the type AccessToken.
type accessToken struct {
	secret   string
	metadata *metadata // nil where the token is stateless
}

func (a *accessToken) AccessToken() string { return a.secret }

func (a *accessToken) Metadata() *metadata { return a.metadata }

// tokenPage is the type ListAccessTokenResult.
type tokenPage struct {
	start, count, total int
	tokens              []*metadata
}

func (p *tokenPage) Start() int32        { return int32(p.start) }
func (p *tokenPage) Count() int32        { return int32(p.count) }
func (p *tokenPage) Total() int32        { return int32(p.total) }
func (p *tokenPage) Tokens() []*metadata { return p.tokens }

// metadata is the type AccessTokenMetadata.
type metadata struct {
	token *store.Token
	owner *store.User // nil where nobody is known by the owner's URN
}

// metadataOf is a token with its owner as the store knows them now.
func metadataOf(v store.View, t *store.Token) *metadata { return &metadata{t, v.UserByURN(t.OwnerURN)} }

func (m *metadata) Urn() string          { return m.token.URN() }
func (m *metadata) Type() string         { return "ACCESS_TOKEN" }
func (m *metadata) Id() string           { return m.token.ID }
func (m *metadata) Name() string         { return m.token.Name }
func (m *metadata) Description() *string { return m.token.Description }
func (m *metadata) ActorUrn() string     { return m.token.ActorURN }
func (m *metadata) OwnerUrn() string     { return m.token.OwnerURN }
func (m *metadata) CreatedAt() long      { return long(m.token.CreatedAt) }
func (m *metadata) ExpiresAt() *long     { return optionalLong(m.token.ExpiresAt) }

func (m *metadata) Owner() *corpUser { return &corpUser{m.token.OwnerURN, m.owner} }

func (m *metadata) Relationships(inputArgs) *relationships { return &relationships{} }

// relationships is the type EntityRelationshipsResult: nothing here is related to anything.
type relationships struct{}

func (*relationships) Start() *int32                        { return ptr(int32(0)) }
func (*relationships) Count() *int32                        { return ptr(int32(0)) }
func (*relationships) Total() *int32                        { return ptr(int32(0)) }
func (*relationships) Relationships() []*entityRelationship { return nil }

// entityRelationship is the type EntityRelationship.
type entityRelationship struct{}

func (*entityRelationship) Type() string      { return "" }
func (*entityRelationship) Direction() string { return "" }
