package cli

import (
	"testing"

	"github.com/datahub-pat/pat/internal/term"
)

// How long it takes to build the command tree and print the version: all that
// pat does at every start besides the initialisation of packages.
func BenchmarkVersion(b *testing.B) {
	for b.Loop() {
		if code := Main([]string{"--version"}, term.New(term.Streams{})); code != 0 {
			b.Fatal(code)
		}
	}
}
