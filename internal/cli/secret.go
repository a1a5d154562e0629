package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

func newSecret(w *world) *cobra.Command {
	var show bool
	cmd := &cobra.Command{
		Use:   "secret NAME|ID",
		Short: "Print the secret of a token kept in the keyring",
		Long: `Print the secret of a token that is kept in the keyring of this machine's
operating system, alone on a line. On a terminal it is shown only with --show.
The server is not asked.

Use it where a program takes a token on stdin; where it takes it from its
environment, pat exec does without showing it.`,
		Example: `  TOKEN=$(pat secret ci)
  pat secret ci | docker login -u datahub --password-stdin registry.example
  pat secret ci --show`,
		GroupID:     groupPrograms,
		Annotations: seeAlso("exec", "env", "create", "list"),
		SuggestFor:  []string{"print", "cat", "reveal"},
		Args:        takes(1, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runSecret(cmd.Context(), w, args[0], show) },
	}
	cmd.Flags().BoolVar(&show, "show", false, "print it on a terminal too")
	return cmd
}

func runSecret(ctx context.Context, w *world, word string, show bool) error {
	if w.StdoutIsTerminal() && !show {
		return failure.New(failure.Usage, "the secret would be shown on the terminal").
			WithHint("pipe it on, or add --show")
	}
	near, err := w.inReach(ctx)
	if err != nil {
		return err
	}
	entry, err := w.keptEntry(ctx, word, near)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.Stdout(), entry.Secret)
	return err
}
