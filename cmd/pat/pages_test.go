package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"gopkg.in/yaml.v3"
)

// codeBlock is a piece of code of a page.
type codeBlock struct {
	language, text string
	mark           string // what the comment before it says of it
	line           int
}

// The marks of blocks.
const (
	runsElsewhere = "run: "     // and a name: a test of its own runs it
	isNotRun      = "not run: " // and the reason
)

// printedPages are the pages of the documentation, by their path.
func printedPages(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	pages := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && !strings.HasPrefix(path, filepath.Join(root, "docs")) {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		pages[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil || len(pages) < 3 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	return pages
}

var (
	blockForm = regexp.MustCompile("(?ms)(?:^<!-- ([^\n]*?) -->\n)?^```(\\w*)\n(.*?)^```$")
	linkForm  = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	titleForm = regexp.MustCompile(`(?m)^#+ +(.*)$`)
)

// blocksOf are the pieces of code of a page.
func blocksOf(page string) []codeBlock {
	var blocks []codeBlock
	for _, at := range blockForm.FindAllStringSubmatchIndex(page, -1) {
		part := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return page[at[2*n]:at[2*n+1]]
		}
		blocks = append(blocks, codeBlock{mark: part(1), language: part(2), text: part(3), line: strings.Count(page[:at[0]], "\n") + 1})
	}
	return blocks
}

// isCommands reports whether a block shows what one types.
func (b codeBlock) isCommands() bool {
	return slices.Contains([]string{"sh", "bash", "console"}, b.language)
}

// TestLinks follows every link of the documentation to a page or a heading of
// this repository.
func TestLinks(t *testing.T) {
	pages := printedPages(t)
	count := 0
	for name, page := range pages {
		prose := blockForm.ReplaceAllString(page, "")
		for _, link := range linkForm.FindAllStringSubmatch(prose, -1) {
			if strings.Contains(link[1], "://") || strings.HasPrefix(link[1], "mailto:") {
				continue
			}
			count++
			if wrong := deadEnd(pages, name, link[1]); wrong != "" {
				t.Errorf("%s: the link %s leads nowhere: %s", name, link[1], wrong)
			}
		}
	}
	if count == 0 {
		t.Error("no links were found")
	}
}

// deadEnd is what is wrong with a link on a page; empty for nothing.
func deadEnd(pages map[string]string, from, link string) string {
	target, anchor, hasAnchor := strings.Cut(link, "#")
	path := from
	if target != "" {
		path = filepath.ToSlash(filepath.Join(filepath.Dir(from), target))
	}
	if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(path))); err != nil {
		return "there is no " + path
	}
	if hasAnchor && !slices.Contains(anchors(pages[path]), anchor) {
		return path + " has no such heading"
	}
	return ""
}

// anchors are the names that the headings of a page have in links, as GitHub
// makes them.
func anchors(page string) []string {
	var names []string
	for _, title := range titleForm.FindAllStringSubmatch(blockForm.ReplaceAllString(page, ""), -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, title[1])
		names = append(names, name)
	}
	return names
}

func TestLinksBite(t *testing.T) {
	pages := map[string]string{"docs/ci.md": "# One `two`: three\n```sh\n# no heading\n```\n"}
	for link, fine := range map[string]bool{
		"ci.md": true, "none.md": false, "../README.md": true, "#one-two-three": true, "#no-heading": false, "ci.md#one": false, "ci.md#one-two-three": true,
	} {
		if wrong := deadEnd(pages, "docs/ci.md", link); (wrong == "") != fine {
			t.Errorf("%s: %q", link, wrong)
		}
	}
}

// TestBlocksAreAccountedFor holds every piece of code to what its mark says:
// commands are run by a test, unless a reason is given; data is well-formed.
func TestBlocksAreAccountedFor(t *testing.T) {
	tests := ""
	files, _ := filepath.Glob("*_test.go")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(text)
	}
	for name, page := range printedPages(t) {
		for _, block := range blocksOf(page) {
			if elsewhere, ok := strings.CutPrefix(block.mark, runsElsewhere); ok && (name != guidePage || !strings.Contains(tests, `"`+elsewhere+`"`)) {
				t.Errorf("%s:%d: no test runs the block %s", name, block.line, elsewhere)
			}
			if reason, ok := strings.CutPrefix(block.mark, isNotRun); ok && len(reason) < 10 {
				t.Errorf("%s:%d: why is this not run? %q", name, block.line, reason)
			}
			var value any
			switch block.language {
			case "json":
				if err := json.Unmarshal([]byte(block.text), &value); err != nil {
					t.Errorf("%s:%d: %v", name, block.line, err)
				}
			case "yaml":
				if err := yaml.Unmarshal([]byte(block.text), &value); err != nil {
					t.Errorf("%s:%d: %v", name, block.line, err)
				}
			}
		}
	}
}

// openly is a command that lets others see a secret: in a file as the umask has
// it, outside a folder that is the script's own, or in the arguments of a program.
var openly = regexp.MustCompile(`(?m)^ *pat (?:env|secret)\b[^|\n]* >[^"&].*$|^.*curl[^|\n]* -H "Authorization: Bearer \$.*$`)

// TestPagesKeepSecrets looks for commands that do.
func TestPagesKeepSecrets(t *testing.T) {
	for name, page := range printedPages(t) {
		if name == "docs/mock.md" { // whose secrets protect nothing
			continue
		}
		for _, block := range blocksOf(page) {
			if found := openly.FindString(block.text); found != "" {
				t.Errorf("%s:%d: others can see the secret: %s", name, block.line, found)
			}
		}
	}
}
