package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
)

func newSecret(w *world) *cobra.Command {
	var show bool
	cmd := &cobra.Command{
		Use:   "secret NAME|ID",
		Short: "Print the secret of a token kept in the keyring",
		Long: `Print the secret of a token that is kept in the keyring of this machine's
operating system, alone on a line. On a terminal it is shown only with --show.
The server is not asked.`,
		Example: `  TOKEN=$(pat secret ci)
  pat secret ci | docker login -u datahub --password-stdin registry.example
  pat secret ci --show`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return runSecret(cmd.Context(), w, args[0], show) },
	}
	cmd.Flags().BoolVar(&show, "show", false, "print it on a terminal too")
	return cmd
}

func runSecret(ctx context.Context, w *world, word string, show bool) error {
	if w.StdoutIsTerminal() && !show {
		return failure.New(failure.Usage, "the secret would be shown on the terminal").
			WithHint("pipe it on, or add --show")
	}
	stored, err := w.storedInReach(ctx)
	if err != nil {
		return err
	}
	lookout := lifecycle.Lookout{Stored: stored}
	meant, err := lookout.FindStored(word)
	if err != nil {
		return notKept(word, err)
	}
	ring, err := w.keyring()
	if err != nil {
		return err
	}
	entry, err := ring.Get(ctx, meant.ID)
	if err != nil {
		return err
	}
	if !entry.ExpiresAt.IsZero() && !entry.ExpiresAt.After(w.now()) {
		w.notice("this token has expired: %s", endInWords(entry.ExpiresAt, w.now()))
	}
	_, err = fmt.Fprintln(w.Stdout(), entry.Secret)
	return err
}

// storedInReach are the tokens kept for the server in use; where none is
// configured, those of all servers.
func (w *world) storedInReach(ctx context.Context) ([]keyring.Record, error) {
	pair, err := w.pair(ctx)
	if err == nil {
		return w.storedHere(pair.Server)
	}
	if w.global.server != "" {
		return nil, err
	}
	ring, err := w.keyring()
	if err != nil {
		return nil, err
	}
	return ring.Stored()
}

func notKept(word string, err error) error {
	told := failure.Of(err)
	if told.Kind != failure.NotFound {
		return err
	}
	return failure.New(failure.NotFound, "no token called %q is kept on this machine for this server", word).
		WithHint("the keyring has only what pat put there; a token's secret is told once, so make a new one: pat create %s", shellWord(word))
}
