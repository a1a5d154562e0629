package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/datahub-pat/pat/internal/term"
)

// A panic is told as any failure: on one line, with the place in pat and without
// what it was about; what was under way stays to be settled.
func TestPanicsAreFailures(t *testing.T) {
	for name, c := range map[string]struct {
		blow func()
		want string
	}{
		"with a value":   {func() { panic("s3cret-value") }, "at cli.TestPanicsAreFailures"},
		"of the runtime": {func() { _ = []int{}[len(name0)] }, "index out of range [1] with length 0"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			home, err := os.MkdirTemp("", "pat-mistake-")
			if err != nil {
				t.Fatal(err)
			}
			// What the mistake left open goes with the process; Windows keeps it until then.
			t.Cleanup(func() { _ = os.RemoveAll(home) })
			terminal := term.New(term.Streams{Out: &out, Err: &errs, Env: map[string]string{"HOME": home, "USERPROFILE": home, "XDG_STATE_HOME": home}})
			w := newWorld(terminal)
			w.step = func(step string) {
				if step == "created" {
					c.blow()
				}
			}
			code := w.report(w.execute(t.Context(), []string{"create", "ci", "--server", "mock:", "--to", "stdout"}))
			w.close()
			told := errs.String()
			if code != 1 || out.Len() > 0 || strings.Contains(told, "s3cret-value") || strings.Contains(told, "goroutine") {
				t.Errorf("exit code %d, stdout %q, stderr %q", code, out.String(), told)
			}
			for _, want := range []string{"pat: this is a mistake in pat, ", c.want, "please report it", "mistake_test.go:"} {
				if !strings.Contains(told, want) {
					t.Errorf("stderr lacks %q: %q", want, told)
				}
			}
		})
	}
}

// name0 is a text of one character, whose length no compiler knows.
var name0 = strings.Repeat("x", 1)
