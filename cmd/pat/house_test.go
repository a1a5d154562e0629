package main

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// ours begins the import path of every room of the house.
const ours = "github.com/datahub-pat/pat/internal/"

// arrows says which room may import which, besides failure, which everybody may
// use, and atomicfile, for whoever writes files. A folder within a room belongs
// to it, unless it is named here itself.
var arrows = map[string][]string{
	"accesslist":   {},
	"atomicfile":   {},
	"audit":        {"datahub"},
	"audit/report": {"audit", "datahub", "sanitize"},
	"cli":          {"audit", "audit/report", "completion", "config", "datahub", "datahubenv", "delivery", "doctor", "handover", "journal", "keyring", "lifecycle", "mockhub", "render", "sanitize", "session", "signin", "term", "transport"},
	"cmd":          {"cli", "term"},
	"completion":   {"sanitize"},
	"config":       {"rights", "yamledit"},
	"datahub":      {"datahub/gql", "transport"},
	"datahub/gql":  {},
	"datahubenv":   {"yamledit"},
	"delivery":     {"datahubenv", "keyring"},
	"doctor":       {"config", "datahub", "datahubenv", "journal", "keyring", "rights", "session", "transport"},
	"failure":      {},
	"handover":     {"session"},
	"journal":      {"rights"},
	"keyring":      {"rights"},
	"lifecycle":    {"datahub", "delivery", "journal", "keyring"},
	"mockhub":      {},
	"render":       {"sanitize"},
	"rights":       {"accesslist"},
	"sanitize":     {},
	"session":      {"config", "datahub", "datahubenv", "keyring", "rights"},
	"signin":       {"datahub", "transport"},
	"term":         {"sanitize"},
	"transport":    {"sanitize"},
	"yamledit":     {},
}

// outside is what a room must be handed instead of asking for it: only cmd, cli
// and term read the environment, exit or look at the process's own streams.
var outside = map[string][]string{
	"os": {
		"Args", "Clearenv", "Environ", "Exit", "ExpandEnv", "Getenv", "LookupEnv", "Setenv", "Stderr", "Stdin", "Stdout",
		"Unsetenv", "UserCacheDir", "UserConfigDir", "UserHomeDir",
	},
	"syscall":                         {"Clearenv", "Environ", "Exit", "Getenv", "Setenv", "Unsetenv"},
	"log":                             {"Fatal", "Fatalf", "Fatalln"},
	"net/http":                        {"ProxyFromEnvironment"},
	"golang.org/x/net/http/httpproxy": {"FromEnvironment"},
	"golang.org/x/term":               {"GetSize", "IsTerminal"},
	"github.com/mattn/go-isatty":      {"IsCygwinTerminal", "IsTerminal"},
}

// TestHouseRules holds the code to what each room may know.
func TestHouseRules(t *testing.T) {
	files := houseFiles(t)
	if len(files) < 100 {
		t.Fatalf("only %d files were found", len(files))
	}
	documented := map[string]bool{}
	for _, f := range files {
		for _, complaint := range complaintsAbout(f) {
			t.Errorf("%s: %s", f.path, complaint)
		}
		documented[path.Dir(f.path)] = documented[path.Dir(f.path)] || documents(f)
	}
	for _, folder := range slices.Sorted(maps.Keys(documented)) {
		if !documented[folder] {
			t.Errorf("%s: no file has a package comment that begins with \"Package NAME\" or \"Command NAME\"", folder)
		}
	}
}

// TestArrowsAreNeeded has no arrow that nobody goes along: it would let in what
// was once kept out.
func TestArrowsAreNeeded(t *testing.T) {
	if unused := unusedArrows(houseFiles(t)); len(unused) > 0 {
		t.Errorf("nothing needs the arrows %s", strings.Join(unused, ", "))
	}
}

