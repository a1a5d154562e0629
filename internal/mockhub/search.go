package mockhub

import (
	"slices"
	"strconv"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// filter is a FacetFilterInput as the resolver reads it.
type filter struct {
	field     string
	value     *string
	values    []string
	given     bool // values was there, empty it may be
	negated   bool
	condition string
}

// test tells whether a token fits.
type test func(*store.Token) bool

// filtersFrom reads the filters of a list.
func filtersFrom(input map[string]any) []filter {
	list, _ := input["filters"].([]any)
	var filters []filter
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			continue
		}
		f := filter{field: text(m["field"]), condition: "EQUAL"}
		if v, ok := m["value"].(string); ok {
			f.value = &v
		}
		if vs, ok := m["values"].([]any); ok {
			f.given = true
			for _, v := range vs {
				f.values = append(f.values, text(v))
			}
		}
		if c, ok := m["condition"].(string); ok {
			f.condition = c
		}
		f.negated, _ = m["negated"].(bool)
		filters = append(filters, f)
	}
	return filters
}

// searchFor makes one test of all filters, which must all hold; nil fits everything. An error is what the search
// would have failed with.
func searchFor(r release.Release, filters []filter) (test, error) {
	var tests []test
	for _, f := range filters {
		t, err := f.test(r)
		if err != nil {
			return nil, err
		}
		if f.negated {
			positive := t
			t = func(k *store.Token) bool { return !positive(k) }
		}
		tests = append(tests, t)
	}
	if len(tests) == 0 {
		return nil, nil
	}
	return func(k *store.Token) bool {
		return !slices.ContainsFunc(tests, func(t test) bool { return !t(k) })
	}, nil
}

func nothing(*store.Token) bool { return false }

// test is one filter as Elasticsearch would be asked (ESUtils).
func (f filter) test(r release.Release) (test, error) {
	if f.value != nil && !f.given {
		f.values = []string{*f.value}
	}
	switch f.field {
	case "name":
		return f.words(r, func(k *store.Token) string { return k.Name })
	case "actorUrn":
		return f.words(r, func(k *store.Token) string { return k.ActorURN })
	case "ownerUrn":
		return f.words(r, func(k *store.Token) string { return k.OwnerURN })
	case "urn":
		if r.Before(0, 10, 1) {
			return nothing, nil // asks for urn.keyword, which is not there
		}
		return f.words(r, func(k *store.Token) string { return k.URN() })
	case "createdAt":
		return f.numbers(r, func(k *store.Token) (int64, bool) { return k.CreatedAt, true })
	case "expiresAt":
		return f.numbers(r, func(k *store.Token) (int64, bool) { return k.ExpiresAt, k.ExpiresAt != 0 })
	default:
		return nothing, nil // not searchable, as description
	}
}

// words tests a field that is kept as a keyword.
func (f filter) words(r release.Release, of func(*store.Token) string) (test, error) {
	if f.condition == "EXISTS" {
		return func(k *store.Token) bool { return of(k) != "" }, nil
	}
	match := matches[f.condition]
	if match == nil {
		return f.unsupported(r)
	}
	if len(f.values) == 1 { // the usual case, made fast
		wanted := f.values[0]
		return func(k *store.Token) bool { return match(of(k), wanted) }, nil
	}
	return func(k *store.Token) bool {
		return slices.ContainsFunc(f.values, func(v string) bool { return match(of(k), v) })
	}, nil
}

// matches are the conditions on words. The *_INCL follow relations, of which tokens have none, so the value itself is
// left. IN is in the schema of every release and works on none (datahub issue #8469).
var matches = map[string]func(have, want string) bool{
	"EQUAL":            func(have, want string) bool { return have == want },
	"IEQUAL":           strings.EqualFold,
	"CONTAIN":          strings.Contains,
	"START_WITH":       strings.HasPrefix,
	"END_WITH":         strings.HasSuffix,
	"DESCENDANTS_INCL": func(have, want string) bool { return have == want },
	"ANCESTORS_INCL":   func(have, want string) bool { return have == want },
	"RELATED_INCL":     func(have, want string) bool { return have == want },

	"GREATER_THAN":             func(have, want string) bool { return have > want },
	"GREATER_THAN_OR_EQUAL_TO": func(have, want string) bool { return have >= want },
	"LESS_THAN":                func(have, want string) bool { return have < want },
	"LESS_THAN_OR_EQUAL_TO":    func(have, want string) bool { return have <= want },
}

// numbers tests a field that is kept as a number.
func (f filter) numbers(r release.Release, of func(*store.Token) (int64, bool)) (test, error) {
	if r.Before(0, 13, 0) {
		return nothing, nil // asks for createdAt.keyword, which is not there
	}
	if f.condition == "EXISTS" {
		return func(k *store.Token) bool { _, has := of(k); return has }, nil
	}
	compare, ok := ranges[f.condition]
	if !ok {
		return f.unsupported(r)
	}
	var wanted []int64
	for _, v := range f.values {
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		if err != nil {
			return nil, noNumber(r, v)
		}
		wanted = append(wanted, n)
	}
	return func(k *store.Token) bool {
		have, has := of(k)
		return has && slices.ContainsFunc(wanted, func(want int64) bool { return compare(have, want) })
	}, nil
}

var ranges = map[string]func(have, want int64) bool{
	"EQUAL":                    func(have, want int64) bool { return have == want },
	"GREATER_THAN":             func(have, want int64) bool { return have > want },
	"GREATER_THAN_OR_EQUAL_TO": func(have, want int64) bool { return have >= want },
	"LESS_THAN":                func(have, want int64) bool { return have < want },
	"LESS_THAN_OR_EQUAL_TO":    func(have, want int64) bool { return have <= want },
}

func (f filter) unsupported(r release.Release) (test, error) {
	return nil, serverError(r, runtimeException, listFailed, "Unsupported condition: "+f.condition)
}

// noNumber is Long.parseLong's complaint. Its exception is a kind of IllegalArgumentException, which up to 0.13 the
// handler did not take for one.
func noNumber(r release.Release, v string) error {
	message := "For input string: \"" + v + "\""
	if r.AtLeast(0, 14, 0) {
		return badRequest("%s", message)
	}
	return serverError(r, runtimeException, listFailed, message)
}
