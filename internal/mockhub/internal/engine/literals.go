package engine

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// wrongValue says why a literal does not fit (ArgumentValidationUtil).
func wrongValue(err *gqlerror.Error, s spot) string {
	name := ""
	if s.argument != nil {
		name = s.argument.Name
	}
	q := quotedIn(err.Message)
	switch {
	case strings.HasSuffix(err.Message, "was not provided."):
		_, field, _ := strings.Cut(q(0), ".")
		return fmt.Sprintf("argument '%s%s' with value '%s' is missing required fields '[%s]'", name, s.inside, javaValue(s.value), field)
	case strings.Contains(err.Message, "is not defined by type"):
		return fmt.Sprintf("argument '%s%s' with value '%s' contains a field not in '%s': '%s'",
			name, s.outside, javaValue(s.parent), q(1), q(0))
	case s.value != nil && s.value.Kind == ast.NullValue:
		return fmt.Sprintf("argument '%s%s' with value 'NullValue{}' must not be null", name, s.inside)
	case s.value != nil && s.value.Definition != nil && s.value.Definition.Kind == ast.InputObject:
		return fmt.Sprintf("argument '%s%s' with value '%s' must be an object type", name, s.inside, javaValue(s.value))
	}
	return fmt.Sprintf("argument '%s%s' with value '%s' is not a valid '%s' - %s", name, s.inside, javaValue(s.value), s.wanted(), s.complaint())
}

// wanted is the name of the type that the value should have.
func (s spot) wanted() string {
	if s.value == nil || s.value.Definition == nil {
		return ""
	}
	return s.value.Definition.Name
}

// complaint is that of the scalar or enum (Scalars.properties).
func (s spot) complaint() string {
	if s.value == nil || s.value.Definition == nil {
		return ""
	}
	if s.value.Definition.Kind == ast.Enum && s.value.Kind == ast.EnumValue {
		return fmt.Sprintf("Literal value not in allowable values for enum '%s' - '%s'", s.value.Definition.Name, javaValue(s.value))
	}
	kind := s.value.Definition.Name + "Value"
	if s.value.Definition.Kind == ast.Enum {
		kind = "EnumValue"
	}
	return fmt.Sprintf("Expected an AST type of '%s' but it was a '%s'", kind, javaKind(s.value))
}

// javaKind is the class of a literal among graphql-java's nodes.
func javaKind(v *ast.Value) string {
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		return "StringValue"
	case ast.IntValue:
		return "IntValue"
	case ast.FloatValue:
		return "FloatValue"
	case ast.EnumValue:
		return "EnumValue"
	case ast.BooleanValue:
		return "BooleanValue"
	case ast.NullValue:
		return "NullValue"
	case ast.ListValue:
		return "ArrayValue"
	case ast.ObjectValue:
		return "ObjectValue"
	default:
		return "VariableReference"
	}
}

// javaValue is how a literal prints there.
func javaValue(v *ast.Value) string {
	if v == nil {
		return ""
	}
	content := ""
	switch kind := javaKind(v); kind {
	case "StringValue":
		content = "value='" + v.Raw + "'"
	case "EnumValue", "VariableReference":
		content = "name='" + v.Raw + "'"
	case "ArrayValue":
		content = "values=" + javaChildren(v)
	case "ObjectValue":
		content = "objectFields=" + javaChildren(v)
	case "NullValue":
	default:
		content = "value=" + v.Raw
	}
	return javaKind(v) + "{" + content + "}"
}

func javaChildren(v *ast.Value) string {
	var parts []string
	for _, child := range v.Children {
		part := javaValue(child.Value)
		if v.Kind == ast.ObjectValue {
			part = fmt.Sprintf("ObjectField{name='%s', value=%s}", child.Name, part)
		}
		parts = append(parts, part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
