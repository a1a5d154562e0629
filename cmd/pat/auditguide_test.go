package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestAuditGuide runs the commands of docs/audit.md, one after another in one
// folder, and reads its policy.
func TestAuditGuide(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	if err != nil {
		t.Fatal(err)
	}
	hub := mockhub.Start(t, mockhub.Options{Tokens: 200, Users: 5})
	secret, _ := hub.Issue("datahub", "in use", 30*24*time.Hour)
	folder := t.TempDir()
	commands := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	if len(commands) < 6 {
		t.Fatalf("there are %d commands", len(commands))
	}
	for _, command := range commands {
		cmd := exec.Command("sh", "-euc", command[1])
		cmd.Dir = folder
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "XDG_STATE_HOME=" + folder, "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), quickExit,
			"DATAHUB_GMS_URL=" + hub.GMSURL, "DATAHUB_GMS_TOKEN=" + secret,
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s%v\n%s", command[1], err, out)
		}
	}
	for _, name := range []string{"policy.yaml", "audit.xml", "audit.html"} {
		if text, err := os.ReadFile(filepath.Join(folder, name)); err != nil || len(text) < 1000 {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	policy := regexp.MustCompile("(?ms)^```yaml\n(# yaml-language.*?)^```$").FindSubmatch(page)
	if policy == nil {
		t.Fatal("there is no policy on the page")
	}
	if read, err := audit.ParsePolicy("docs/audit.md", policy[1]); err != nil || len(read.Exceptions) != 2 {
		t.Errorf("%d exceptions, %v", len(read.Exceptions), err)
	}
}
