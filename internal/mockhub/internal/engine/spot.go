package engine

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// spot is the place in a document that a finding is about: the names of the fields that lead there and, within a
// field's argument, the argument and the value.
type spot struct {
	path     []string
	argument *ast.Argument
	value    *ast.Value
	inside   string // the way from the argument to the value, as graphql-java puts it
}

// spotAt looks for the node that starts at a location.
func spotAt(query *ast.QueryDocument, at Location) spot {
	for _, op := range query.Operations {
		if s, ok := spotIn(op.SelectionSet, at, nil); ok {
			return s
		}
	}
	for _, fragment := range query.Fragments {
		if s, ok := spotIn(fragment.SelectionSet, at, []string{fragment.Name}); ok {
			return s
		}
	}
	return spot{}
}

func spotIn(set ast.SelectionSet, at Location, path []string) (spot, bool) {
	for _, selection := range set {
		here, below, start := path, ast.SelectionSet(nil), selection.GetPosition()
		switch s := selection.(type) {
		case *ast.Field:
			here = append(append([]string(nil), path...), s.Name)
			below = s.SelectionSet
			if found, ok := spotInArguments(s.Arguments, at, here); ok {
				return found, true
			}
		case *ast.InlineFragment:
			below = s.SelectionSet
		}
		if isAt(start, at) {
			return spot{path: here}, true
		}
		if found, ok := spotIn(below, at, here); ok {
			return found, true
		}
	}
	return spot{}, false
}

func spotInArguments(args ast.ArgumentList, at Location, path []string) (spot, bool) {
	for _, arg := range args {
		if isAt(arg.Position, at) {
			return spot{path: path, argument: arg}, true
		}
		if value, inside, ok := valueAt(arg.Value, at, ""); ok {
			return spot{path: path, argument: arg, value: value, inside: inside}, true
		}
	}
	return spot{}, false
}

func valueAt(value *ast.Value, at Location, inside string) (*ast.Value, string, bool) {
	if isAt(value.Position, at) {
		return value, inside, true
	}
	for i, child := range value.Children {
		way := inside + "." + child.Name
		if value.Kind == ast.ListValue {
			way = fmt.Sprintf("%s[%d]", inside, i)
		}
		if isAt(child.Position, at) {
			return child.Value, way, true
		}
		if found, way, ok := valueAt(child.Value, at, way); ok {
			return found, way, true
		}
	}
	return nil, "", false
}

func isAt(p *ast.Position, at Location) bool {
	return p != nil && p.Line == at.Line && p.Column == at.Column
}

// reported is the location the server gives: that of the argument where a value in it is wrong.
func (s spot) reported(at Location) Location {
	if s.argument != nil && s.value != nil {
		return Location{s.argument.Position.Line, s.argument.Position.Column}
	}
	return at
}

// wrongValue says why a literal does not fit.
func wrongValue(err *gqlerror.Error, s spot) string {
	name := ""
	if s.argument != nil {
		name = s.argument.Name + s.inside
	}
	q := quotedIn(err.Message)
	switch {
	case strings.HasSuffix(err.Message, "was not provided."):
		typeAndField := strings.SplitN(q(0), ".", 2)
		return fmt.Sprintf("argument '%s' with value '%s' is missing required fields '[%s]'", name, javaValue(s.value), typeAndField[1])
	case strings.Contains(err.Message, "is not defined by type"):
		return fmt.Sprintf("argument '%s' with value '%s' contains a field not in '%s': '%s'", name, javaValue(s.value), q(1), q(0))
	default:
		return fmt.Sprintf("argument '%s' with value '%s' is not a valid '%s'", name, javaValue(s.value), expected(s.value))
	}
}

func expected(v *ast.Value) string {
	if v == nil || v.Definition == nil {
		return ""
	}
	return v.Definition.Name
}

// javaValue is how a literal prints among graphql-java's nodes.
func javaValue(v *ast.Value) string {
	if v == nil {
		return ""
	}
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		return fmt.Sprintf("StringValue{value='%s'}", v.Raw)
	case ast.IntValue:
		return fmt.Sprintf("IntValue{value=%s}", v.Raw)
	case ast.EnumValue:
		return fmt.Sprintf("EnumValue{name='%s'}", v.Raw)
	case ast.BooleanValue:
		return fmt.Sprintf("BooleanValue{value=%s}", v.Raw)
	case ast.NullValue:
		return "NullValue{}"
	case ast.ListValue:
		return "ArrayValue{values=" + javaChildren(v, false) + "}"
	case ast.ObjectValue:
		return "ObjectValue{objectFields=" + javaChildren(v, true) + "}"
	default:
		return v.String()
	}
}

func javaChildren(v *ast.Value, named bool) string {
	var parts []string
	for _, child := range v.Children {
		part := javaValue(child.Value)
		if named {
			part = fmt.Sprintf("ObjectField{name='%s', value=%s}", child.Name, part)
		}
		parts = append(parts, part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// syntaxMessage words a parse error at a place of the document.
func syntaxMessage(query string, line, column int) string {
	offending := "<EOF>"
	lines := strings.Split(query, "\n")
	if line >= 1 && line <= len(lines) && column >= 1 && column <= len(lines[line-1]) {
		offending = firstToken(lines[line-1][column-1:])
	}
	return fmt.Sprintf("Invalid syntax with offending token '%s' at line %d column %d", offending, line, column)
}

func firstToken(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !isNameRune(r) })
	switch {
	case end < 0:
		return text
	case end == 0:
		return text[:1]
	}
	return text[:end]
}

func isNameRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
