package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// unknownOperation says that none of a document's operations is the one asked for.
func unknownOperation(query *ast.QueryDocument, name string) Error {
	e := Error{Message: fmt.Sprintf("Unknown operation named '%s'.", name), Extensions: validationError}
	if name == "" && len(query.Operations) > 0 {
		e.Message = "Must provide operation name if query contains multiple operations."
	}
	return e
}

// syntaxError words what the parser stumbled over (Parsing.properties of graphql-java).
func syntaxError(err error, query string) Error {
	e := Error{Message: "Invalid syntax", Extensions: Extensions{Classification: "InvalidSyntax"}}
	var found *gqlerror.Error
	if !errors.As(err, &found) || len(found.Locations) == 0 {
		return e
	}
	at := Location{found.Locations[0].Line, found.Locations[0].Column}
	e.Locations = []Location{at}
	e.Message = fmt.Sprintf("Invalid syntax with offending token '%s' at line %d column %d", tokenAt(query, at), at.Line, at.Column)
	return e
}

// SyntaxMessage is the message of the syntax error; empty where there is none.
func (d *Document) SyntaxMessage() string {
	if !d.syntax {
		return ""
	}
	return d.errors[0].Message
}

// tokenAt is the token that starts at a place of the document.
func tokenAt(query string, at Location) string {
	lines := strings.Split(query, "\n")
	if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1]) {
		return "<EOF>"
	}
	text := lines[at.Line-1][at.Column-1:]
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
