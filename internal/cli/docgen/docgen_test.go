package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datahub-pat/pat/internal/cli"
)

// The reference that is checked in is what the commands say now.
func TestReferenceIsUpToDate(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "docs", "reference")
	want := reference(cli.Pages())
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != len(want) {
		t.Errorf("%d pages instead of %d (%v): go generate ./internal/cli", len(files), len(want), err)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != want[name] {
			t.Errorf("%s is not up to date (%v): go generate ./internal/cli", name, err)
		}
	}
}

// Manual pages depend on nothing but the commands, the version and the date.
func TestManualsAreReproducible(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	stale := filepath.Join(folder, "pat-gone.1")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"man", folder, "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	date, err := releaseDate("1700000000")
	if err != nil || date != "2023-11-14" {
		t.Errorf("%q %v", date, err)
	}
	again := manuals(cli.Pages(), date, "1.2.3")
	for name, text := range again {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if diff := cmp.Diff(text, string(got)); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if !strings.HasPrefix(text, ".nh\n.TH ") || !strings.Contains(text, `"2023-11-14" "pat 1.2.3"`) {
			t.Errorf("%s begins %.80q", name, text)
		}
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a page of a command that is gone stays")
	}
	if undated := manuals(cli.Pages(), "", "")["pat.1"]; !strings.Contains(undated, `.TH "PAT" "1" "" "pat"`) {
		t.Errorf("%.80q", undated)
	}
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{nil, {"reference"}, {"man"}, {"html", "x"}} {
		if run(args) == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if _, err := releaseDate("yesterday"); err == nil {
		t.Error("a date that is none is accepted")
	}
}

// What writes the pages is no part of pat.
func TestProgramDoesNotLinkTheGenerator(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "../../../cmd/pat").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		for _, foreign := range []string{"md2man", "blackfriday", "cobra/doc", "jsonschema"} {
			if strings.Contains(path, foreign) {
				t.Errorf("pat links %s", path)
			}
		}
	}
}
