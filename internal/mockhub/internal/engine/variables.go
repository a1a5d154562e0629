package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// coerceVariables makes of a request's variables what the operation declares, or says in graphql-java's words why not
// (ValuesResolverConversion, Scalars.properties).
func coerceVariables(types *ast.Schema, op *ast.OperationDefinition, raw map[string]any) (map[string]any, *Error) {
	c := coercion{types: types}
	coerced := map[string]any{}
	for _, def := range op.VariableDefinitions {
		value, given := raw[def.Variable]
		switch {
		case !given && def.DefaultValue != nil:
			continue // the executor fills it in
		case value == nil && def.Type.NonNull:
			return nil, &Error{
				Message:    fmt.Sprintf("Variable '%s' has coerced Null value for NonNull type '%s'", def.Variable, def.Type),
				Locations:  located(def.Position),
				Extensions: validationError,
			}
		case !given:
			continue
		}
		result, failure := c.value(def.Type, value)
		if failure != nil {
			return nil, failure.in(def)
		}
		coerced[def.Variable] = result
	}
	return coerced, nil
}

type coercion struct{ types *ast.Schema }

// refusal is why a value does not fit. In the message of a nullValue {variable} stands for the variable's name.
type refusal struct {
	message string
	kind    refusalKind
}

type refusalKind int

const (
	badValue refusalKind = iota
	nullValue
	extraField
)

// in words the refusal of a value within the variable that brought it.
func (r *refusal) in(def *ast.VariableDefinition) *Error {
	e := &Error{Message: r.message, Extensions: validationError}
	switch r.kind {
	case badValue:
		e.Message = fmt.Sprintf("Variable '%s' has an invalid value: %s", def.Variable, r.message)
		e.Locations = located(def.Position)
	case nullValue:
		e.Message = strings.ReplaceAll(r.message, "{variable}", def.Variable)
		e.Locations = located(def.Position)
	}
	return e
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
			return nil, &refusal{"Variable '{variable}' has coerced Null value for NonNull type '" + t.String() + "'", nullValue}
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
		return scalar(def.Name, v)
	}
}

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
			return nil, &refusal{fmt.Sprintf(
				"The variables input contains a field name '%s' that is not defined for input object type '%s' ", name, def.Name), extraField}
		}
	}
	result := map[string]any{}
	for _, field := range def.Fields {
		value, present := given[field.Name]
		if value == nil && field.Type.NonNull {
			return nil, &refusal{"Field '" + field.Name + "' of variable '{variable}' has coerced Null value for NonNull type '" + field.Type.String() + "'", nullValue}
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

func scalar(name string, v any) (any, *refusal) {
	switch name {
	case "Int":
		return integer(v)
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, &refusal{message: fmt.Sprintf("Expected a Boolean input, but it was a '%s'", javaClass(v))}
	case "String":
		if s, ok := v.(string); ok {
			return s, nil
		}
		return nil, &refusal{message: fmt.Sprintf("Expected a String input, but it was a '%s'", javaClass(v))}
	default:
		return v, nil
	}
}

func integer(v any) (any, *refusal) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, &refusal{message: fmt.Sprintf("Expected a value that can be converted to type 'Int' but it was a '%s'", javaClass(v))}
	}
	f, err := n.Float64()
	if err != nil || f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxInt32 {
		return nil, &refusal{message: fmt.Sprintf("Expected a value that can be converted to type 'Int' but it was a '%s'", javaClass(v))}
	}
	return int32(f), nil
}

// javaClass is the simple name of the class into which Jackson reads a JSON value.
func javaClass(v any) string {
	switch v := v.(type) {
	case string:
		return "String"
	case bool:
		return "Boolean"
	case json.Number:
		return numberClass(string(v))
	case []any:
		return "ArrayList"
	default:
		return "LinkedHashMap"
	}
}

func numberClass(text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && n >= math.MinInt32 && n <= math.MaxInt32:
		return "Integer"
	case err == nil:
		return "Long"
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil && !isInteger(text) {
		return "Double"
	}
	return "BigInteger"
}

func isInteger(text string) bool {
	for i, r := range text {
		if (r < '0' || r > '9') && (i > 0 || r != '-') {
			return false
		}
	}
	return true
}

// javaString is what toString makes of a JSON value.
func javaString(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprint(v)
}
