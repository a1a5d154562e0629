// Package machine says on what was measured.
package machine

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Run is the part of the benchmark.
func Run(_ []string, out io.Writer) (bool, error) {
	fmt.Fprintf(out, "%s, %s on %s, %d processors%s. Measured on %s, at commit %s%s.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), processor(), time.Now().UTC().Format(time.DateOnly), commit(), load())
	return true, nil
}

// processor is what the system calls it, where it says.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return " (" + strings.TrimSpace(value) + ")"
		}
	}
	return ""
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// load is how busy the machine was before, which spoils figures.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return ", load before: " + strings.Fields(string(text))[0]
}
