package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var draw = flag.Bool("draw", false, "draw the house anew in docs/architecture.md")

// TestHouseIsDrawn holds the picture in docs/architecture.md to the arrows, and
// its list of rooms to those that there are.
func TestHouseIsDrawn(t *testing.T) {
	const begin, end = "```mermaid\nflowchart LR\n", "```\n<!-- end -->"
	page := document(t, "architecture.md")
	before, rest, ok := strings.Cut(page, begin)
	_, after, alsoOK := strings.Cut(rest, end)
	if !ok || !alsoOK {
		t.Fatal("there is no place for the picture")
	}
	want := before + begin + picture() + end + after
	if *draw {
		if err := os.WriteFile(filepath.Join("..", "..", "docs", "architecture.md"), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		page = want
	}
	if page != want {
		t.Error("the picture is not what the arrows say: go test ./cmd/pat -run TestHouseIsDrawn -draw")
	}
	for _, room := range rooms() {
		if !strings.Contains(page, "`"+room+"`") {
			t.Errorf("the room %s is not explained", room)
		}
	}
}

// picture is the rooms with their arrows, as Mermaid has it.
func picture() string {
	var b strings.Builder
	there := rooms()
	for _, from := range there {
		if from == "cli" || from == "cmd" {
			continue
		}
		for _, to := range arrows[from] {
			if slices.Contains(there, to) {
				fmt.Fprintf(&b, "    %s --> %s\n", node(from), node(to))
			}
		}
	}
	return b.String()
}

// node is a room in the picture, where a slash needs quotes.
func node(room string) string {
	if strings.Contains(room, "/") {
		return fmt.Sprintf("%s[%q]", strings.ReplaceAll(room, "/", "_"), room)
	}
	return room
}

// rooms are those that exist: an arrow may be there before its room.
func rooms() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(arrows)), func(room string) bool {
		_, err := os.Stat(filepath.Join("..", "..", "internal", filepath.FromSlash(room)))
		return err != nil
	})
}
