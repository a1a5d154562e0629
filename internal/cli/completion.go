package cli

import "github.com/spf13/cobra"

// completionExamples gives cobra's own completion command the examples that
// every command has.
func completionExamples(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Example = "  source <(pat completion bash)\n  pat completion fish | source"
		for _, shell := range cmd.Commands() {
			shell.Example = "  pat completion " + shell.Name()
		}
	}
}
