package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
)

// The topic has every exit code that a failure can have, and the README the same.
func TestExitCodesTopic(t *testing.T) {
	used := map[int]bool{0: true}
	for _, kind := range constants(t, filepath.Join("..", "failure", "failure.go"), "Kind") {
		used[failure.Kind(kind).ExitCode()] = true
	}
	if len(used) < 10 {
		t.Fatalf("only the codes %v are found", used)
	}
	var told []int
	for _, c := range exitCodes {
		told = append(told, c.code)
		if !strings.Contains(exitCodesText(), "  "+strconv.Itoa(c.code)+"   "+c.meaning) {
			t.Errorf("the topic lacks %d", c.code)
		}
	}
	if want := slices.Sorted(maps.Keys(used)); !slices.Equal(told, want) {
		t.Errorf("the topic has %v, failures have %v", told, want)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var inReadme []int
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(string(readme), -1) {
		code, _ := strconv.Atoi(row[1])
		inReadme = append(inReadme, code)
	}
	if !slices.Equal(inReadme, told) {
		t.Errorf("the README has the exit codes %v, the topic %v", inReadme, told)
	}
}

// constants are the values of the constants of a type in a file.
func constants(t *testing.T, file, kind string) []string {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(syntax, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if ok && len(spec.Values) == 1 {
			if name, is := spec.Type.(*ast.Ident); is && name.Name == kind {
				value, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				values = append(values, value)
			}
		}
		return true
	})
	return values
}

// noVariables look like names of variables in the code and are none.
var noVariables = []string{"CREATED_AT", "DATAHUB_GMS", "EXPIRES_AT", "NO_EXPIRY", "PLAY_SESSION", "REFUSED_STREAM", "SERVICE_ACCOUNT"}

// indirect are variables that are read by libraries, or told under a prefix.
var indirect = []string{
	"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PAT_TOKEN_ACTOR", "PAT_TOKEN_CREATED_AT", "PAT_TOKEN_EXPIRES_AT", "PAT_TOKEN_ID",
	"PAT_TOKEN_NAME", "PAT_TOKEN_OWNER", "PAT_TOKEN_SERVER",
}

// The topic has every variable whose name the code has, and no other.
func TestEnvironmentTopic(t *testing.T) {
	inCode := map[string]bool{}
	for _, name := range variablesInCode(t) {
		inCode[name] = true
	}
	for _, name := range noVariables {
		if !inCode[name] {
			t.Errorf("%s is not in the code any more", name)
		}
		delete(inCode, name)
	}
	for _, named := range datahub.DurationNames() {
		delete(inCode, named.Name)
	}
	for _, family := range handover.Superseded() { // the topic has them as a whole
		begin, isFamily := strings.CutSuffix(family, "*")
		maps.DeleteFunc(inCode, func(name string, _ bool) bool {
			return isFamily && strings.HasPrefix(name, begin) && !strings.Contains(environmentText(), name)
		})
	}
	for _, name := range indirect {
		inCode[name] = true
	}
	inTopic := map[string]bool{}
	for _, word := range regexp.MustCompile(`\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|HOME|USERPROFILE|PATH|TERM|COLUMNS|CLICOLOR|AppData|LocalAppData)\b`).FindAllString(environmentText(), -1) {
		inTopic[word] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(inCode)), slices.Sorted(maps.Keys(inTopic))); diff != "" {
		t.Errorf("the code's variables (-) and the topic's (+) differ:\n%s", diff)
	}
}

// asks are the functions that are asked for a variable by its name.
var asks = []string{"Env", "env", "Getenv", "LookupEnv", "is", "ownFolder"}

// variablesInCode are the texts in the program that are names of variables: by
// their form, or because a variable is asked for by them.
func variablesInCode(t *testing.T) []string {
	t.Helper()
	form := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
	var names []string
	note := func(node ast.Expr, always bool) {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, _ := strconv.Unquote(literal.Value); form.MatchString(text) || always && regexp.MustCompile(`^[A-Z]\w{3,}$`).MatchString(text) {
				names = append(names, text)
			}
		}
	}
	for _, syntax := range program(t) {
		ast.Inspect(syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.BasicLit:
				note(n, false)
			case *ast.CallExpr:
				for _, argument := range n.Args {
					note(argument, slices.Contains(asks, called(n)))
				}
			case *ast.AssignStmt: // name := "HOME", which is asked for below
				if id, ok := n.Lhs[0].(*ast.Ident); ok && id.Name == "name" && syntax.Name.Name == "cli" {
					note(n.Rhs[0], true)
				}
			}
			return true
		})
	}
	return names
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// program are the files of the program, without the embedded DataHub, what is
// generated, the tests, and the topic itself.
func program(t *testing.T) []*ast.File {
	t.Helper()
	var files []*ast.File
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"mockhub", "gql", "keyringtest", "docgen", "testdata"}, entry.Name()) {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "topicenvironment.go" {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		files = append(files, syntax)
		return err
	})
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	return files
}

// What the topic calls a duration is one.
func TestDurationsTopic(t *testing.T) {
	for _, block := range Blocks(durationsText()) {
		for _, row := range block.Rows {
			for word := range strings.SplitSeq(row.Left, ", ") {
				if _, err := datahub.ParseDuration(word); err != nil {
					t.Errorf("%s: %v", word, err)
				}
			}
		}
	}
	for _, named := range datahub.DurationNames() {
		if !strings.Contains(durationsText(), named.Name) {
			t.Errorf("%s is missing", named.Name)
		}
	}
}

// The flags for scope and selection are those that the commands have.
func TestFiltersTopic(t *testing.T) {
	scope, selection := filterFlags()
	if len(scope) < 4 || len(selection) < 8 {
		t.Errorf("%v %v", scope, selection)
	}
	for _, name := range []string{"list", "revoke", "rotate"} {
		cmd, _, err := treeForReading().Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range append(scope, selection...) {
			if cmd.Flags().Lookup(f.Name) == nil {
				t.Errorf("%s has no --%s", name, f.Name)
			}
		}
	}
}
