package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/completion"
)

// completionScript is how a shell is taught to complete pat's command lines.
type completionScript struct {
	shell, long, example string
	text                 func(root *cobra.Command) string
}

func completionScripts() []completionScript {
	return []completionScript{
		{
			"bash", `Print the completion script for bash, from 3.2 on. For all new shells, once:

  mkdir -p ~/.local/share/bash-completion/completions
  pat completion bash >~/.local/share/bash-completion/completions/pat

where the package bash-completion is installed; else put this into ~/.bashrc:

  source <(pat completion bash)`,
			"  source <(pat completion bash)", func(*cobra.Command) string { return completion.Bash() },
		},
		{
			"zsh", `Print the completion script for zsh. For all new shells put this into ~/.zshrc,
behind compinit, which is there already in most:

  autoload -U compinit && compinit
  source <(pat completion zsh)

or write the script to a file called _pat in a folder of $fpath.`,
			"  source <(pat completion zsh)", func(*cobra.Command) string { return completion.Zsh() },
		},
		{
			"fish", `Print the completion script for fish. For all new shells, once:

  mkdir -p ~/.config/fish/completions
  pat completion fish >~/.config/fish/completions/pat.fish`,
			"  pat completion fish | source", func(*cobra.Command) string { return completion.Fish() },
		},
		{
			"powershell", `Print the completion script for PowerShell. For all new shells put this into the
file that $PROFILE names:

  pat completion powershell | Out-String | Invoke-Expression`,
			"  pat completion powershell | Out-String | Invoke-Expression", powerShellScript,
		},
	}
}

// powerShellScript is cobra's, which has PowerShell evaluate the line that is
// typed. So nothing is completed where that could run something, nor where a
// token would become an argument, which others can read.
func powerShellScript(root *cobra.Command) string {
	const request = `    $RequestComp="$Program __complete $Arguments"` + "\n"
	const guard = `    if ($RequestComp -cmatch 'eyJ|[({;|&<>]') { return }` + "\n"
	var script bytes.Buffer
	if err := root.GenPowerShellCompletionWithDesc(&script); err != nil {
		panic(err) // a buffer takes everything
	}
	before, after, found := strings.Cut(script.String(), request)
	if !found {
		panic("cobra's script for PowerShell has changed: where is the line evaluated now?")
	}
	return before + request + guard + after
}

func newCompletion(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "completion SHELL",
		Short: "Teach a shell to complete pat's commands, tokens and values",
		Long: `Print a script that lets bash, zsh, fish or PowerShell complete what you type:
commands and flags, durations, formats and other values with their meaning,
profiles, users, and tokens by name and id, with whom they represent and when they
end. ` + "`pat completion SHELL --help`" + ` says how to install it.

Tokens come from the keyring's index on this machine and, within a second, from the
server; PAT_COMPLETION_TIMEOUT says for how long it may be asked, and 0 that it is
not. Nobody is ever asked for a password, no token_command is run, and what cannot
be had is left out without a word. A token with a name that a shell could
misunderstand is offered by its id.

Use it once, in the file that your shell reads when it starts.`,
		Example: "  source <(pat completion bash)\n  pat completion fish | source",
		Args:    noSuchCommand,

		GroupID:     groupMore,
		Annotations: seeAlso("help", "environment"),

		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, script := range completionScripts() {
		cmd.AddCommand(&cobra.Command{
			Use: script.shell, Short: "Print the completion script for " + script.shell,
			Long: script.long + "\n\nUse it once, as above.", Example: script.example, Args: takes(0, 0), Annotations: seeAlso("completion"),
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := io.WriteString(w.Stdout(), script.text(cmd.Root()))
				return err
			},
		})
	}
	return cmd
}

// printOffers is the form in which the shells' scripts are answered.
func printOffers(to io.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}
