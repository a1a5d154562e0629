package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/mockhub"
)

func newMock(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "An embedded DataHub, to try things without a server",
		Long: `An embedded DataHub that knows its token API: to try pat, to test scripts and
clients. --server mock: uses it inside the process, with state kept between runs.`,
		Example: "  pat mock serve\n  pat mock reset\n  pat list --server mock:",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMockServe(w), newMockReset(w))
	return cmd
}

func newMockServe(w *world) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the embedded DataHub on a local port until interrupted",
		Long: `Serve the embedded DataHub on a local port, with its state in memory, until
interrupted. It prints how to reach it.`,
		Example: "  pat mock serve\n  pat mock serve --listen 127.0.0.1:8080",
		Args:    takes(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return runMockServe(cmd.Context(), w, listen) },
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	return cmd
}

func runMockServe(ctx context.Context, w *world, listen string) error {
	hub, err := mockhub.Open(mockhub.Options{})
	if err != nil {
		return err
	}
	defer hub.Close()
	secret, err := hub.SignIn("datahub")
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return failure.New(failure.Usage, "cannot listen on %s: %w", listen, err).WithHint("give another address with --listen")
	}
	if address := listener.Addr().(*net.TCPAddr); !address.IP.IsLoopback() {
		w.notice("others on the network can reach the embedded DataHub at %s", address)
	}
	server := &http.Server{Handler: hub.GMS(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	_, err = fmt.Fprintf(w.Stdout(), "export DATAHUB_GMS_URL=http://%s\nexport DATAHUB_GMS_TOKEN=%s\n", listener.Addr(), secret)
	if err != nil {
		return err
	}
	w.notice("the embedded DataHub listens on http://%s; Ctrl-C ends it", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func newMockReset(w *world) *cobra.Command {
	return &cobra.Command{
		Use:     "reset",
		Short:   "Forget everything that --server mock: keeps",
		Long:    "Forget the users and tokens of the embedded DataHub that --server mock: keeps between runs.",
		Example: "  pat mock reset",
		Args:    takes(0, 0),
		RunE: func(*cobra.Command, []string) error {
			file, err := w.mockState()
			if err != nil {
				return err
			}
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return failure.New(failure.Other, "cannot reset the embedded DataHub: %w", err)
			}
			return nil
		},
	}
}
