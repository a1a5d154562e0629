package engine_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/schema"
)

const sdl = `
type Query {
  greet(name: String!, times: Int, kind: Kind, loud: Boolean, in: In): String
  items: [Item!]!
  broken: Item
}
type Mutation { fail: Boolean! }
enum Kind { A B }
input In { a: String! b: [Int!] c: In }
type Item { id: String! sub: Item }
`

// root resolves the schema above.
type root struct{}

func (root) Query() *query       { return &query{} }
func (root) Mutation() *mutation { return &mutation{} }

type query struct{}

type in struct {
	A string
	B *[]int32
	C *in
}

func (query) Greet(args struct {
	Name  string
	Times *int32
	Kind  *string
	Loud  *bool
	In    *in
}) *string {
	greeting := "hello " + args.Name
	if args.Kind != nil {
		greeting += " " + *args.Kind
	}
	return &greeting
}

func (query) Items() []*item { return []*item{{"<1>"}, {"bad"}} }

func (query) Broken() (*item, error) {
	return nil, &engine.Failure{Message: "no", Extensions: engine.Extensions{Code: 409, Type: "CONFLICT", Classification: "C"}, Below: []any{"x", 1}}
}

type mutation struct{}

func (mutation) Fail() (bool, error) { return false, errors.New("unexpected") }

type item struct{ id string }

func (i *item) Id() string { return i.id }

func (i *item) Sub() (*item, error) {
	if i.id == "bad" {
		return nil, errors.New("no sub")
	}
	return nil, nil
}

