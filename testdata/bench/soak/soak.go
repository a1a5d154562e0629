// Package soak lets several users create, list and revoke tokens for long, in
// one process and with faults among the requests, and looks whether goroutines,
// connections or memory are left behind and whether every answer was right.
package soak

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/testdata/bench/hub"
	"github.com/datahub-pat/pat/testdata/bench/report"
)

// mostMore is by how many bytes memory may grow with each command, which cobra
// keeps the arguments of: an answer, a connection or a goroutine takes far more.
const mostMore = 1 << 10

// sample is a look at the process when nothing is under way.
type sample struct {
	at                                 time.Duration
	commands, goroutines, files, conns int
	heap                               int64
}

// soaking is a run.
type soaking struct {
	hub     *hub.Hub
	began   time.Time
	turn    sync.RWMutex // held by whoever runs a command; a look waits for all
	mu      sync.Mutex
	exits   map[int]int
	wrong   []string
	samples []sample
	byCobra int64 // memory that each command leaves to it
	total   hub.State
}

// Run is the part of the benchmark.
func Run(args []string, out io.Writer) (bool, error) {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	length := flags.Duration("for", 10*time.Minute, "how long to go on")
	users := flags.Int("users", 4, "users at once")
	share := flags.Float64("faults", 0.05, "the share of requests that go wrong")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	var names []string
	for i := range *users {
		names = append(names, fmt.Sprint("soak", i+1))
	}
	h, err := hub.Start(hub.Options{Users: names, Faults: *share})
	if err != nil {
		return false, err
	}
	defer h.Close()
	folder, err := os.MkdirTemp("", "pat-soak-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	s := &soaking{hub: h, began: time.Now(), byCobra: keptByCobra(), exits: map[int]int{}, total: hub.State{Requests: map[string]int{}}}
	if err := s.goOn(names, folder, *length); err != nil {
		return false, err
	}
	return s.report(out, *users, *share), nil
}

// goOn runs the users until the time is over, and takes looks.
func (s *soaking) goOn(names []string, folder string, length time.Duration) error {
	end := s.began.Add(length)
	var all sync.WaitGroup
	for _, name := range names {
		u := newUser(s, name, folder)
		all.Go(func() {
			for time.Now().Before(end) {
				u.round()
			}
		})
	}
	defer all.Wait()
	const looks = 20
	for n := 1; n <= looks; n++ {
		time.Sleep(time.Until(s.began.Add(length * time.Duration(n) / looks)))
		if err := s.look(); err != nil {
			return err
		}
	}
	return nil
}

// look waits until nothing is under way and what ends by itself has ended.
func (s *soaking) look() error {
	s.turn.Lock()
	defer s.turn.Unlock()
	var now sample
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		state, err := s.hub.State()
		if err != nil {
			return err
		}
		s.add(state)
		now = sample{goroutines: runtime.NumGoroutine(), conns: state.Connections}
		if len(s.samples) > 0 && now.conns == 0 && now.goroutines <= s.samples[0].goroutines {
			break
		}
	}
	now.files, now.at = openFiles(), time.Since(s.began)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.exits {
		now.commands += n
	}
	now.heap = heapInUse() - int64(now.commands)*s.byCobra
	s.samples = append(s.samples, now)
	return nil
}

func (s *soaking) add(state hub.State) {
	for operation, n := range state.Requests {
		s.total.Requests[operation] += n
	}
	s.total.Faults += state.Faults
}

// heapInUse is the memory that is in use after all garbage is collected.
func heapInUse() int64 {
	debug.FreeOSMemory()
	runtime.GC() // what finalizers held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// openFiles is how many files the process has open, where the system tells.
func openFiles() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

func (s *soaking) ended(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.exits[code]++
}

func (s *soaking) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

func (s *soaking) report(out io.Writer, users int, share float64) bool {
	first, last := s.samples[0], s.samples[len(s.samples)-1]
	detector := "without the race detector"
	if raceDetector {
		detector = "with the race detector"
	}
	fmt.Fprintf(out, "%s, %d users at once, %s: %d commands, %d requests, %d of them disturbed (%.1f %% asked for). "+
		"Cobra keeps %d bytes for each command line that the process runs; they are not counted.\n\n",
		last.at.Round(time.Second), users, detector, last.commands, s.total.All(), s.total.Faults, share*100, s.byCobra)
	table := report.NewTable("after", "commands", "goroutines", "open files", "connections", "heap in use")
	for i, n := range s.samples {
		if i == 0 || (i+1)%4 == 0 {
			table.Row(n.at.Round(time.Second), n.commands, n.goroutines, n.files, n.conns, report.Megabytes(n.heap))
		}
	}
	table.Write(out)
	codes := report.NewTable("exit code", "how often")
	for code := range 256 {
		if n := s.exits[code]; n > 0 {
			codes.Row(code, n)
		}
	}
	codes.Write(out)
	kept := report.Verdict(out, len(s.wrong) == 0, "%d answers incomplete or wrong", len(s.wrong))
	for _, wrong := range s.wrong[:min(10, len(s.wrong))] {
		fmt.Fprintln(out, "  -", strings.ReplaceAll(wrong, "\n", " "))
	}
	kept = report.Verdict(out, last.goroutines <= first.goroutines+users, "goroutines: %d at first, %d at last", first.goroutines, last.goroutines) && kept
	kept = report.Verdict(out, last.conns == 0 && last.files <= first.files+1, "connections: %d left, files: %d open at first, %d at last", last.conns, first.files, last.files) && kept
	more := (last.heap - first.heap) / int64(max(1, last.commands-first.commands))
	return report.Verdict(out, more < mostMore, "heap: %s at first, %s at last, %d bytes more with each command (allowed: %d)",
		report.Megabytes(first.heap), report.Megabytes(last.heap), more, mostMore) && kept
}
