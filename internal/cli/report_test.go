package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/term"
)

func reported(format string, err error) (string, int) {
	var stderr bytes.Buffer
	w := newWorld(term.New(term.Streams{Err: &stderr}))
	w.global.output = format
	code := w.report(err)
	return stderr.String(), code
}

func TestFailuresAreOneSafeLine(t *testing.T) {
	secret := "eyJhbGciOiJIUzI1NiJ9.eyJhY3RvcklkIjoiamRvZSJ9.c2lnbmF0dXJl"
	err := fmt.Errorf("wrapped: %w", &failure.Error{
		Kind: failure.Forbidden, Message: "cannot\nlist", Server: "No\x1b[31m \u202eway " + secret + ".", Hint: "ask",
	})
	line, code := reported("table", err)
	if code != 4 || strings.Count(line, "\n") != 1 || strings.ContainsAny(line, "\x1b\u202e") || strings.Contains(line, secret) {
		t.Errorf("%d %q", code, line)
	}
	if !strings.HasPrefix(line, "pat: cannot") || !strings.Contains(line, "the server says: No") || !strings.Contains(line, "(ask)") {
		t.Errorf("%q", line)
	}
}

func TestFailuresAsJSON(t *testing.T) {
	line, code := reported("json", failure.New(failure.NotFound, "no such thing").WithHint("look elsewhere"))
	var got map[string]map[string]any
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatal(err, line)
	}
	want := map[string]any{"kind": "not-found", "exitCode": 5.0, "message": "no such thing", "server": nil, "hint": "look elsewhere"}
	for key, value := range want {
		if got["error"][key] != value {
			t.Errorf("%s is %v, want %v", key, got["error"][key], value)
		}
	}
	if code != 5 || len(got["error"]) != len(want) {
		t.Errorf("code %d, %s", code, line)
	}
}

func TestAReaderWhoLeftIsNoNews(t *testing.T) {
	if line, code := reported("table", fmt.Errorf("write: %w", syscall.EPIPE)); line != "" || code != 1 {
		t.Errorf("%d %q", code, line)
	}
	if line, _ := reported("table", &failure.Error{Kind: failure.Undelivered, Message: "stdout", Err: syscall.EPIPE}); line == "" {
		t.Error("a secret that could not be delivered is kept quiet")
	}
	if line, _ := reported("table", errors.New("disk")); line != "pat: disk\n" {
		t.Errorf("%q", line)
	}
}
