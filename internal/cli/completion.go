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

// completeProfiles offers the names of profiles for --profile and for the
// commands that take one.
func completeProfiles(w *world, root *cobra.Command) {
	names := func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		file, err := w.configuration()
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return file.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	flag := func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return names(cmd, nil, begun)
	}
	if err := root.RegisterFlagCompletionFunc("profile", flag); err != nil {
		panic(err) // there is no such flag
	}
	for _, path := range [][]string{{"profile", "show"}, {"profile", "use"}, {"profile", "rename"}, {"profile", "remove"}} {
		if cmd, _, err := root.Find(path); err == nil {
			cmd.ValidArgsFunction = names
		}
	}
}
