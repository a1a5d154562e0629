package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// finding is a fault of a document as graphql-java names it: the kind, and what was found.
type finding struct{ kind, text string }

// validate checks a document and words what is wrong with it.
func (e *Engine) validate(query *ast.QueryDocument) []Error {
	var found []Error
	for _, err := range validator.ValidateWithRules(e.schema.Types, query, ruleSet()) {
		if s := spotAt(query, err); !s.belowLeaf {
			found = append(found, e.word(err, s))
		}
	}
	slices.SortStableFunc(found, byLocation)
	return found
}

// ruleSet is gqlparser's rules without the suggestions, which graphql-java does not make.
func ruleSet() *rules.Rules {
	set := rules.NewDefaultRules()
	set.RemoveRule("MaxIntrospectionDepth")
	for _, r := range []validator.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		set.RemoveRule(strings.TrimSuffix(r.Name, "WithoutSuggestions"))
		set.AddRule(r.Name, r.RuleFunc)
	}
	return set
}

func byLocation(a, b Error) int {
	if len(a.Locations) == 0 || len(b.Locations) == 0 {
		return len(b.Locations) - len(a.Locations)
	}
	x, y := a.Locations[0], b.Locations[0]
	if x.Line != y.Line {
		return x.Line - y.Line
	}
	return x.Column - y.Column
}

// word turns a finding of gqlparser into the server's error.
func (e *Engine) word(err *gqlerror.Error, s spot) Error {
	f := phrase(err, s)
	where := f.kind
	if e.old {
		where = strings.Replace(where, "Subselection", "SubSelection", 1)
	}
	if len(s.path) > 0 {
		where += "@[" + strings.Join(s.path, "/") + "]"
	}
	return Error{
		Message:    fmt.Sprintf("Validation error (%s) : %s", where, f.text),
		Locations:  []Location{s.reported()},
		Extensions: validationError,
	}
}

// phrase is the server's text for a finding (Validation.properties of graphql-java).
func phrase(err *gqlerror.Error, s spot) finding {
	q := quotedIn(err.Message)
	say := func(kind, format string, args ...any) finding { return finding{kind, fmt.Sprintf(format, args...)} }
	switch strings.TrimSuffix(err.Rule, "WithoutSuggestions") {
	case "FieldsOnCorrectType":
		return say("FieldUndefined", "Field '%s' in type '%s' is undefined", q(0), q(1))
	case "KnownArgumentNames":
		if strings.Contains(err.Message, "on directive") {
			return say("UnknownDirective", "Unknown directive argument '%s'", q(0))
		}
		return say("UnknownArgument", "Unknown field argument '%s'", q(0))
	case "KnownDirectives":
		if strings.HasPrefix(err.Message, "Unknown") {
			return say("UnknownDirective", "Unknown directive '%s'", q(0))
		}
		return say("MisplacedDirective", "Directive '%s' not allowed here", q(0))
	case "KnownFragmentNames":
		return say("UndefinedFragment", "Undefined fragment '%s'", q(0))
	case "KnownTypeNames":
		return say("UnknownType", "Unknown type '%s'", q(0))
	case "LoneAnonymousOperation":
		return say("LoneAnonymousOperationViolation", "Anonymous operation with other operations")
	case "NoFragmentCycles":
		return say("FragmentCycle", "Fragment cycles not allowed")
	case "NoUndefinedVariables":
		return say("UndefinedVariable", "Undefined variable '%s'", q(0))
	case "NoUnusedFragments":
		return say("UnusedFragment", "Unused fragment '%s'", q(0))
	case "NoUnusedVariables":
		return say("UnusedVariable", "Unused variable '%s'", q(0))
	default:
		return phraseMore(err, s, q)
	}
}

func phraseMore(err *gqlerror.Error, s spot, q func(int) string) finding {
	say := func(kind, format string, args ...any) finding { return finding{kind, fmt.Sprintf(format, args...)} }
	switch strings.TrimSuffix(err.Rule, "WithoutSuggestions") {
	case "ScalarLeafs":
		if strings.Contains(err.Message, "must not have") {
			return say("SubselectionNotAllowed", "Subselection not allowed on leaf type '%s' of field '%s'", s.fieldType(), q(0))
		}
		return say("SubselectionRequired", "Subselection required for type '%s' of field '%s'", s.fieldType(), q(0))
	case "ProvidedRequiredArguments":
		if strings.HasPrefix(err.Message, "Directive") {
			return say("MissingDirectiveArgument", "Missing directive argument '%s'", q(1))
		}
		return say("MissingFieldArgument", "Missing field argument '%s'", q(1))
	case "VariablesInAllowedPosition":
		return say("VariableTypeMismatch", "Variable '%s' of type '%s' used in position expecting type '%s'", q(0), q(1), q(2))
	case "VariablesAreInputTypes":
		return say("NonInputTypeOnVariable", "Input variable '%s' type '%s' is not an input type", q(0), q(1))
	case "ValuesOfCorrectType":
		return finding{"WrongType", wrongValue(err, s)}
	case "UniqueOperationNames":
		return say("DuplicateOperationName", "There can be only one operation named '%s'", q(0))
	case "UniqueFragmentNames":
		return say("DuplicateFragmentName", "There can be only one fragment named '%s'", q(0))
	case "UniqueVariableNames":
		return say("DuplicateVariableName", "There can be only one variable named '%s'", q(0))
	case "UniqueArgumentNames":
		return say("DuplicateArgumentNames", "There can be only one argument named '%s'", q(0))
	case "OverlappingFieldsCanBeMerged":
		return say("FieldsConflict", "%s", conflict(err, q))
	case "PossibleFragmentSpreads":
		return say("InvalidFragmentType", "%s", strings.ReplaceAll(strings.TrimSuffix(err.Message, "."), `"`, "'"))
	default:
		return say("InvalidSyntax", "%s", strings.ReplaceAll(err.Message, `"`, "'"))
	}
}

func conflict(err *gqlerror.Error, q func(int) string) string {
	switch {
	case strings.Contains(err.Message, "different fields"):
		return fmt.Sprintf("'%s' : '%s' and '%s' are different fields", q(0), q(1), q(2))
	case strings.Contains(err.Message, "differing arguments"):
		return fmt.Sprintf("'%s' : fields have different arguments", q(0))
	default:
		return fmt.Sprintf("'%s' : returns different types '%s' and '%s'", q(0), q(1), q(2))
	}
}

// quotedIn gives the n-th double-quoted word of a text, without the sign of a directive or a variable.
func quotedIn(text string) func(n int) string {
	parts := strings.Split(text, `"`)
	return func(n int) string {
		if i := 2*n + 1; i < len(parts) {
			return strings.TrimLeft(parts[i], "@$")
		}
		return ""
	}
}
