// Package size tells how large pat is and what its libraries add to that.
package size

import (
	"bytes"
	"cmp"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/testdata/bench/program"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// The groups that are no library.
const (
	ofGo    = "Go's own packages"
	ofPat   = "pat itself"
	ofNoOne = "belongs to no package: types, strings, tables of the runtime"
)

// heaviest is how many libraries are told.
const heaviest = 5

// Run is the part of the benchmark. It measures the build for Linux, wherever it
// runs.
func Run(_ []string, out io.Writer) (bool, error) {
	for name, value := range map[string]string{"GOOS": "linux", "GOARCH": "amd64"} {
		if err := os.Setenv(name, value); err != nil { // for the go tool only
			return false, err
		}
		defer os.Unsetenv(name)
	}
	return program.Folder(func(folder, pat string) (bool, error) {
		info, err := os.Stat(pat)
		if err != nil {
			return false, err
		}
		full := filepath.Join(folder, "full")
		if _, err := program.Tool("build", "-trimpath", "-o", full, "./cmd/pat"); err != nil {
			return false, err
		}
		modules, err := modulesByPackage()
		if err != nil {
			return false, err
		}
		sizes, err := measure(full, modules)
		if err != nil {
			return false, err
		}
		tell(out, info.Size(), sizes)
		return true, nil
	})
}

// modulesByPackage are the modules of all packages that pat is made of.
func modulesByPackage() (map[string]string, error) {
	listing, err := program.Tool("list", "-deps", "-json=ImportPath,Module", "./cmd/pat")
	if err != nil {
		return nil, err
	}
	modules := map[string]string{"main": ofPat}
	for decoder := json.NewDecoder(bytes.NewReader(listing)); decoder.More(); {
		var p struct {
			ImportPath string
			Module     *struct {
				Path string
				Main bool
			}
		}
		if err := decoder.Decode(&p); err != nil {
			return nil, err
		}
		switch {
		case p.Module == nil:
			modules[p.ImportPath] = ofGo
		case p.Module.Main:
			modules[p.ImportPath] = ofPat
		default:
			modules[p.ImportPath] = p.Module.Path
		}
	}
	return modules, nil
}

// measure adds up what is in the file by module, and shares out the tables of
// functions and lines.
func measure(file string, modules map[string]string) (map[string]int64, error) {
	binary, err := elf.Open(file)
	if err != nil {
		return nil, err
	}
	defer binary.Close()
	symbols, err := binary.Symbols()
	if err != nil {
		return nil, err
	}
	sizes, code, allCode := map[string]int64{}, map[string]int64{}, int64(0)
	for _, s := range symbols {
		if int(s.Section) >= len(binary.Sections) || elf.ST_TYPE(s.Info) == elf.STT_NOTYPE && s.Size == 0 {
			continue
		}
		section := binary.Sections[s.Section]
		module := modules[packageOf(s.Name)]
		if section.Type == elf.SHT_NOBITS || module == "" || strings.HasPrefix(s.Name, "runtime.pclntab") {
			continue
		}
		sizes[module] += int64(s.Size)
		if section.Name == ".text" {
			code[module] += int64(s.Size)
			allCode += int64(s.Size)
		}
	}
	if table := binary.Section(".gopclntab"); table != nil {
		for module, own := range code {
			sizes[module] += int64(float64(table.Size) * float64(own) / float64(allCode))
		}
	}
	return sizes, nil
}

// packageOf is the import path in the name of a symbol: what is before the first
// dot after the last slash.
func packageOf(symbol string) string {
	for _, prefix := range []string{"type:.eq.", "type:.hash.", "go:struct."} {
		symbol = strings.TrimPrefix(symbol, prefix)
	}
	if at := strings.IndexAny(symbol, "[("); at >= 0 && strings.Contains(symbol[:at], ".") {
		symbol = symbol[:at] // the arguments of types hold other paths
	}
	slash := strings.LastIndex(symbol, "/") + 1
	dot := strings.Index(symbol[slash:], ".")
	if dot < 0 {
		return ""
	}
	return strings.ReplaceAll(symbol[:slash+dot], "%2e", ".")
}

func tell(out io.Writer, total int64, sizes map[string]int64) {
	fmt.Fprintf(out, "%s for Linux on amd64.\n\n", report.Megabytes(total))
	var libraries []string
	rest := total
	all := int64(0)
	for module, size := range sizes {
		rest -= size
		if module != ofGo && module != ofPat {
			libraries = append(libraries, module)
			all += size
		}
	}
	slices.SortFunc(libraries, func(a, b string) int { return cmp.Compare(sizes[b], sizes[a]) })
	table := report.NewTable("", "size", "share")
	row := func(name string, size int64) {
		table.Row(name, report.Megabytes(size), fmt.Sprintf("%.1f %%", 100*float64(size)/float64(total)))
	}
	row(ofGo, sizes[ofGo])
	row(ofPat, sizes[ofPat])
	row(fmt.Sprintf("all %d libraries", len(libraries)), all)
	for _, module := range libraries[:min(heaviest, len(libraries))] {
		row("– `"+module+"`", sizes[module])
	}
	row(ofNoOne, rest)
	table.Write(out)
}
