package engine

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/graph-gophers/graphql-go/errors"
	"github.com/vektah/gqlparser/v2/ast"
)

// Result is an answer. Data is null where nothing could be given.
type Result struct {
	Errors []Error
	Data   json.RawMessage
}

// Error is one of an answer's errors, its members in the server's order.
type Error struct {
	Message    string     `json:"message"`
	Locations  []Location `json:"locations,omitempty"`
	Path       []any      `json:"path,omitempty"`
	Extensions Extensions `json:"extensions"`
}

// Location is a place in the document, counted from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Extensions say what kind of error it is. Code and Type are DataHub's own, Classification is graphql-java's.
type Extensions struct {
	Code           int    `json:"code,omitempty"`
	Type           string `json:"type,omitempty"`
	Classification string `json:"classification"`
}

var validationError = Extensions{Classification: "ValidationError"}

// Failure is an error of a resolver as the client is to see it.
type Failure struct {
	Message    string
	Extensions Extensions
	Below      []any // where under the field it happened, if not at the field itself
}

// Error is the message.
func (f *Failure) Error() string { return f.Message }

// JSON is the envelope: errors if any, data, and an empty extensions.
func (r Result) JSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	if len(r.Errors) > 0 {
		text, err := marshal(r.Errors)
		if err != nil {
			return nil, err
		}
		out.WriteString(`"errors":`)
		out.Write(text)
		out.WriteByte(',')
	}
	out.WriteString(`"data":`)
	if r.Data == nil {
		out.WriteString("null")
	}
	out.Write(r.Data)
	out.WriteString(`,"extensions":{}}`)
	return out.Bytes(), nil
}

// marshal is json.Marshal without the escapes for HTML, which the server does not make.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// executionError is an error of the executing library as the server would have put it.
func (d *Document) executionError(err *errors.QueryError) Error {
	e := Error{
		Message:    err.Message,
		Path:       err.Path,
		Extensions: Extensions{Code: 500, Type: "SERVER_ERROR", Classification: "DataFetchingException"},
	}
	if at := place(d.operation.SelectionSet, err.Path); at != nil {
		e.Locations = []Location{{at.Line, at.Column}}
	}
	if failure, ok := err.ResolverError.(*Failure); ok {
		e.Extensions = failure.Extensions
		e.Path = slices.Concat(err.Path, failure.Below)
	}
	return e
}

// place is where the document asks for the field at a response path.
func place(set ast.SelectionSet, path []any) *ast.Position {
	var at *ast.Position
	for _, step := range path {
		name, ok := step.(string)
		if !ok {
			continue
		}
		field := asked(set, name)
		if field == nil {
			break
		}
		at, set = field.Position, field.SelectionSet
	}
	return at
}

func asked(set ast.SelectionSet, alias string) *ast.Field {
	for _, s := range set {
		var found *ast.Field
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias == alias {
				found = s
			}
		case *ast.InlineFragment:
			found = asked(s.SelectionSet, alias)
		case *ast.FragmentSpread:
			found = asked(s.Definition.SelectionSet, alias)
		}
		if found != nil {
			return found
		}
	}
	return nil
}
