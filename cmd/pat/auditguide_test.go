package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/datahub-pat/pat/internal/audit"
)

// TestAuditGuidesPolicy reads the policy that docs/audit.md shows.
func TestAuditGuidesPolicy(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	if err != nil {
		t.Fatal(err)
	}
	policy := regexp.MustCompile("(?ms)^```yaml\n(# yaml-language.*?)^```$").FindSubmatch(page)
	if policy == nil {
		t.Fatal("there is no policy on the page")
	}
	if read, err := audit.ParsePolicy("docs/audit.md", policy[1]); err != nil || len(read.Exceptions) != 2 {
		t.Errorf("%d exceptions, %v", len(read.Exceptions), err)
	}
}
