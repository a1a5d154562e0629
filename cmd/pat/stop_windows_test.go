package main

import "os"

// stopAt is a hook that ends the process at a step.
func stopAt(step string) func(string) {
	return func(taken string) {
		if step != "" && taken == step {
			os.Exit(1)
		}
	}
}
