package cli

import "github.com/spf13/cobra"

// completionExamples gives cobra's own completion command the examples and the
// refusals that every command has.
func completionExamples(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Args = noSuchCommand
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		cmd.Example = "  source <(pat completion bash)\n  pat completion fish | source"
		for _, shell := range cmd.Commands() {
			shell.Example = "  pat completion " + shell.Name()
		}
	}
}
