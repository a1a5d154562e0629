//go:build unix

package delivery_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/delivery"
	"github.com/datahub-pat/pat/internal/failure"
)

func TestProgramGetsTheSecretAndTheFacts(t *testing.T) {
	got := filepath.Join(t.TempDir(), "got")
	created := time.Date(2026, 11, 22, 13, 0, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		token delivery.Token
		want  []string
	}{
		{
			delivery.Token{Server: "http://s", ID: "i/d=", Name: "a b\nc", Actor: "urn:a", Owner: "urn:o", CreatedAt: created, ExpiresAt: created.Add(time.Hour), Secret: "sesame"},
			[]string{
				"PAT_TOKEN_ID=i/d=", "PAT_TOKEN_NAME=a b\nc", "PAT_TOKEN_SERVER=http://s", "PAT_TOKEN_ACTOR=urn:a", "PAT_TOKEN_OWNER=urn:o",
				"PAT_TOKEN_CREATED_AT=2026-11-22T12:00:00Z", "PAT_TOKEN_EXPIRES_AT=2026-11-22T13:00:00Z",
			},
		},
		{
			delivery.Token{Name: "nul\x00nul", Secret: "sesame"},
			[]string{"PAT_TOKEN_NAME=nulnul", "PAT_TOKEN_CREATED_AT=\n", "PAT_TOKEN_EXPIRES_AT=\n"},
		},
	} {
		var said bytes.Buffer
		d := one(t, "exec:cat >"+got+"; echo done; env >&2", delivery.Options{Diagnostics: &said})
		ok(t, "reserve", d.Reserve(t.Context()))
		ok(t, "deliver", d.Deliver(t.Context(), c.token))
		if data, err := os.ReadFile(got); err != nil || string(data) != "sesame\n" {
			t.Errorf("got %q: %v", data, err)
		}
		for _, want := range append(c.want, "done\n") {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%q is not in %s", want, &said)
			}
		}
		if strings.Contains(said.String(), "sesame") {
			t.Error("the secret is in the environment")
		}
		ok(t, "settle", d.Settle(t.Context()))
		ok(t, "undo", d.Undo(t.Context()))
	}
}

func TestProgramThatFails(t *testing.T) {
	for command, say := range map[string]string{
		"exit 3":               "exit status 3",
		"kill -KILL $$":        "killed",
		"/nonexistent/program": "exit status 127",
		"cat >/dev/full":       "failed",
	} {
		var said bytes.Buffer
		d := one(t, "exec:"+command, delivery.Options{Diagnostics: &said})
		refused(t, d.Deliver(t.Context(), delivery.Token{Secret: "sesame"}), say)
	}
	for _, command := range []string{"true", "exec <&-; true"} { // one that does not read is taken at its word
		ok(t, command, one(t, "exec:"+command, delivery.Options{}).Deliver(t.Context(), delivery.Token{Secret: "sesame"}))
	}
}

func TestProgramIsInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "started")
	ctx, cancel := context.WithCancel(t.Context())
	d := one(t, "exec:cat >"+pipe+"; exec sleep 600", delivery.Options{})
	ended := make(chan error, 1)
	go func() { ended <- d.Deliver(ctx, delivery.Token{Secret: "sesame"}) }()
	for {
		if data, err := os.ReadFile(pipe); err == nil && len(data) > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-ended; failure.KindOf(err) != failure.Interrupted {
		t.Errorf("%v", err)
	}
	if err := d.Deliver(ctx, delivery.Token{}); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("begun after the interruption: %v", err)
	}
}
