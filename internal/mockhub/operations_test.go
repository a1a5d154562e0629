package mockhub_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/schema"
)

// sinceMark is what a comment right above an operation begins with that older releases do not have:
//
//	# since: 1.4
//	query ServiceAccounts …
const sinceMark = "since:"

// What the client says must be understood by every release it says it to: each operation in graphql/ is valid against
// the schema of every release, or of those from the one its mark names.
func TestClientOperationsAreValid(t *testing.T) {
	files, err := filepath.Glob("../../graphql/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var all ast.QueryDocument
	for _, file := range files {
		if filepath.Base(file) != "schema.graphql" {
			doc := parseOperations(t, file)
			all.Operations = append(all.Operations, doc.Operations...)
			all.Fragments = append(all.Fragments, doc.Fragments...)
		}
	}
	checked := 0
	for _, op := range all.Operations {
		checked += checkOperation(t, all.Fragments, op)
	}
	if checked < len(release.All()) {
		t.Errorf("only %d operations checked in %d files", checked, len(files))
	}
}

func parseOperations(t *testing.T, file string) *ast.QueryDocument {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := parser.ParseQuery(&ast.Source{Name: file, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// checkOperation validates an operation against the releases it is for, and counts them.
func checkOperation(t *testing.T, fragments ast.FragmentDefinitionList, op *ast.OperationDefinition) int {
	t.Helper()
	doc := &ast.QueryDocument{Operations: ast.OperationList{op}}
	addFragments(doc, fragments, op.SelectionSet)
	since, checked := sinceOf(t, op), 0
	for _, r := range release.All() {
		if r.Compare(since) < 0 {
			continue
		}
		s, err := schema.For(r)
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, err := range validator.ValidateWithRules(s.Types, doc, nil) {
			t.Errorf("%s is not valid on %v: %s", op.Name, r, err.Message)
		}
	}
	return checked
}

// addFragments adds to a document the fragments that selections need.
func addFragments(doc *ast.QueryDocument, fragments ast.FragmentDefinitionList, set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			addFragments(doc, fragments, s.SelectionSet)
		case *ast.InlineFragment:
			addFragments(doc, fragments, s.SelectionSet)
		case *ast.FragmentSpread:
			if f := fragments.ForName(s.Name); f != nil && doc.Fragments.ForName(s.Name) == nil {
				doc.Fragments = append(doc.Fragments, f)
				addFragments(doc, fragments, f.SelectionSet)
			}
		}
	}
}

func sinceOf(t *testing.T, op *ast.OperationDefinition) release.Release {
	t.Helper()
	if op.Comment == nil {
		return release.All()[0]
	}
	for _, comment := range op.Comment.List {
		text := strings.TrimSpace(strings.TrimLeft(comment.Value, "# "))
		if name, marked := strings.CutPrefix(text, sinceMark); marked {
			return parsed(t, strings.TrimSpace(name))
		}
	}
	return release.All()[0]
}

// A mark is seen, and an operation that is too new for a release is not taken for valid there.
func TestMarksOfOperations(t *testing.T) {
	doc, err := parser.ParseQuery(&ast.Source{Input: "# Accounts.\n# since: 1.4\nquery A { getServiceAccount(urn: \"x\") { urn } }\n\nquery B { me { corpUser { urn } } }"})
	if err != nil {
		t.Fatal(err)
	}
	if got := sinceOf(t, doc.Operations[0]).String(); got != "1.4.0" {
		t.Errorf("A is since %s", got)
	}
	if got := sinceOf(t, doc.Operations[1]).String(); got != "0.10.0" {
		t.Errorf("B is since %s", got)
	}
	old, err := schema.For(release.V(1, 3, 0))
	if err != nil {
		t.Fatal(err)
	}
	if errs := validator.ValidateWithRules(old.Types, doc, nil); len(errs) == 0 {
		t.Error("A is valid on 1.3")
	}
}
