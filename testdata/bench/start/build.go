package start

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	released "github.com/datahub-pat/pat/testdata/bench/program"
)

// build builds the programs as they are released: without symbols, without C.
// The empty ones exist in an overlay only, so that the module stays as it is.
func build(folder string) ([]*program, error) {
	libraries, err := librariesOfPat()
	if err != nil {
		return nil, err
	}
	overlay, err := overlayOf(folder, map[string]string{"empty": emptyProgram(nil), "libraries": emptyProgram(libraries)})
	if err != nil {
		return nil, err
	}
	built := map[string]string{}
	for name, from := range map[string]string{"pat": "./cmd/pat", "empty": "./testdata/bench/empty", "libraries": "./testdata/bench/libraries"} {
		built[name] = filepath.Join(folder, name+".exe")
		if _, err := released.Tool(append(append([]string{"build", "-overlay=" + overlay}, released.Release()...), "-o", built[name], from)...); err != nil {
			return nil, err
		}
	}
	return []*program{
		{name: "empty program", file: built["empty"]},
		{name: fmt.Sprintf("with pat's %d libraries", len(libraries)), file: built["libraries"]},
		{name: "`pat --version`", file: built["pat"], words: []string{"--version"}},
		{name: "`pat --help`", file: built["pat"], words: []string{"--help"}},
		{name: "`pat __complete create ''`", file: built["pat"], words: []string{"__complete", "create", ""}},
	}, nil
}

// librariesOfPat are the packages that pat's own import: of Go itself and of other
// modules.
func librariesOfPat() ([]string, error) {
	out, err := released.Tool("list", "-deps", "-json=ImportPath,Imports,Module", "./cmd/pat")
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath string
		Imports    []string
		Module     struct{ Main bool }
	}
	own, imported := map[string]bool{}, map[string]bool{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			return nil, err
		}
		if !p.Module.Main {
			continue
		}
		own[p.ImportPath] = true
		for _, path := range p.Imports {
			imported[path] = true
		}
	}
	maps.DeleteFunc(imported, func(path string, _ bool) bool { return own[path] })
	return slices.Sorted(maps.Keys(imported)), nil
}

// emptyProgram is the source of a program that does nothing but link libraries.
func emptyProgram(libraries []string) string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, path := range libraries {
		fmt.Fprintf(&b, "import _ %q\n", path)
	}
	b.WriteString("\nfunc main() {}\n")
	return b.String()
}

// overlayOf makes the go tool see programs in testdata/bench that are not there.
func overlayOf(folder string, sources map[string]string) (string, error) {
	out, err := released.Tool("list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", err
	}
	root := strings.TrimSpace(string(out))
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for name, source := range sources {
		file := filepath.Join(folder, name+".go")
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[filepath.Join(root, "testdata", "bench", name, "main.go")] = file
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	return file, os.WriteFile(file, data, 0o600)
}
