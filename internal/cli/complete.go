package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/datahub-pat/pat/internal/completion"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/session"
)

// askInBash is how bash's script asks: with the command line as it is typed.
const askInBash = "__bash"

// asksForCompletion reports whether a shell asks how a line could go on.
func asksForCompletion(args []string) bool {
	ways := []string{cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd, askInBash}
	return len(args) > 0 && slices.Contains(ways, args[0])
}

// complete answers a shell. What goes wrong is said nowhere: somebody is in the
// middle of typing.
func (w *world) complete(ctx context.Context, root *cobra.Command, args []string) error {
	root.SetErr(io.Discard)
	if args[0] == askInBash {
		return w.completeInBash(ctx, root, args[1:])
	}
	return w.ask(ctx, root, args[0], args[1:])
}

// ask has cobra answer for the words typed so far.
func (w *world) ask(ctx context.Context, root *cobra.Command, how string, words []string) error {
	w.typed = withoutNoun(words)
	w.bindOffers(root)
	root.SetArgs(append([]string{how}, w.typed...))
	return root.ExecuteContext(ctx)
}

// withoutNoun is what is typed behind `pat token`, which reaches the same
// commands.
func withoutNoun(words []string) []string {
	if len(words) > 1 && words[0] == "token" {
		return words[1:]
	}
	return words
}

// completeInBash answers with what bash's script is to insert or show:
// LINE WORD KIND COLUMNS, of which the first is the line up to the cursor and the
// others are bash's $2, COMP_TYPE and COLUMNS.
func (w *world) completeInBash(ctx context.Context, root *cobra.Command, args []string) error {
	const parts = 4
	if len(args) != parts {
		return errors.New("that is not how bash asks")
	}
	line := completion.ParseBash(args[0])
	if line.Files() || len(line.Words) < 2 {
		return printOffers(w.Stdout(), []string{"files"})
	}
	var answer bytes.Buffer
	root.SetOut(&answer)
	if err := w.ask(ctx, root, cobra.ShellCompRequestCmd, line.Words[1:]); err != nil {
		return err
	}
	offers, directive := parseAnswer(answer.String())
	columns, _ := strconv.Atoi(args[3])
	return printOffers(w.Stdout(), append([]string{bashOptions(directive)}, line.Reply(offers, args[1], args[2], columns)...))
}

// parseAnswer reads what cobra tells shells: a line for each offer, and at the
// end how to deal with them.
func parseAnswer(text string) (offers []completion.Offer, directive cobra.ShellCompDirective) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	last := len(lines) - 1
	if number, err := strconv.Atoi(strings.TrimPrefix(lines[last], ":")); err == nil {
		directive = cobra.ShellCompDirective(number)
	}
	for _, line := range lines[:last] {
		value, description, _ := strings.Cut(line, "\t")
		offers = append(offers, completion.Offer{Value: value, Description: description})
	}
	return offers, directive
}

// bashOptions are the names of the directives for bash's script.
func bashOptions(directive cobra.ShellCompDirective) string {
	options := []string{"pat"} // the line is never empty
	for _, known := range []struct {
		is   bool
		name string
	}{
		{directive&cobra.ShellCompDirectiveNoFileComp == 0, "files"},
		{directive&cobra.ShellCompDirectiveNoSpace != 0, "nospace"},
		{directive&cobra.ShellCompDirectiveKeepOrder != 0, "nosort"},
	} {
		if known.is {
			options = append(options, known.name)
		}
	}
	return strings.Join(options, " ")
}

// bindOffers says for the command that is typed what its words, its flags and
// those of the commands above it could become. The others are left alone: nobody
// waits for them.
func (w *world) bindOffers(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	typed, _, err := root.Find(w.typed[:max(0, len(w.typed)-1)])
	if err != nil {
		typed = root
	}
	arguments, flags := argumentOffers(), flagOffers()
	for cmd := typed; cmd != nil; cmd = cmd.Parent() {
		if offer, known := arguments[cmd.CommandPath()]; known {
			cmd.ValidArgsFunction = w.offering(offer, false)
		}
		bind := func(flag *pflag.Flag) {
			if offer, known := offerOf(flags, cmd, flag); known {
				// It fails only for a flag that is bound already, as help's own.
				_ = cmd.RegisterFlagCompletionFunc(flag.Name, w.offering(offer, true))
			}
		}
		cmd.Flags().VisitAll(bind)
		cmd.PersistentFlags().VisitAll(bind)
	}
}

// offerOf is what is offered for a flag: for this command's, or for all of that
// name.
func offerOf(flags map[string]offerer, cmd *cobra.Command, flag *pflag.Flag) (offerer, bool) {
	if offer, known := flags[cmd.CommandPath()+" --"+flag.Name]; known {
		return offer, true
	}
	offer, known := flags[flag.Name]
	return offer, known
}

// blank is a word that is being typed, and where it stands.
type blank struct {
	w     *world
	cmd   *cobra.Command
	args  []string // before it; nil where it is a flag's value
	begun string   // what is typed of it
}

// offerer offers what a blank could be filled with.
type offerer func(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective)

// offering lets cobra ask an offerer.
func (w *world) offering(offer offerer, isFlag bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if isFlag {
			args = nil
		}
		offers, directive := offer(cmd.Context(), blank{w, cmd, args, begun})
		var lines []cobra.Completion
		for _, offer := range offers {
			if strings.HasPrefix(offer.Value, begun) && !slices.Contains(args, offer.Value) {
				lines = append(lines, offer.Line())
			}
		}
		return lines, directive
	}
}

// quietly are sources that ask nobody and read nothing that is typed.
func quietly(sources session.Sources) session.Sources {
	refuse := errors.New("not while a shell completes")
	sources.Silent = true
	sources.Stdin = func() (string, error) { return "", refuse }
	if keyring.AsksByItself() {
		sources.Keyring = nil
	}
	return sources
}

// usualCompletionTime is how long the server may take while a shell waits.
const usualCompletionTime = time.Second

// completionTime is that time, or what PAT_COMPLETION_TIMEOUT says; 0: the server
// is not asked.
func (w *world) completionTime() time.Duration {
	text, given := w.Env("PAT_COMPLETION_TIMEOUT")
	if !given || text == "" {
		return usualCompletionTime
	}
	if text == "0" {
		return 0
	}
	limit, err := time.ParseDuration(text)
	if err != nil || limit < 0 {
		return usualCompletionTime
	}
	return limit
}
