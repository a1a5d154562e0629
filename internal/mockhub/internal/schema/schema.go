// Package schema holds DataHub's GraphQL schema, per release: schema.graphql is all releases at once, For cuts one
// out. It shares nothing with the schema the client is generated from, so that neither can hide a mistake of the
// other.
package schema

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
)

//go:embed schema.graphql
var source string

// Schema is what one release understands.
type Schema struct {
	Release release.Release
	// Types is the schema for validating documents.
	Types *ast.Schema
	// SDL is the same schema as text, without the built-in types.
	SDL string
}

// For is the schema of a release.
func For(r release.Release) (*Schema, error) {
	doc, err := parser.ParseSchema(&ast.Source{Name: "schema.graphql", Input: source})
	if err != nil {
		return nil, fmt.Errorf("the embedded schema: %w", err)
	}
	if err := cut(doc, r); err != nil {
		return nil, fmt.Errorf("the embedded schema: %w", err)
	}
	var sdl strings.Builder
	formatter.NewFormatter(&sdl).FormatSchemaDocument(doc)
	types, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "schema.graphql", Input: sdl.String()})
	if err != nil {
		return nil, fmt.Errorf("the embedded schema for %v: %w", r, err)
	}
	return &Schema{Release: r, Types: types, SDL: sdl.String()}, nil
}

// cut removes from the document what the release does not have, and all marks.
func cut(doc *ast.SchemaDocument, r release.Release) error {
	c := cutter{release: r}
	doc.Definitions = slices.DeleteFunc(doc.Definitions, func(def *ast.Definition) bool {
		def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool { return c.lacks(&f.Directives) })
		def.EnumValues = slices.DeleteFunc(def.EnumValues, func(v *ast.EnumValueDefinition) bool { return c.lacks(&v.Directives) })
		return c.lacks(&def.Directives)
	})
	return c.err
}

type cutter struct {
	release release.Release
	err     error
}

// lacks tells whether the release does not have what the marks stand on, and takes the marks away.
func (c *cutter) lacks(marks *ast.DirectiveList) bool {
	missing := false
	*marks = slices.DeleteFunc(*marks, func(mark *ast.Directive) bool {
		if mark.Name != "since" && mark.Name != "until" {
			return false
		}
		at, err := release.Parse(mark.Arguments.ForName("release").Value.Raw)
		if err != nil {
			c.err = err
		}
		has := c.release.Compare(at) >= 0
		missing = missing || has != (mark.Name == "since")
		return true
	})
	return missing
}
