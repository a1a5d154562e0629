package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// measured is what revoking all tokens took.
type measured struct {
	name        string
	took        time.Duration
	revoked     int // as the program says
	requests    int // as the hub says
	revocations int
	peak        int64 // bytes; 0 where the system does not tell
}

func (m measured) memory() string {
	if m.peak == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(m.peak)/1e6)
}

// build builds pat as it is released.
func build(file string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./cmd/pat")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// sweep has pat revoke all tokens, and says how many pages their list has.
func sweep(o options, pat, home string) (measured, int, error) {
	h, err := openHub(o)
	if err != nil {
		return measured{}, 0, err
	}
	defer h.close()
	listed, err := h.run(exec.Command(pat, "list", "--all", "-o", "id"), home)
	if err != nil {
		return measured{}, 0, err
	}
	m, err := h.run(exec.Command(pat, "revoke", "--name", "x*", "--all", "--yes", "--max", strconv.Itoa(2*o.tokens),
		"--concurrency", strconv.Itoa(o.concurrency)), home)
	m.name = fmt.Sprintf("pat revoke --name 'x*' --all (%d)", o.concurrency)
	return m, listed.requests, err
}

// plain has a loop revoke all tokens, whose ids it is told.
func plain(o options, home string) (measured, error) {
	h, err := openHub(o)
	if err != nil {
		return measured{}, err
	}
	defer h.close()
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	file := filepath.Join(home, "ids")
	if err := os.WriteFile(file, []byte(strings.Join(h.ids, "\n")), 0o600); err != nil {
		return measured{}, err
	}
	m, err := h.run(exec.Command(self, loopMode, h.url, file), home)
	m.name = "a plain loop"
	return m, err
}

// run runs a program against the hub and measures it.
func (h *hub) run(cmd *exec.Cmd, home string) (measured, error) {
	h.taken()
	var said, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complaints
	cmd.Env = []string{
		"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"DATAHUB_GMS_URL=" + h.url, "DATAHUB_GMS_TOKEN=" + h.secret,
	}
	began := time.Now()
	err := cmd.Run()
	m := measured{took: time.Since(began), revoked: strings.Count(said.String(), "revoked\t")}
	if err != nil {
		return m, fmt.Errorf("%s: %w: %s", cmd, err, complaints.Bytes())
	}
	m.peak = peakMemory(cmd.ProcessState)
	m.requests, m.revocations = h.taken()
	return m, nil
}
