package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// houseFile is a Go file of this module.
type houseFile struct {
	path   string // from the module's root, with slashes
	syntax *ast.File
}

// houseFiles are all Go files, for whatever system, without testdata.
func houseFiles(t *testing.T) []houseFile {
	t.Helper()
	root := filepath.Join("..", "..")
	var files []houseFile
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && file != root
		if entry.IsDir() && (hidden || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(file) != ".go" {
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		parsed, err := parseHouse(filepath.ToSlash(relative), string(source))
		files = append(files, parsed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parseHouse(name, source string) (houseFile, error) {
	syntax, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
	return houseFile{name, syntax}, err
}

// room is the room that a file is in.
func (f houseFile) room() string {
	folder := path.Dir(f.path)
	if inner, ok := strings.CutPrefix(folder, "internal/"); ok {
		return roomOf(inner)
	}
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// roomOf is the room of a folder below internal.
func roomOf(folder string) string {
	if _, ok := arrows[folder]; ok {
		return folder
	}
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// forTests reports whether a package exists for tests only, as its name says.
func forTests(folder string) bool { return strings.HasSuffix(folder, "test") }

// isTest reports whether the file is no part of the program.
func (f houseFile) isTest() bool {
	return strings.HasSuffix(f.path, "_test.go") || forTests(path.Dir(f.path))
}

// imports are the packages that a file imports, by the names it has for them.
func (f houseFile) imports() map[string]string {
	named := map[string]string{}
	for _, spec := range f.syntax.Imports {
		from, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(from)
		if strings.HasPrefix(name, "v") && strings.Trim(name[1:], "0123456789") == "" {
			name = path.Base(path.Dir(from))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		named[orPath(name, from)] = from
	}
	return named
}

// orPath is the name of an import, or for those without a usable one the path.
func orPath(name, from string) string {
	if name == "." || name == "_" {
		return name + from
	}
	return strings.TrimPrefix(name, "go-")
}

// qualified is the package and name that an expression like os.Exit means.
func qualified(node ast.Node, imports map[string]string) (from, name string, ok bool) {
	selector, isSelector := node.(*ast.SelectorExpr)
	if !isSelector {
		return "", "", false
	}
	ident, isIdent := selector.X.(*ast.Ident)
	if !isIdent || ident.Obj != nil { // a variable of that name
		return "", "", false
	}
	from, ok = imports[ident.Name]
	return from, selector.Sel.Name, ok
}

// documents reports whether a file says what its package is for.
func documents(f houseFile) bool {
	if strings.HasSuffix(f.path, "_test.go") {
		return false
	}
	text, name := f.syntax.Doc.Text(), f.syntax.Name.Name
	if name == "main" {
		return strings.HasPrefix(text, "Command ")
	}
	return strings.HasPrefix(text, "Package "+name+" ")
}
