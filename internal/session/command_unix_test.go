//go:build unix

package session_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

// family starts a child that outlives it, and hangs.
func family() {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), program+"=child")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	hang()
}

// child holds a lock for as long as it lives, and makes a file when it does.
func child() {
	lock, ready := flock.New(os.Args[1]), os.Args[2]
	if err := errors.Join(lock.Lock(), os.WriteFile(ready, nil, 0)); err != nil {
		panic(err)
	}
	hang()
}

func TestTokenCommandIsStoppedWithItsChildren(t *testing.T) {
	folder := t.TempDir()
	held, ready := filepath.Join(folder, "lock"), filepath.Join(folder, "ready")
	s := running(t, "family", held, ready)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(ready); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	_, err := session.Resolve(ctx, s)
	if failure.KindOf(err) != failure.Interrupted || !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	patient, enough := context.WithTimeout(t.Context(), 30*time.Second)
	defer enough()
	if ok, err := flock.New(held).TryLockContext(patient, 10*time.Millisecond); !ok {
		t.Errorf("a child lives on: %v", err)
	}
}

// A helper may leave an agent behind that keeps its output open.
func TestTokenCommandLeavesAnAgent(t *testing.T) {
	s := running(t, "agent")
	pair, err := session.Resolve(t.Context(), s)
	if err != nil || pair.Secret != "tok" {
		t.Errorf("%+v, %v", pair, err)
	}
}

// agent prints a token and leaves a child behind, for as long as the test lives.
func agent() {
	cmd := exec.Command("sh", "-c", "while kill -0 $0 2>/dev/null; do sleep 1; done", fmt.Sprint(os.Getppid()))
	cmd.Stdout = os.Stdout
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	fmt.Println("tok")
}

func init() {
	programs["family"], programs["child"], programs["agent"] = family, child, agent
}
