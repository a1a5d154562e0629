package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// coercion makes of a request's variables what its operation declares, or says in graphql-java's words why it cannot
// (ValuesResolverConversion and Scalars.properties there).
type coercion struct {
	types   *ast.Schema
	lenient bool // scalars take what can be converted, as graphql-java did before its version 21
}

// refusal is why a value does not fit.
type refusal struct {
	message string
	plain   bool // the message stands alone, without the variable and the place
}

func (c coercion) all(op *ast.OperationDefinition, raw map[string]any) (map[string]any, *Error) {
	coerced := map[string]any{}
	for _, def := range op.VariableDefinitions {
		value, given := raw[def.Variable]
		if !given && (def.DefaultValue != nil || !def.Type.NonNull) {
			continue // the executor fills in defaults
		}
		if value == nil && def.Type.NonNull {
			return nil, &Error{
				Message:    fmt.Sprintf("Variable '%s' has coerced Null value for NonNull type '%s'", def.Variable, def.Type),
				Locations:  located(def.Position),
				Extensions: validationError,
			}
		}
		result, failure := c.value(def.Type, value)
		if failure != nil {
			return nil, failure.in(def)
		}
		coerced[def.Variable] = result
	}
	return coerced, nil
}

// in is the error for the variable that brought the value.
func (r *refusal) in(def *ast.VariableDefinition) *Error {
	if r.plain {
		return &Error{Message: r.message, Extensions: validationError}
	}
	return &Error{
		Message:    fmt.Sprintf("Variable '%s' has an invalid value: %s", def.Variable, r.message),
		Locations:  located(def.Position),
		Extensions: validationError,
	}
}

func located(at *ast.Position) []Location {
	if at == nil {
		return nil
	}
	return []Location{{at.Line, at.Column}}
}

func (c coercion) value(t *ast.Type, v any) (any, *refusal) {
	if v == nil {
		if t.NonNull {
			return nil, &refusal{message: fmt.Sprintf("Coerced Null value for NonNull type '%s'", t)}
		}
		return nil, nil
	}
	if t.Elem != nil {
		return c.list(t.Elem, v)
	}
	def := c.types.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return c.object(def, v)
	case ast.Enum:
		return enum(def, v)
	default:
		return c.scalar(def.Name, v)
	}
}

// list takes one value for a list of it.
func (c coercion) list(elem *ast.Type, v any) (any, *refusal) {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	result := make([]any, len(items))
	for i, item := range items {
		value, failure := c.value(elem, item)
		if failure != nil {
			return nil, failure
		}
		result[i] = value
	}
	return result, nil
}

func (c coercion) object(def *ast.Definition, v any) (any, *refusal) {
	given, ok := v.(map[string]any)
	if !ok {
		return nil, &refusal{message: fmt.Sprintf(
			"Expected type 'Map' but was '%s'. Variables for input objects must be an instance of type 'Map'.", javaClass(v))}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if def.Fields.ForName(name) == nil {
			return nil, &refusal{plain: true, message: fmt.Sprintf(
				"The variables input contains a field name '%s' that is not defined for input object type '%s' ", name, def.Name)}
		}
	}
	result := map[string]any{}
	for _, field := range def.Fields {
		value, present := given[field.Name]
		if value == nil && field.Type.NonNull {
			return nil, &refusal{message: fmt.Sprintf(
				"Field '%s' has coerced Null value for NonNull type '%s'", field.Name, field.Type)}
		}
		if !present {
			continue
		}
		coerced, failure := c.value(field.Type, value)
		if failure != nil {
			return nil, failure
		}
		result[field.Name] = coerced
	}
	return result, nil
}

func enum(def *ast.Definition, v any) (any, *refusal) {
	name := javaString(v)
	if def.EnumValues.ForName(name) == nil {
		return nil, &refusal{message: fmt.Sprintf("Invalid input for enum '%s'. No value found for name '%s'", def.Name, name)}
	}
	return name, nil
}
