//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
)

// run is how a shell's words end as a child; what it says goes where this test
// speaks.
func run(t *testing.T, words string, shared ...os.Signal) error {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	return asParent(sh, []string{"sh", "-c", words}, []string{"A=b", "PATH=" + os.Getenv("PATH")}, shared...)
}

func TestAParentEndsAsItsChild(t *testing.T) {
	for words, want := range map[string]int{
		`exit 0`:                        0,
		`exit 7`:                        7,
		`test "$A" = b`:                 0,
		`test -n "$HOME"`:               1,
		`kill -TERM $$`:                 143,
		`kill -KILL $$`:                 137,
		`no-such-command-anywhere 2>&-`: 127,
	} {
		err := run(t, words)
		var own *withCode
		switch {
		case want == 0 && err != nil:
			t.Errorf("%s: %v", words, err)
		case want != 0 && (!errors.As(err, &own) || own.code != want || !saysNothing(err)):
			t.Errorf("%s: %v", words, err)
		}
	}
}

// The signals that reach both are the child's: this process outlives them.
func TestAParentLeavesSharedSignalsToItsChild(t *testing.T) {
	const delivered = `while grep -q '^ShdPnd:.*[1-9a-f]' /proc/$PPID/status 2>/dev/null; do :; done`
	err := run(t, `trap 'exit 5' INT; kill -INT $PPID; `+delivered+`; kill -INT $$; exit 6`, os.Interrupt)
	if exitCode(err, failure.Of(err)) != 5 {
		t.Error(err)
	}
}

func TestAParentOfNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no program"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := asParent(file, []string{"file"}, nil, syscall.SIGTERM)
	if exitCode(err, failure.Of(err)) != codeCannotRun || saysNothing(err) {
		t.Error(err)
	}
}
