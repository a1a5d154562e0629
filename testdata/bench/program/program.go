// Package program builds pat as it is released and measures runs of programs.
package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
)

// Tool runs the go tool, without C.
func Tool(words ...string) ([]byte, error) {
	cmd := exec.Command("go", words...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(words, " "), err)
	}
	return out, nil
}

// Release are the flags with which pat is released.
func Release() []string { return []string{"-trimpath", "-ldflags=-s -w"} }

// Pat builds pat in a folder.
func Pat(folder string) (string, error) {
	file := filepath.Join(folder, "pat.exe")
	_, err := Tool(append(append([]string{"build"}, Release()...), "-o", file, "./cmd/pat")...)
	return file, err
}

// Run is how a program ran.
type Run struct {
	Took   time.Duration
	Busy   time.Duration // of processors, by itself
	Peak   int64         // bytes of memory; 0 where the system does not tell
	Stdout []byte
}

// Start runs a program in a home without any files, led to a DataHub where there
// is one. It must succeed.
func Start(cmd *exec.Cmd, home string, h *hub.Hub) (Run, error) {
	self, err := os.Executable()
	if err != nil {
		return Run{}, err
	}
	told := filepath.Join(home, "timed.json")
	var out, complaints bytes.Buffer
	starter := exec.Command(self, append([]string{TimedMode, told, cmd.Path}, cmd.Args[1:]...)...)
	starter.Stdout, starter.Stderr, starter.Env = &out, &complaints, hub.Clean(home)
	if h != nil {
		starter.Env = append(starter.Env, h.Env()...)
	}
	var how timed
	err = starter.Run()
	if err == nil {
		var text []byte
		if text, err = os.ReadFile(told); err == nil {
			err = json.Unmarshal(text, &how)
		}
	}
	if err != nil || how.Code != 0 {
		return Run{}, fmt.Errorf("%s: exit code %d, %v: %s", strings.Join(cmd.Args, " "), how.Code, err, complaints.Bytes())
	}
	return Run{Took: how.Took, Busy: how.Busy, Peak: how.Peak, Stdout: out.Bytes()}, nil
}

// Better is the faster of two runs, with the larger memory of both. A run that
// took no time is none.
func (r Run) Better(other Run) Run {
	better := r
	if r.Took == 0 || other.Took < r.Took {
		better = other
	}
	better.Peak = max(r.Peak, other.Peak)
	return better
}

// Folder runs something with a folder that is gone afterwards, and with pat.
func Folder(do func(folder, pat string) (bool, error)) (bool, error) {
	folder, err := os.MkdirTemp("", "pat-bench-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	pat, err := Pat(folder)
	if err != nil {
		return false, err
	}
	return do(folder, pat)
}
