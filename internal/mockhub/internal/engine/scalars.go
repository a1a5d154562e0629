package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

func (c coercion) scalar(name string, v any) (any, *refusal) {
	switch name {
	case "Int":
		return c.integer(v)
	case "Boolean":
		return c.boolean(v)
	case "String":
		if s, ok := v.(string); ok {
			return s, nil
		}
		if c.lenient {
			return javaString(v), nil
		}
		return nil, unlike("Expected a String input, but it was a '%s'", v)
	default:
		return v, nil
	}
}

func (c coercion) integer(v any) (any, *refusal) {
	n, ok := v.(json.Number)
	if text, isText := v.(string); isText && c.lenient {
		n, ok = json.Number(text), true
	}
	f, err := n.Float64()
	if !ok || err != nil || f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxInt32 {
		return nil, unlike("Expected a value that can be converted to type 'Int' but it was a '%s'", v)
	}
	return int32(f), nil
}

func (c coercion) boolean(v any) (any, *refusal) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	text := strings.ToLower(javaString(v))
	if _, isText := v.(string); isText && c.lenient && (text == "true" || text == "false") {
		return text == "true", nil
	}
	return nil, unlike("Expected a Boolean input, but it was a '%s'", v)
}

func unlike(format string, v any) *refusal {
	return &refusal{message: fmt.Sprintf(format, javaClass(v))}
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
	if strings.ContainsAny(text, ".eE") {
		return "Double"
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return "BigInteger"
	case n < math.MinInt32 || n > math.MaxInt32:
		return "Long"
	}
	return "Integer"
}

// javaString is what toString makes of a JSON value.
func javaString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = javaString(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	default:
		return fmt.Sprint(v)
	}
}
