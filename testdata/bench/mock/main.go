// Command mock measures the embedded DataHub and tries to make it lose something.
//
//	go run ./testdata/bench/mock pages [-tokens 100000] [-page 1000] [-clients 8]
//	go run ./testdata/bench/mock soak  [-for 1m] [-processes 8]
//
// pages starts a hub with generated tokens and lets clients list all of them at once, each on its own connection, and
// prints how long the start took, pages per second and memory. As on a real server no page lies beyond the first 10,000
// hits of its search, so the clients cut time into windows that hold fewer.
//
// soak lets processes create, list and revoke on one state file, kills them at random, and looks in the end whether
// everything that was acknowledged is there, or gone. It ends with 1 if not.
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{"pages": pages, "soak": soak, "worker": worker}
	var command func([]string) error
	if len(os.Args) > 1 {
		command = commands[os.Args[1]]
	}
	if command == nil {
		fmt.Fprintln(os.Stderr, "usage: mock pages|soak [flags]")
		os.Exit(2)
	}
	if err := command(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "mock:", err)
		os.Exit(1)
	}
}
