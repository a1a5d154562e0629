package journal_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

func TestTurnsAreTakenOneAtATime(t *testing.T) {
	j := journal.In(filepath.Join(t.TempDir(), "journal"))
	var inside, most, taken atomic.Int32
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			end, err := j.Turn(t.Context(), "rotate")
			if err != nil {
				t.Error(err)
				return
			}
			most.Store(max(most.Load(), inside.Add(1)))
			taken.Add(1)
			inside.Add(-1)
			end()
		})
	}
	done.Wait()
	if taken.Load() != 8 || most.Load() != 1 {
		t.Errorf("%d turns, %d at once", taken.Load(), most.Load())
	}
	if got := open(t, j, now); got != "" {
		t.Errorf("a turn is taken for an operation: %s", got)
	}
}

func TestTurnThatDoesNotCome(t *testing.T) {
	folder := t.TempDir()
	j := journal.In(folder)
	end, err := j.Turn(t.Context(), "rotate")
	check(t, err)
	defer end()
	another, err := j.Turn(t.Context(), "another")
	check(t, err)
	another()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Turn(ctx, "rotate"); err == nil {
		t.Error("two have the turn")
	}
	file := filepath.Join(folder, "file")
	check(t, os.WriteFile(file, nil, 0o600))
	if _, err := journal.In(file).Turn(t.Context(), "rotate"); failure.KindOf(err) != failure.Undelivered {
		t.Errorf("%v", err)
	}
}

// Every command looks at what is open: that is no reason to leave it open.
func TestTakingWaitsForWhoOnlyLooks(t *testing.T) {
	j := journal.In(t.TempDir())
	check(t, begin(t, j, "A").Leave())
	looking, err := j.Take("A")
	check(t, err)
	taken := make(chan *journal.Operation)
	go func() {
		o, err := j.Take("A")
		if err != nil {
			t.Error(err)
		}
		taken <- o
	}()
	check(t, looking.Leave())
	if o := <-taken; o == nil {
		t.Error("it was not waited for")
	} else {
		check(t, o.Leave())
	}
}

// Whoever looks at what is open is in nobody's way, also where no file can be
// removed that somebody has open.
func TestLookingDisturbsNobody(t *testing.T) {
	folder := t.TempDir()
	j := journal.In(folder)
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	for range 4 {
		looking.Go(func() {
			for ctx.Err() == nil {
				if _, err := j.Open(now); err != nil {
					t.Errorf("looking: %v", err)
					return
				}
			}
		})
	}
	for at := range 50 {
		o := begin(t, j, strconv.Itoa(at))
		if err := o.Forget(); err != nil {
			t.Errorf("forgetting: %v", err)
		}
	}
	stop()
	looking.Wait()
	if left, _ := filepath.Glob(filepath.Join(folder, "*.op")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
