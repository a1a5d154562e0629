// Command start measures how long pat takes to start: to say its version, to
// show its help and to complete a flag. It compares that with an empty program
// that links the same libraries and with an empty program, all in one run and
// one after another in turn, so that whatever slows the machine slows all alike.
//
//	go run ./testdata/bench/start [-runs N]
//
// It exits with 1 where pat takes more than 1.3 times as long as the former or
// 5 ms longer than the latter, by the medians.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What pat promises about its start.
const (
	mostTimes = 1.3                  // of an empty program with the same libraries
	mostAbove = 5 * time.Millisecond // an empty program
)

// warmUps are the runs that fill the system's caches and are not counted.
const warmUps = 5

func main() {
	runs := flag.Int("runs", 200, "how often to start each program")
	flag.Parse()
	ok, err := bench(*runs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "start:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// bench builds, measures and prints, and says whether pat keeps its promise.
func bench(runs int) (bool, error) {
	folder, err := os.MkdirTemp("", "pat-start-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	programs, err := build(folder)
	if err != nil {
		return false, err
	}
	for n := range warmUps + runs {
		for _, p := range programs {
			took, err := p.start(folder)
			if err != nil {
				return false, err
			}
			if n >= warmUps {
				p.took = append(p.took, took)
			}
		}
	}
	return report(programs, folder, runs), nil
}

// program is something to start.
type program struct {
	name  string
	file  string
	words []string
	took  []time.Duration
}

// start starts the program once, in a home without any files.
func (p *program) start(home string) (time.Duration, error) {
	cmd := p.command(home)
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return took, nil
}

func (p *program) command(home string) *exec.Cmd {
	cmd := exec.Command(p.file, p.words...)
	cmd.Env = []string{"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}
	return cmd
}

// initialisations is how many packages have something to do before main.
func (p *program) initialisations(home string) int {
	cmd := p.command(home)
	cmd.Env = append(cmd.Env, "GODEBUG=inittrace=1")
	var said bytes.Buffer
	cmd.Stderr = &said
	if cmd.Run() != nil {
		return 0
	}
	return bytes.Count(said.Bytes(), []byte("\ninit ")) + 1
}

// quantile is the time that a share of the starts did not exceed.
func (p *program) quantile(share float64) time.Duration {
	slices.Sort(p.took)
	return p.took[int(share*float64(len(p.took)-1))]
}

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
		if _, err := tool("build", "-overlay="+overlay, "-trimpath", "-ldflags=-s -w", "-o="+built[name], from); err != nil {
			return nil, err
		}
	}
	return []*program{
		{name: "empty program", file: built["empty"]},
		{name: fmt.Sprintf("with pat's %d libraries", len(libraries)), file: built["libraries"]},
		{name: "pat --version", file: built["pat"], words: []string{"--version"}},
		{name: "pat --help", file: built["pat"], words: []string{"--help"}},
		{name: "pat __complete create ''", file: built["pat"], words: []string{"__complete", "create", ""}},
	}, nil
}

// librariesOfPat are the packages of other modules that pat's own import.
func librariesOfPat() ([]string, error) {
	out, err := tool("list", "-deps", "-json=ImportPath,Standard,Imports,Module", "./cmd/pat")
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath string
		Standard   bool
		Imports    []string
		Module     struct{ Main bool }
	}
	foreign, imported := map[string]bool{}, map[string]bool{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			return nil, err
		}
		foreign[p.ImportPath] = !p.Standard && !p.Module.Main
		for _, path := range p.Imports {
			imported[path] = imported[path] || p.Module.Main
		}
	}
	maps.DeleteFunc(foreign, func(path string, is bool) bool { return !is || !imported[path] })
	return slices.Sorted(maps.Keys(foreign)), nil
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
	out, err := tool("list", "-m", "-f", "{{.Dir}}")
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

// tool runs the go tool.
func tool(words ...string) ([]byte, error) {
	cmd := exec.Command("go", words...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(words, " "), err)
	}
	return out, nil
}

// report prints what was measured, and says whether pat keeps its promise.
func report(programs []*program, home string, runs int) bool {
	empty, libraries := programs[0].quantile(0.5), programs[1].quantile(0.5)
	fmt.Printf("%d starts of each program, in turn\n\n", runs)
	fmt.Printf("%-28s %10s %10s %14s %14s %9s\n", "", "median", "p95", "x libraries", "above empty", "packages")
	ok := true
	for i, p := range programs {
		median := p.quantile(0.5)
		times, above := float64(median)/float64(libraries), median-empty
		verdict := ""
		if i > 1 && (times > mostTimes || above > mostAbove) {
			ok, verdict = false, "  too slow"
		}
		fmt.Printf("%-28s %10s %10s %14.2f %14s %9d%s\n", p.name, short(median), short(p.quantile(0.95)), times, short(above), p.initialisations(home), verdict)
	}
	fmt.Printf("\nallowed: %.1f times the program with the libraries, %s above the empty one\n", mostTimes, short(mostAbove))
	return ok
}

func short(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
