package cli

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/journal"
)

func newMock(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mock COMMAND",
		Short: "An embedded DataHub, to try things without a server",
		Long: `An embedded DataHub that knows its token API: to try pat, to test scripts and
clients. --server mock: uses it inside the process, with state kept between runs.

Use it before you try something where it counts.`,
		Example:     "  pat mock serve\n  pat mock reset\n  pat list --server mock:",
		GroupID:     groupMore,
		Annotations: seeAlso("create"),
		SuggestFor:  []string{"fake", "try"},
		Args:        noSuchCommand,
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMockServe(w), newMockReset(w))
	return cmd
}

func newMockReset(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "reset",
		Short: "Forget everything that --server mock: keeps",
		Long: `Forget the users and tokens of the embedded DataHub that --server mock: keeps between runs.

Use it to begin again.`,
		Example:     "  pat mock reset",
		Annotations: seeAlso("mock/serve"),
		SuggestFor:  []string{"clear"},
		Args:        takes(0, 0),
		RunE: func(*cobra.Command, []string) error {
			file, err := w.mockState()
			if err != nil {
				return err
			}
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return failure.New(failure.Other, "cannot reset the embedded DataHub: %w", err)
			}
			return w.forgetMock()
		},
	}
}

// forgetMock forgets what was done on the embedded DataHub.
func (w *world) forgetMock() error {
	written, err := w.journal()
	if err != nil {
		return err
	}
	return written.Forget(w.now(), func(r journal.Record) bool {
		address, err := datahub.ParseAddress(r.Server)
		return err == nil && address.IsMock()
	})
}
