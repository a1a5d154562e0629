// Command bench measures pat on the embedded DataHub and keeps what it finds in
// docs/performance.md:
//
//	go run ./testdata/bench                   all but what takes long, about ten minutes
//	go run ./testdata/bench list              one part; several may be named
//	go run ./testdata/bench -doc '' start      prints, and leaves the document alone
//	go run -race ./testdata/bench soak -for 10m
//
// The folders beside this file are the parts. What follows the name of one single
// part are its own flags. It ends with 1 where a promise is missed.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/growth"
	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/list"
	"github.com/datahub-pat/pat/testdata/bench/machine"
	"github.com/datahub-pat/pat/testdata/bench/mock"
	"github.com/datahub-pat/pat/testdata/bench/program"
	"github.com/datahub-pat/pat/testdata/bench/report"
	"github.com/datahub-pat/pat/testdata/bench/revoke"
	"github.com/datahub-pat/pat/testdata/bench/size"
	"github.com/datahub-pat/pat/testdata/bench/soak"
	"github.com/datahub-pat/pat/testdata/bench/start"
	"github.com/datahub-pat/pat/testdata/bench/tested"
)

// part is one subject. It writes Markdown, and says whether all that pat
// promises about it is kept.
type part struct {
	name string
	long bool // only when asked for
	run  func(args []string, out io.Writer) (bool, error)
}

var parts = []part{
	{name: "machine", run: machine.Run},
	{name: "start", run: start.Run},
	{name: "opens", run: tested.Opens},
	{name: "list", run: list.Run},
	{name: "growth", run: growth.Run},
	{name: "revoke", run: revoke.Run},
	{name: "faults", run: tested.Faults},
	{name: "size", run: size.Run},
	{name: "mock", run: mock.Pages},
	{name: "mock-soak", run: mock.Soak},
	{name: "soak", long: true, run: soak.Run},
}

// modes are what the program is when it starts itself.
var modes = map[string]func([]string) error{
	hub.Mode:          hub.Serve,
	program.TimedMode: program.Timed,
	revoke.LoopMode:   revoke.Loop,
	mock.WorkerMode:   mock.Worker,
}

func main() {
	if len(os.Args) > 2 && modes[os.Args[1]] != nil {
		if err := modes[os.Args[1]](os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	document := flag.String("doc", "docs/performance.md", "the document to keep the results in; empty: none")
	flag.Parse()
	chosen, args, err := choose(flag.Args())
	if err == nil {
		err = bench(chosen, args, *document)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// choose are the parts that are named, or all that do not take long, and the
// flags of a single one.
func choose(words []string) (chosen []part, args []string, err error) {
	for len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		at := slices.IndexFunc(parts, func(p part) bool { return p.name == words[0] })
		if at < 0 {
			return nil, nil, fmt.Errorf("no part is called %q: there are %s", words[0], names())
		}
		chosen, words = append(chosen, parts[at]), words[1:]
	}
	switch {
	case len(words) > 0 && len(chosen) != 1:
		return nil, nil, fmt.Errorf("flags after the name of one part only, not %q", words)
	case len(chosen) == 0:
		return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.long }), nil, nil
	}
	return chosen, words, nil
}

func names() string {
	var all []string
	for _, p := range parts {
		all = append(all, p.name)
	}
	return strings.Join(all, ", ")
}

// bench runs the parts, prints what they find and keeps it.
func bench(chosen []part, args []string, document string) error {
	missed := []string{}
	for _, p := range chosen {
		began := time.Now()
		fmt.Fprintf(os.Stderr, "bench: %s\n", p.name)
		var text bytes.Buffer
		kept, err := p.run(args, io.MultiWriter(&text, os.Stdout))
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if !kept {
			missed = append(missed, p.name)
		}
		fmt.Printf("\n")
		fmt.Fprintf(os.Stderr, "bench: %s took %s\n", p.name, time.Since(began).Round(time.Second))
		if document != "" {
			if err := report.Keep(document, p.name, text.String()); err != nil {
				return err
			}
		}
	}
	if len(missed) > 0 {
		return errors.New("missed: " + strings.Join(missed, ", "))
	}
	return nil
}
