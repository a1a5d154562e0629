package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command says in a line what it does, at length when to use it, and how,
// and leads to others.
func TestEveryCommandExplainsItself(t *testing.T) {
	walk(treeForReading(), func(cmd *cobra.Command) {
		if cmd.Hidden {
			return
		}
		if cmd.Short == "" || cmd.Long == "" || cmd.Example == "" {
			t.Errorf("%s lacks a summary, an explanation or examples", cmd.CommandPath())
		}
		if strings.HasSuffix(cmd.Short, ".") || len(cmd.Short) > 76 {
			t.Errorf("%s: the summary is %q", cmd.CommandPath(), cmd.Short)
		}
		if !strings.Contains(cmd.Long, "Use it ") && !strings.Contains(cmd.Long, "Use them ") {
			t.Errorf("%s does not say when to use it: a sentence that begins with \"Use it\"", cmd.CommandPath())
		}
		if len(pageOf(cmd).SeeAlso) == 0 {
			t.Errorf("%s leads to no other page: give it seeAlso", cmd.CommandPath())
		}
		if cmd.Parent() == cmd.Root() && cmd.GroupID == "" {
			t.Errorf("%s is in no group", cmd.CommandPath())
		}
	})
}

// What a page leads to is there.
func TestEveryPageLeadsSomewhere(t *testing.T) {
	for _, page := range Pages() {
		for _, link := range page.SeeAlso {
			if link.Summary == "" || strings.TrimPrefix(link.Name, "pat help ") == page.Name || link.Name == page.Name {
				t.Errorf("%s leads to %q", page.Name, link.Name)
			}
		}
		for _, example := range page.Examples {
			if !strings.Contains(example, "pat ") {
				t.Errorf("%s has an example without pat: %s", page.Name, example)
			}
		}
	}
}

// Every flag that all commands take is in a group, and help groups no other.
func TestGlobalFlagsAreGrouped(t *testing.T) {
	grouped := map[string]bool{}
	for _, group := range globalGroups {
		for _, name := range strings.Fields(group.names) {
			grouped[name] = true
		}
	}
	root := treeForReading()
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if !grouped[f.Name] {
			t.Errorf("--%s is in no group of globalGroups", f.Name)
		}
		delete(grouped, f.Name)
	})
	for name := range grouped {
		t.Errorf("--%s is no flag of all commands", name)
	}
}

func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		walk(sub, visit)
	}
}
