package mockhub

import (
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// The types of the schema, each a struct with a field for each of its fields: the engine reads them by name.

// accessToken is the type AccessToken.
type accessToken struct {
	AccessToken string
	Metadata    *metadata // nil where the token is stateless
}

// tokenPage is the type ListAccessTokenResult.
type tokenPage struct {
	Start, Count, Total int32
	Tokens              []*metadata
}

// metadata is the type AccessTokenMetadata.
type metadata struct {
	Urn, Type, Id, Name string
	Description         *string
	ActorUrn, OwnerUrn  string
	Owner               *corpUser
	CreatedAt           long
	ExpiresAt           *long
	unrelated
}

// metadataOf is a token with its owner as the store knows them now.
func metadataOf(v store.View, t *store.Token) *metadata {
	return &metadata{
		Urn: t.URN(), Type: "ACCESS_TOKEN", Id: t.ID, Name: t.Name, Description: t.Description,
		ActorUrn: t.ActorURN, OwnerUrn: t.OwnerURN, Owner: corpUserOf(t.OwnerURN, v.UserByURN(t.OwnerURN)),
		CreatedAt: long(t.CreatedAt), ExpiresAt: optionalLong(t.ExpiresAt),
	}
}

// unrelated is an entity that is related to nothing.
type unrelated struct{}

// Relationships is the field of that name, which every entity has.
func (unrelated) Relationships(inputArgs) *relationships { return &relationships{} }

// relationships is the type EntityRelationshipsResult.
type relationships struct {
	Start, Count, Total *int32
	Relationships       []*relationship
}

// relationship is the type EntityRelationship, of which there are none.
type relationship struct{ Type, Direction string }

// serviceAccount is the type ServiceAccount. What createServiceAccount gives is not what the queries give: it has the
// full name, who made it and when.
type serviceAccount struct {
	Urn, Type, Name          string
	DisplayName, Description *string
	CreatedBy                *string
	CreatedAt, UpdatedAt     *long
	DefaultView              *view
	unrelated
}

// view is the type DataHubView, of which there are none.
type view struct{ Urn, Type string }

// accountPage is the type ListServiceAccountsResult.
type accountPage struct {
	Start, Count, Total int32
	ServiceAccounts     []*serviceAccount
}

// long is a number of the scalar Long: milliseconds since 1970.
type long int64

// ImplementsGraphQLType says that it is Long.
func (long) ImplementsGraphQLType(name string) bool { return name == "Long" }

// UnmarshalGraphQL is never called: no argument is a Long.
func (*long) UnmarshalGraphQL(any) error { return nil }

// optionalLong is the number, null for 0.
func optionalLong(n int64) *long {
	if n == 0 {
		return nil
	}
	return ptr(long(n))
}

func ptr[T any](v T) *T { return &v }

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
