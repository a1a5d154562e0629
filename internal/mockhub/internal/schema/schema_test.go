package schema_test

import (
	"testing"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/schema"
)

func TestEveryReleaseHasASchema(t *testing.T) {
	for _, r := range release.All() {
		s, err := schema.For(r)
		if err != nil {
			t.Errorf("%v: %v", r, err)
			continue
		}
		if s.Types.Query == nil || s.Types.Mutation == nil {
			t.Errorf("%v: no root types", r)
		}
	}
}

// The columns of the version matrix.
func TestSpans(t *testing.T) {
	const lacking = "none"
	cases := []struct {
		typeName, member string
		want             map[string]string
	}{
		{"Query", "getAccessTokenMetadata", map[string]string{"0.12.1": lacking, "0.13.0": "AccessTokenMetadata!"}},
		{"Mutation", "createServiceAccount", map[string]string{"1.3": lacking, "1.4": "ServiceAccount!"}},
		{"AccessTokenMetadata", "owner", map[string]string{"1.3": lacking, "1.4": "CorpUser"}},
		{"FacetFilterInput", "value", map[string]string{"0.10": "String", "1.5": "String", "1.6": lacking, "newest": lacking}},
		{"FacetFilterInput", "values", map[string]string{"0.10": "[String!]", "newest": "[String!]"}},
		{"CreateAccessTokenInput", "duration", map[string]string{"0.10": "AccessTokenDuration!", "1.6": "AccessTokenDuration!", "newest": "AccessTokenDuration"}},
		{"CreateAccessTokenInput", "durationIso", map[string]string{"1.6": lacking, "newest": "String"}},
		{"AuthConfig", "allowNoExpiry", map[string]string{"1.6": lacking, "newest": "Boolean!"}},
	}
	for _, c := range cases {
		for name, want := range c.want {
			got := lacking
			if f := load(t, name).Types.Types[c.typeName].Fields.ForName(c.member); f != nil {
				got = f.Type.String()
			}
			if got != want {
				t.Errorf("%s.%s on %s is %s, want %s", c.typeName, c.member, name, got, want)
			}
		}
	}
}

func TestEnumSpans(t *testing.T) {
	cases := []struct {
		typeName, value string
		want            map[string]bool
	}{
		{"AccessTokenType", "SERVICE_ACCOUNT", map[string]bool{"1.3": false, "1.4": true}},
		{"FilterOperator", "EXISTS", map[string]bool{"0.10.1": false, "0.11": true}},
		{"FilterOperator", "GREATER_THAN", map[string]bool{"0.11": false, "0.12": true}},
	}
	for _, c := range cases {
		for name, want := range c.want {
			if got := load(t, name).Types.Types[c.typeName].EnumValues.ForName(c.value) != nil; got != want {
				t.Errorf("%s.%s on %s: %v, want %v", c.typeName, c.value, name, got, want)
			}
		}
	}
}

func load(t *testing.T, name string) *schema.Schema {
	t.Helper()
	r, err := release.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.For(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
