// Command revoke measures how pat revokes many tokens at once, beside a plain
// loop of single requests: time, requests and peak memory, on the embedded
// DataHub with a latency as over a network.
//
//	go run ./testdata/bench/revoke [-tokens N] [-latency D] [-concurrency N]
//
// It exits with 1 where pat is less than 6 times as fast as the loop, or makes
// one request more than there are tokens and pages of their list.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// leastTimes is how much faster than the loop pat promises to be, with 8
// connections.
const leastTimes = 6.0

// options are what is measured.
type options struct {
	tokens, concurrency int
	latency             time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.tokens, "tokens", 10_000, "how many tokens to revoke")
	flag.IntVar(&o.concurrency, "concurrency", 8, "how many requests pat makes at once")
	flag.DurationVar(&o.latency, "latency", 20*time.Millisecond, "how long a request takes at the least")
	flag.Parse()
	if flag.NArg() > 0 && flag.Arg(0) == loopMode {
		fail(loop(flag.Arg(1), flag.Arg(2)))
		return
	}
	ok, err := bench(o)
	fail(err)
	if !ok {
		os.Exit(1)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "revoke:", err)
		os.Exit(1)
	}
}

// bench measures both and prints, and says whether pat keeps its promise.
func bench(o options) (bool, error) {
	folder, err := os.MkdirTemp("", "pat-revoke-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	pat := filepath.Join(folder, "pat.exe")
	if err := build(pat); err != nil {
		return false, err
	}
	fmt.Printf("revoking %d tokens, %s for each request\n\n", o.tokens, o.latency)
	swept, pages, err := sweep(o, pat, folder)
	if err != nil {
		return false, err
	}
	looped, err := plain(o, folder)
	if err != nil {
		return false, err
	}
	return report(o, swept, looped, pages), nil
}

// report prints what was measured, and says whether pat keeps its promise.
func report(o options, swept, looped measured, pages int) bool {
	fmt.Printf("%-34s %10s %10s %10s %12s\n", "", "time", "revoked", "requests", "peak memory")
	for _, m := range []measured{looped, swept} {
		fmt.Printf("%-34s %10s %10d %10d %12s\n", m.name, m.took.Round(10*time.Millisecond), m.revoked, m.requests, m.memory())
	}
	times := looped.took.Seconds() / swept.took.Seconds()
	fmt.Printf("\n%.1f times as fast, allowed: %.0f or more\n", times, leastTimes)
	fmt.Printf("%d requests, allowed: %d tokens and %d pages\n", swept.requests, o.tokens, pages)
	switch {
	case swept.revoked != o.tokens || looped.revoked != o.tokens:
		fmt.Println("not all tokens were revoked")
	case times < leastTimes:
		fmt.Println("too slow")
	case swept.requests > o.tokens+pages || swept.revocations != o.tokens:
		fmt.Println("too many requests")
	default:
		return true
	}
	return false
}