// unusedArrows are those along which no file of the program imports anything.
func unusedArrows(files []houseFile) []string {
	used := map[string]bool{}
	for _, f := range files {
		for _, from := range f.imports() {
			if target, isOurs := strings.CutPrefix(from, ours); isOurs && !f.isTest() {
				used[f.room()+" to "+roomOf(target)] = true
			}
		}
	}
	var unused []string
	for _, from := range slices.Sorted(maps.Keys(arrows)) {
		for _, to := range arrows[from] {
			if arrow := from + " to " + to; !used[arrow] {
				unused = append(unused, arrow)
			}
		}
	}
	return unused
}

// complaintsAbout is what is wrong with a file.
func complaintsAbout(f houseFile) []string {
	var complaints []string
	for name, from := range f.imports() {
		complaints = append(complaints, importComplaints(f, name, from)...)
	}
	if !f.isTest() && !slices.Contains([]string{"cmd", "cli", "term"}, f.room()) {
		complaints = append(complaints, outsideComplaints(f)...)
	}
	if f.room() == "datahub" && !f.isTest() {
		complaints = append(complaints, leaks(f)...)
	}
	slices.Sort(complaints)
	return complaints
}

// importComplaints is what is wrong with one import.
func importComplaints(f houseFile, name, from string) []string {
	target, isOurs := strings.CutPrefix(from, ours)
	generated := target == "datahub/gql" || strings.HasPrefix(from, "github.com/Khan/genqlient/")
	room := f.room()
	switch {
	case strings.HasPrefix(name, "."):
		return []string{"imports " + from + " into its own names: say where they come from"}
	case generated && room != "datahub" && room != "datahub/gql":
		return []string{"imports " + from + ": genqlient's types do not leave datahub"}
	case !isOurs || f.isTest():
		return nil
	case forTests(target):
		return []string{"imports " + target + ", which is for tests"}
	case mayImport(room, roomOf(target)):
		return nil
	}
	return []string{fmt.Sprintf("%s may not import %s; it may import %s, failure and atomicfile", room, target, strings.Join(arrows[room], ", "))}
}

// mayImport reports whether there is an arrow from a room to another.
func mayImport(from, to string) bool {
	allowed, known := arrows[from]
	switch {
	case !known:
		return false
	case from == to || slices.Contains(allowed, to):
		return true
	case from == "failure" || from == "sanitize":
		return false
	case to == "failure":
		return from != "mockhub"
	}
	return to == "atomicfile"
}

// outsideComplaints is what a file asks for that it should be handed.
func outsideComplaints(f houseFile) []string {
	var complaints []string
	imports := f.imports()
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		if from, name, ok := qualified(node, imports); ok && slices.Contains(outside[from], name) {
			complaints = append(complaints, "uses "+from+"."+name+": only cmd, cli and term may; take it as a value or a function")
		}
		return true
	})
	return complaints
}

// leaks is where generated types are part of what datahub shows.
func leaks(f houseFile) []string {
	var complaints []string
	imports := f.imports()
	look := func(what string, node ast.Node) {
		ast.Inspect(node, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && len(field.Names) > 0 && !exportedField(field) {
				return false
			}
			if from, name, ok := qualified(n, imports); ok && from == ours+"datahub/gql" {
				complaints = append(complaints, what+" shows gql."+name+": genqlient's types do not leave datahub")
			}
			return true
		})
	}
	for _, declaration := range f.syntax.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
				lookAtSignature(look, d)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
					look(s.Name.Name, s.Type)
				}
			}
		}
	}
	return complaints
}

// lookAtSignature looks at the types of parameters and results, which count
// whatever they are called.
func lookAtSignature(look func(string, ast.Node), d *ast.FuncDecl) {
	for _, list := range []*ast.FieldList{d.Type.Params, d.Type.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			look(d.Name.Name, field.Type)
		}
	}
}

func exportedField(field *ast.Field) bool {
	return slices.ContainsFunc(field.Names, (*ast.Ident).IsExported)
}

func exportedReceiver(receiver *ast.FieldList) bool {
	kind := receiver.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	ident, ok := kind.(*ast.Ident)
	return ok && ident.IsExported()
}
