package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// ledger is what came of all runs, by target. It is kept in a file.
type ledger struct {
	path string
	mu   sync.Mutex
	sums map[string]result
}

// openLedger reads what is known from earlier runs.
func openLedger(fresh bool) (*ledger, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	l := &ledger{path: filepath.Join(cache, "pat-fuzz.json"), sums: map[string]result{}}
	text, err := os.ReadFile(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && fresh:
		return l, nil
	case err != nil:
		return nil, err
	}
	return l, json.Unmarshal(text, &l.sums)
}

// of is what came of a target so far.
func (l *ledger) of(t target) result {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sums[t.String()]
}

// add adds a run, and keeps it.
func (l *ledger) add(t target, r result) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := l.sums[t.String()]
	sum.Time += r.Time
	sum.Executions += r.Executions
	sum.Inputs += r.Inputs
	sum.Findings = append(sum.Findings, r.Findings...)
	l.sums[t.String()] = sum
	text, err := json.MarshalIndent(l.sums, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(l.path, text, 0o600)
}

// print prints a table in Markdown, and reports whether anything was found.
func (l *ledger) print(out io.Writer, targets []target) (found bool) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "| target\t| package\t| time\t| executions\t| new inputs\t| findings\t|")
	fmt.Fprintln(w, "|---\t|---\t|---\t|---\t|---\t|---\t|")
	for _, t := range targets {
		r := l.of(t)
		findings := "none"
		if len(r.Findings) > 0 {
			found, findings = true, strings.Join(r.Findings, " ")
		}
		fmt.Fprintf(w, "| %s\t| %s\t| %s\t| %d\t| %d\t| %s\t|\n",
			t.name, strings.TrimPrefix(t.folder, "internal/"), r.Time.Round(time.Second), r.Executions, r.Inputs, findings)
	}
	return found
}
