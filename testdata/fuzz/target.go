package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// target is a fuzz target.
type target struct {
	folder string // of its package, with slashes, from the module's root
	name   string
}

// String is how a target is called in messages, and what -only looks at.
func (t target) String() string { return t.folder + "." + t.name }

var declaration = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// findTargets are the targets below the working directory, by their names in the
// tests' sources, which takes no compiler.
func findTargets(only *regexp.Regexp) ([]target, error) {
	var found []target
	err := filepath.WalkDir("internal", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range declaration.FindAllSubmatch(source, -1) {
			t := target{filepath.ToSlash(filepath.Dir(path)), string(match[1])}
			if only.MatchString(t.String()) {
				found = append(found, t)
			}
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = errors.New("no target fits; this is to be run in the module's root")
	}
	return found, err
}

// result is what came of running a target.
type result struct {
	Time       time.Duration
	Executions int64
	Inputs     int      // that reached something new
	Findings   []string // the files of inputs that failed
}

// fuzz runs the target. That it finds something is no error.
func (t target) fuzz(ctx context.Context, length time.Duration) (result, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "./"+t.folder, "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", length.String(),
		"-fuzzminimizetime", "2s", "-parallel", "1")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go test tells how far it came
	cmd.WaitDelay = time.Minute
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	var r result
	var said strings.Builder
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			r.take(lines.Text())
			if !progress.MatchString(lines.Text()) {
				fmt.Fprintln(&said, lines.Text())
			}
		}
		io.Copy(io.Discard, reader)
	}()
	err := cmd.Run()
	writer.Close()
	<-read
	if err != nil && len(r.Findings) == 0 && ctx.Err() == nil {
		return r, fmt.Errorf("%w\n%s", err, said.String())
	}
	if len(r.Findings) > 0 {
		fmt.Fprint(os.Stderr, said.String())
	}
	return r, nil
}

var (
	progress = regexp.MustCompile(`^fuzz: elapsed: (\S+), execs: (\d+) .*new interesting: (\d+)`)
	failing  = regexp.MustCompile(`^\s*Failing input written to (\S+)`)
)

// take reads a line of go test. The last progress holds.
func (r *result) take(line string) {
	if m := progress.FindStringSubmatch(line); m != nil {
		r.Time, _ = time.ParseDuration(m[1])
		r.Executions, _ = strconv.ParseInt(m[2], 10, 64)
		r.Inputs, _ = strconv.Atoi(m[3])
	}
	if m := failing.FindStringSubmatch(line); m != nil {
		r.Findings = append(r.Findings, m[1])
	}
}
