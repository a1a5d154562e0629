package mockhub

import "time"

// root is what the engine resolves operations by: the fields of Query and Mutation are the methods of query and
// mutation, those of other types the fields of structs.
type root struct{ hub *Hub }

// Query resolves queries.
func (r *root) Query() *query { return &query{r.hub} }

// Mutation resolves mutations.
func (r *root) Mutation() *mutation { return &mutation{r.hub} }

type query struct{ hub *Hub }

type mutation struct{ hub *Hub }

// input is an input object as the engine coerced it.
type input map[string]any

// ImplementsGraphQLType says that it is any input object.
func (input) ImplementsGraphQLType(string) bool { return true }

// UnmarshalGraphQL takes what the engine coerced.
func (i *input) UnmarshalGraphQL(v any) error {
	*i, _ = v.(map[string]any)
	return nil
}

type inputArgs struct{ Input input }

type urnArgs struct{ Urn string }

func (i input) text(name string) string { return text(i[name]) }

func text(v any) string { s, _ := v.(string); return s }

// optional is a member that may be absent or null.
func (i input) optional(name string) *string {
	if s, ok := i[name].(string); ok {
		return &s
	}
	return nil
}

// number is a member, or what stands for it when it is absent or null.
func (i input) number(name string, otherwise int) int {
	if n, ok := i[name].(int32); ok {
		return int(n)
	}
	return otherwise
}

// length is how long a token that is asked for is to live, 0 for ever.
func (h *Hub) length(in input) (time.Duration, error) {
	return h.policy.length(h.release, in.optional("duration"), in.optional("durationIso"))
}
