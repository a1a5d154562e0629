package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/term"
)

// newHelp is `pat help COMMAND` and `pat help TOPIC`, which unlike cobra's own
// refuses what is neither.
func newHelp(w *world, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND... | TOPIC]",
		Short: "Explain a command or a topic",
		Long: `Explain a command, as COMMAND --help does, or a topic that concerns several of
them. Use it when you know what you want to do and not how; without anything it
lists the commands and the topics.`,
		Example:     "  pat help create\n  pat help profile add\n  pat help durations",
		GroupID:     groupMore,
		Annotations: seeAlso("completion", "environment", "exit-codes", "formatting"),
		RunE: func(_ *cobra.Command, args []string) error {
			if topic, ok := findTopic(strings.Join(args, "-")); ok && len(args) > 0 {
				return w.showPage(topic.page())
			}
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return noSuchCommand(root, append(rest, args...))
			}
			return w.showPage(pageOf(cmd))
		},
	}
}

// helpOn has the commands show their pages as their help. Cobra takes no failure
// of that; it waits in the world for the end of the run.
func (w *world) helpOn(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		w.helpFailed = w.showPage(pageOf(cmd))
	})
	root.SetUsageFunc(func(cmd *cobra.Command) error { return w.showPage(pageOf(cmd)) })
}

// showPage shows a page on stdout. Who asks for help gets it, though the colour
// be mistyped.
func (w *world) showPage(p Page) error {
	mode, err := term.ParseColourMode(w.global.colour)
	if err != nil {
		mode = term.ColourNever
	}
	_, err = io.WriteString(w.Unguarded(term.Stdout), textOf(p, w.Width(), w.Colour(mode, term.Stdout)))
	return err
}

// noSuchCommand refuses words that are no command, and says which are close.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	told := failure.New(failure.Usage, "there is no command %q", args[0])
	if meant := meantCommands(cmd, args[0]); len(meant) > 0 {
		return told.WithHint("did you mean `%s`?", strings.Join(meant, "`, `"))
	}
	return told.WithHint("`%s --help` lists the commands", cmd.CommandPath())
}

// meantCommands are the commands below cmd, and for pat itself the topics, that
// a word may have been meant for.
func meantCommands(cmd *cobra.Command, word string) []string {
	var meant []string
	cmd.SuggestionsMinimumDistance = 2
	for _, name := range cmd.SuggestionsFor(word) {
		meant = append(meant, cmd.CommandPath()+" "+name)
	}
	if cmd.HasParent() {
		return meant
	}
	var names []string
	for _, topic := range topics() {
		names = append(names, topic.name)
	}
	if topic := failure.Nearest(word, names); topic != "" {
		meant = append(meant, "pat help "+topic)
	}
	for _, below := range shown(cmd) {
		if at := slices.IndexFunc(shown(below), func(c *cobra.Command) bool { return c.Name() == word }); at >= 0 {
			meant = append(meant, shown(below)[at].CommandPath())
		}
	}
	slices.Sort(meant)
	return slices.Compact(meant)
}
