// Package engine answers GraphQL requests as graphql-java answers them at DataHub: gqlparser parses and validates and
// its findings get graphql-java's words, graph-gophers executes, and the envelope is written here.
//
// It knows nothing of tokens: what a field does is up to the resolvers it is given.
package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/graph-gophers/graphql-go"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/datahub-pat/pat/internal/mockhub/internal/schema"
)

// Engine executes documents against one release's schema. It is safe for concurrent use.
type Engine struct {
	schema *schema.Schema
	exec   *graphql.Schema
	limit  int  // of fields in an operation; 0 is none
	old    bool // graphql-java 19, before DataHub 0.13.1; later ones are 21 and 22
}

// Options say how an engine is to be.
type Options struct {
	// IntrospectionOff hides the fields of the introspection types.
	IntrospectionOff bool
	// ComplexityLimit is how many fields an operation may ask for; 0 is any number.
	ComplexityLimit int
}

// Request is what a client asks.
type Request struct {
	Query         string
	Variables     map[string]any // as encoding/json decodes them, numbers as json.Number
	OperationName string
}

// New is an engine whose fields are resolved by root, as graph-gophers wants it.
func New(s *schema.Schema, root any, o Options) (*Engine, error) {
	exec, err := graphql.ParseSchema(s.SDL, root, graphql.UseStringDescriptions(), graphql.MaxParallelism(4),
		graphql.UseFieldResolvers(), graphql.DisableFieldSelections())
	if err != nil {
		return nil, fmt.Errorf("resolvers for %v: %w", s.Release, err)
	}
	if o.IntrospectionOff {
		hideIntrospection(s.Types)
	}
	return &Engine{schema: s, exec: exec, limit: o.ComplexityLimit, old: s.Release.Before(0, 13, 1)}, nil
}

// hideIntrospection does as graphql-java's NoIntrospectionGraphqlFieldVisibility: the types of introspection are there,
// but without fields.
func hideIntrospection(types *ast.Schema) {
	for name, def := range types.Types {
		if strings.HasPrefix(name, "__") && def.Kind == ast.Object {
			bare := *def
			bare.Fields = nil
			types.Types[name] = &bare
		}
	}
}

// Document is a request that has been read: its operation, or what was found wrong with it.
type Document struct {
	request   Request
	query     *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
	errors    []Error
	syntax    bool
}

// Read parses and validates a request and coerces its variables. It executes nothing.
func (e *Engine) Read(r Request) *Document {
	d := &Document{request: r}
	query, err := parser.ParseQuery(&ast.Source{Input: r.Query})
	if err == nil && len(query.Operations)+len(query.Fragments) == 0 {
		err = gqlerror.ErrorLocf("", 1, 1, "nothing in the document")
	}
	if err != nil {
		d.syntax = true
		d.errors = []Error{syntaxError(err, r.Query)}
		return d
	}
	d.query = query
	if d.errors = e.validate(query); len(d.errors) > 0 {
		return d
	}
	if d.operation = query.Operations.ForName(r.OperationName); d.operation == nil {
		d.errors = []Error{unknownOperation(query, r.OperationName)}
		return d
	}
	variables, failure := coercion{e.schema.Types, e.old}.all(d.operation, r.Variables)
	if failure != nil {
		d.errors = []Error{*failure}
		return d
	}
	if tooMuch := e.complexityError(d.operation); tooMuch != nil {
		d.errors = []Error{*tooMuch}
		return d
	}
	d.variables = variables
	return d
}

// SyntaxError tells whether the document could not be parsed, which some releases answer in their own way.
func (d *Document) SyntaxError() bool { return d.syntax }

// Fields are the names of the operation's fields, as far as the document could be read: what it is about.
func (d *Document) Fields() []string {
	if d.query == nil || len(d.query.Operations) == 0 {
		return nil
	}
	op := d.operation
	if op == nil {
		op = d.query.Operations[0]
	}
	var names []string
	for _, s := range op.SelectionSet {
		if f, ok := s.(*ast.Field); ok {
			names = append(names, f.Name)
		}
	}
	return names
}

// Execute runs the operation, unless the document was found wrong, and gives the answer.
func (e *Engine) Execute(ctx context.Context, d *Document) Result {
	if len(d.errors) > 0 {
		return Result{Errors: d.errors}
	}
	answer := e.exec.Exec(ctx, d.request.Query, d.operation.Name, d.variables)
	result := Result{Data: answer.Data}
	for _, err := range answer.Errors {
		result.Errors = append(result.Errors, d.executionError(err))
	}
	return result
}

// Name is the name the document gives its operation; empty where it gives none.
func (d *Document) Name() string {
	if d.query == nil || len(d.query.Operations) == 0 {
		return ""
	}
	if d.operation != nil {
		return d.operation.Name
	}
	return d.query.Operations[0].Name
}