func newEngine(t testing.TB, r release.Release) *engine.Engine {
	t.Helper()
	types, err := validator.LoadSchema(validator.Prelude, &ast.Source{Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(&schema.Schema{Release: r, Types: types, SDL: sdl}, &root{}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func answer(t testing.TB, e *engine.Engine, query, variables string) string {
	t.Helper()
	r := engine.Request{Query: query}
	if variables != "" {
		d := json.NewDecoder(strings.NewReader(variables))
		d.UseNumber()
		if err := d.Decode(&r.Variables); err != nil {
			t.Fatal(err)
		}
	}
	text, err := e.Execute(t.Context(), e.Read(r)).JSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEnvelope(t *testing.T) {
	e := newEngine(t, release.Newest)
	for query, want := range map[string]string{
		`{ greet(name: "you") }`: `{"data":{"greet":"hello you"},"extensions":{}}`,
		`{ broken { id } }`: `{"errors":[{"message":"no","locations":[{"line":1,"column":3}],"path":["broken","x",1],` +
			`"extensions":{"code":409,"type":"CONFLICT","classification":"C"}}],"data":{"broken":null},"extensions":{}}`,
		`mutation { fail }`: `{"errors":[{"message":"unexpected","locations":[{"line":1,"column":12}],"path":["fail"],` +
			`"extensions":{"code":500,"type":"SERVER_ERROR","classification":"DataFetchingException"}}],"data":null,"extensions":{}}`,
		"query {\n ...F }\nfragment F on Query {\n all: items { s: sub { id } } }": `{"errors":[{"message":"no sub","locations":[{"line":4,"column":15}],` +
			`"path":["all",1,"s"],"extensions":{"code":500,"type":"SERVER_ERROR","classification":"DataFetchingException"}}],` +
			`"data":{"all":[{"s":null},{"s":null}]},"extensions":{}}`,
		``: `{"errors":[{"message":"Invalid syntax with offending token '<EOF>' at line 1 column 1","locations":[{"line":1,"column":1}],` +
			`"extensions":{"classification":"InvalidSyntax"}}],"data":null,"extensions":{}}`,
		`{ greet(name: "x" }`: `{"errors":[{"message":"Invalid syntax with offending token '}' at line 1 column 19","locations":[{"line":1,"column":19}],` +
			`"extensions":{"classification":"InvalidSyntax"}}],"data":null,"extensions":{}}`,
	} {
		if got := answer(t, e, query, ""); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", query, got, want)
		}
	}
}

// The words for what is wrong with a document.
func TestWords(t *testing.T) {
	e := newEngine(t, release.Newest)
	for query, want := range map[string]string{
		`{ greet(name: 1) }`:                                        `(WrongType@[greet]) : argument 'name' with value 'IntValue{value=1}' is not a valid 'String' - Expected an AST type of 'StringValue' but it was a 'IntValue'`,
		`{ greet(name: "x", times: "1") }`:                          `argument 'times' with value 'StringValue{value='1'}' is not a valid 'Int' - Expected an AST type of 'IntValue' but it was a 'StringValue'`,
		`{ greet(name: "x", kind: "A") }`:                           `argument 'kind' with value 'StringValue{value='A'}' is not a valid 'Kind' - Expected an AST type of 'EnumValue' but it was a 'StringValue'`,
		`{ greet(name: "x", kind: C) }`:                             `is not a valid 'Kind' - Literal value not in allowable values for enum 'Kind' - 'EnumValue{name='C'}'`,
		`{ greet(name: "x", loud: 1.5) }`:                           `with value 'FloatValue{value=1.5}' is not a valid 'Boolean'`,
		`{ greet(name: "x", in: {b: [true]}) }`:                     `argument 'in.b[0]' with value 'BooleanValue{value=true}' is not a valid 'Int'`,
		`{ greet(name: "x", in: {a: "a", c: {}}) }`:                 `argument 'in.c' with value 'ObjectValue{objectFields=[]}' is missing required fields '[a]'`,
		`{ greet(name: "x", in: {a: "a", c: {a: "b", z: [1]}}) }`:   `argument 'in.c' with value 'ObjectValue{objectFields=[ObjectField{name='a', value=StringValue{value='b'}}, ObjectField{name='z', value=ArrayValue{values=[IntValue{value=1}]}}]}' contains a field not in 'In': 'z'`,
		`{ greet(name: null) }`:                                     `argument 'name' with value 'NullValue{}' must not be null`,
		`{ greet(name: "x", in: A) }`:                               `argument 'in' with value 'EnumValue{name='A'}' must be an object type`,
		`{ greet(name: "x") @nothing }`:                             `(UnknownDirective@[greet]) : Unknown directive 'nothing'`,
		`query @skip(if: true) { greet(name: "x") }`:                `(MisplacedDirective) : Directive 'skip' not allowed here`,
		`{ greet(name: "x") @skip }`:                                `(MissingDirectiveArgument@[greet]) : Missing directive argument 'if'`,
		`{ greet(name: "x", name: "y") }`:                           `There can be only one argument named 'name'`,
		`{ a: greet(name: "x") a: greet(name: "y") }`:               `(FieldsConflict`,
		`{ a: greet(name: "x") a: items { id } }`:                   `'a' : 'greet' and 'items' are different fields`,
		`query A { broken { id } } query A { broken { id } }`:       `(DuplicateOperationName`,
		`{ broken { id } } query A { broken { id } }`:               `(LoneAnonymousOperationViolation`,
		`query($a: Int, $a: Int) { greet(name: "x", times: $a) }`:   `(DuplicateVariableName`,
		`query($a: Item) { greet(name: "x") }`:                      `Input variable 'a' type 'Item' is not an input type`,
		`fragment F on Item { id } { broken { id } }`:               `(UnusedFragment`,
		`{ broken { ...F } } fragment F on Item { ...F }`:           `Fragment cycles not allowed`,
		`{ broken { ...F } } fragment F on Query { broken { id } }`: `Fragment 'F' cannot be spread here as objects of type 'Item' can never be of type 'Query'`,
		`{ broken { ... on Nothing { id } } }`:                      `Unknown type 'Nothing'`,
		`{ broken { ...F } } fragment F on Item { no }`:             `(FieldUndefined@[F/no]) : Field 'no' in type 'Item' is undefined`,
	} {
		if got := answer(t, e, query, ""); !strings.Contains(got, want) || !strings.Contains(got, `"classification":"ValidationError"`) {
			t.Errorf("%s\ngot  %s\nwant %s", query, got, want)
		}
	}
}

func TestVariables(t *testing.T) {
	const query = `query($name: String!, $times: Int, $kind: Kind = B, $loud: Boolean, $in: In) { greet(name: $name, times: $times, kind: $kind, loud: $loud, in: $in) }`
	strict, old := newEngine(t, release.Newest), newEngine(t, release.V(0, 13, 0))
	const fine = `{"data":{"greet":"hello x B"},"extensions":{}}`
	for variables, want := range map[string][2]string{
		`{"name": "x"}`:                                   {fine, fine},
		`{"name": "x", "other": 1}`:                       {fine, fine},
		`{"name": "x", "times": null, "in": null}`:        {fine, fine},
		`{"name": "x", "times": 2.0}`:                     {fine, fine},
		`{"name": "x", "in": {"a": "b", "b": 1}}`:         {fine, fine},
		`{"name": "x", "kind": "C"}`:                      {"No value found for name 'C'", "No value found for name 'C'"},
		`{"name": "x", "kind": ["A"]}`:                    {"No value found for name '[A]'", "No value found for name '[A]'"},
		`{"name": "x", "times": "2"}`:                     {"to type 'Int' but it was a 'String'", fine},
		`{"name": "x", "times": 2.5}`:                     {"to type 'Int' but it was a 'Double'", "it was a 'Double'"},
		`{"name": "x", "times": 3000000000}`:              {"it was a 'Long'", "it was a 'Long'"},
		`{"name": "x", "times": 30000000000000000000}`:    {"it was a 'BigInteger'", "it was a 'BigInteger'"},
		`{"name": "x", "loud": "TRUE"}`:                   {"Expected a Boolean input, but it was a 'String'", fine},
		`{"name": "x", "loud": 1}`:                        {"it was a 'Integer'", "it was a 'Integer'"},
		`{"name": true}`:                                  {"Expected a String input, but it was a 'Boolean'", "hello true B"},
		`{"name": {}}`:                                    {"it was a 'LinkedHashMap'", "hello map[] B"},
		`{"name": "x", "in": []}`:                         {"Expected type 'Map' but was 'ArrayList'", "Expected type 'Map'"},
		`{"name": "x", "in": {"a": "b", "b": [1, null]}}`: {"Coerced Null value for NonNull type 'Int!'", "Coerced Null"},
		`{"name": "x", "in": {"a": "b", "c": {"z": 1}}}`:  {"contains a field name 'z' that is not defined for input object type 'In' \"", "'z'"},
	} {
		for i, e := range []*engine.Engine{strict, old} {
			if got := answer(t, e, query, variables); !strings.Contains(got, want[i]) {
				t.Errorf("%s\ngot  %s\nwant %s", variables, got, want[i])
			}
		}
	}
}

func TestDocumentIsDescribed(t *testing.T) {
	e := newEngine(t, release.Newest)
	d := e.Read(engine.Request{Query: `query A { x: greet(name: "x") items { id } }`})
	if strings.Join(d.Fields(), " ") != "greet items" || d.Name() != "A" || d.SyntaxMessage() != "" {
		t.Errorf("%v %q %q", d.Fields(), d.Name(), d.SyntaxMessage())
	}
	two := engine.Request{Query: `query A { broken { id } } query B { items { id } }`, OperationName: "B"}
	if d := e.Read(two); d.Name() != "B" || d.Fields()[0] != "items" {
		t.Errorf("%v %q", d.Fields(), d.Name())
	}
	two.OperationName = "C"
	if got, err := e.Execute(t.Context(), e.Read(two)).JSON(); err != nil || !strings.Contains(string(got), "Unknown operation named 'C'.") {
		t.Errorf("%s, %v", got, err)
	}
	for _, query := range []string{"{", "{ no }", "fragment F on Item { id }"} {
		d := e.Read(engine.Request{Query: query})
		if _ = d.Fields(); d.Name() != "" {
			t.Errorf("%s: %q", query, d.Name())
		}
	}
}

// Whatever the document and its variables, there is an answer of the right shape.
func FuzzAnswer(f *testing.F) {
	f.Add(`{ greet(name: "x") }`, `{}`)
	f.Add(`query($in: In) { greet(name: "x", in: $in) items { sub { id } } }`, `{"in": {"a": "b", "b": [1], "c": {"a": null}}}`)
	f.Add(`{ greet(name: "x", in: {a: "a", c: {b: [1, "2"], z: 1}}) ...F } fragment F on Query { a: items { id } }`, ``)
	f.Add(`mutation { fail fail a: fail } query Q($q: Nothing) { no(x: $q) { y } }`, `{"q": [[]]}`)
	f.Add(`{ __schema { types { name } } __type(name: "In") { inputFields { name } } }`, `null`)
	e := newEngine(f, release.Newest)
	f.Fuzz(func(t *testing.T, query, variables string) {
		if len(query) > 2000 {
			return
		}
		r := engine.Request{Query: query}
		d := json.NewDecoder(strings.NewReader(variables))
		d.UseNumber()
		if d.Decode(&r.Variables) != nil {
			r.Variables = nil
		}
		text, err := e.Execute(t.Context(), e.Read(r)).JSON()
		if err != nil || !strings.HasSuffix(string(text), `,"extensions":{}}`) || !strings.Contains(string(text), `"data":`) {
			t.Errorf("%s, %v", text, err)
		}
	})
}
