package engine

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// complexityError is what is wrong with an operation that asks for too much; nil where it does not, or where nothing
// limits it. Each field counts one, as often as its fragment is spread (DataHubFieldComplexityCalculator, whose surcharge
// on searches with lineage is of no matter here). The words are those of graphql-java's MaxQueryComplexityInstrumentation.
func (e *Engine) complexityError(op *ast.OperationDefinition) *Error {
	asks := fieldsOf(op.SelectionSet)
	if e.limit <= 0 || asks <= e.limit {
		return nil
	}
	return &Error{
		Message:    fmt.Sprintf("maximum query complexity exceeded %d > %d", asks, e.limit),
		Extensions: Extensions{Classification: "ExecutionAborted"},
	}
}

// fieldsOf is how many fields a selection asks for.
func fieldsOf(set ast.SelectionSet) int {
	count := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			count += 1 + fieldsOf(s.SelectionSet)
		case *ast.InlineFragment:
			count += fieldsOf(s.SelectionSet)
		case *ast.FragmentSpread:
			count += fieldsOf(s.Definition.SelectionSet)
		}
	}
	return count
}
