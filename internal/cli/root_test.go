package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/term"
)

// Every command says in a line what it does, at length when to use it, and how.
func TestEveryCommandExplainsItself(t *testing.T) {
	walk(newRoot(newWorld(term.New(term.Streams{}))), func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.Name() == "help" {
			return
		}
		if cmd.Short == "" || cmd.Long == "" || cmd.Example == "" {
			t.Errorf("%s lacks a summary, an explanation or examples", cmd.CommandPath())
		}
		if strings.HasSuffix(cmd.Short, ".") || len(cmd.Short) > 76 {
			t.Errorf("%s: the summary is %q", cmd.CommandPath(), cmd.Short)
		}
	})
}

func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		walk(sub, visit)
	}
}
