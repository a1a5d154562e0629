package engine

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// spot is the place in a document that a finding is about: the fields that lead there and, within a field's argument,
// the argument and the value.
type spot struct {
	at        Location
	path      []string // the names of the fields; first that of the fragment, within one
	field     *ast.Field
	belowLeaf bool // the field stands under one that has no fields
	argument  *ast.Argument
	value     *ast.Value
	parent    *ast.Value // that the value is in; nil for the argument's own
	inside    string     // the way from the argument to the value, as graphql-java puts it
	outside   string     // and that to the parent
}

// spotAt looks for the node that a finding is about.
func spotAt(query *ast.QueryDocument, err *gqlerror.Error) spot {
	var s spot
	if len(err.Locations) > 0 {
		s.at = Location{err.Locations[0].Line, err.Locations[0].Column}
	}
	for _, op := range query.Operations {
		if found, ok := s.in(op.SelectionSet); ok {
			return found
		}
	}
	for _, fragment := range query.Fragments {
		within := s
		within.path = []string{fragment.Name}
		if found, ok := within.in(fragment.SelectionSet); ok {
			return found
		}
	}
	return s
}

// in looks for the place among selections that stand where s is.
func (s spot) in(set ast.SelectionSet) (spot, bool) {
	for _, selection := range set {
		here, below := s, ast.SelectionSet(nil)
		switch selected := selection.(type) {
		case *ast.Field:
			here = s.under(selected)
			below = selected.SelectionSet
			if found, ok := here.inArguments(selected.Arguments); ok {
				return found, true
			}
		case *ast.InlineFragment:
			below = selected.SelectionSet
		}
		if s.is(selection.GetPosition()) || s.isOn(selection) {
			return here, true
		}
		if found, ok := here.in(below); ok {
			return found, true
		}
	}
	return spot{}, false
}

// under is the place of a field that is selected where s is.
func (s spot) under(field *ast.Field) spot {
	s.belowLeaf = s.field != nil && field.ObjectDefinition != nil && !field.ObjectDefinition.IsCompositeType()
	s.path = append(slices.Clone(s.path), field.Name)
	s.field = field
	return s
}

func (s spot) inArguments(args ast.ArgumentList) (spot, bool) {
	for _, arg := range args {
		s.argument = arg
		if s.is(arg.Position) {
			return s, true
		}
		if found, ok := s.inValue(arg.Value); ok {
			return found, true
		}
	}
	return spot{}, false
}

// inValue looks for the place in a value, to which s has led.
func (s spot) inValue(value *ast.Value) (spot, bool) {
	if s.is(value.Position) {
		s.value = value
		return s, true
	}
	for i, child := range value.Children {
		deeper := s
		deeper.parent, deeper.outside = value, s.inside
		deeper.inside += "." + child.Name
		if value.Kind == ast.ListValue {
			deeper.inside = fmt.Sprintf("%s[%d]", s.inside, i)
		}
		if s.is(child.Position) {
			deeper.value = child.Value
			return deeper, true
		}
		if found, ok := deeper.inValue(child.Value); ok {
			return found, true
		}
	}
	return spot{}, false
}

func (s spot) is(p *ast.Position) bool {
	return p != nil && p.Line == s.at.Line && p.Column == s.at.Column
}

// isOn tells whether the place is that of a directive on a selection.
func (s spot) isOn(selection ast.Selection) bool {
	var marks ast.DirectiveList
	switch selected := selection.(type) {
	case *ast.Field:
		marks = selected.Directives
	case *ast.InlineFragment:
		marks = selected.Directives
	case *ast.FragmentSpread:
		marks = selected.Directives
	}
	return slices.ContainsFunc(marks, func(d *ast.Directive) bool { return s.is(d.Position) })
}

// reported is the location the server gives: that of the argument where a value in it is wrong.
func (s spot) reported() Location {
	if s.argument != nil && s.value != nil {
		return Location{s.argument.Position.Line, s.argument.Position.Column}
	}
	return s.at
}

// fieldType is the field's type as the schema has it.
func (s spot) fieldType() string {
	if s.field == nil || s.field.Definition == nil {
		return ""
	}
	return s.field.Definition.Type.String()
}
