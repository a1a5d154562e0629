package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

// notes are what is said of a command beside its texts: which pages are related
// and of which schemas the JSON is that it prints.
type notes map[string]string

// The names of the notes.
const (
	relatedNote = "pat/related"
	schemaNote  = "pat/schemas"
)

// seeAlso names related pages: commands, those below others with a slash
// (profile/add), and topics.
func seeAlso(names ...string) notes { return notes{relatedNote: strings.Join(names, " ")} }

// prints names the schemas of the JSON that a command prints, each of them
// docs/schemas/NAME.json. What prints none takes no --jq.
func (n notes) prints(schemas ...string) notes {
	n[schemaNote] = strings.Join(schemas, " ")
	return n
}

func schemasOf(cmd *cobra.Command) []string { return strings.Fields(cmd.Annotations[schemaNote]) }

// The groups in which help lists the commands.
const (
	groupTokens   = "tokens"
	groupPrograms = "programs"
	groupAccess   = "access"
	groupMore     = "more"
)

// groupCommands gives the groups their headings.
func groupCommands(root *cobra.Command) {
	root.AddGroup(
		&cobra.Group{ID: groupTokens, Title: "Tokens"},
		&cobra.Group{ID: groupPrograms, Title: "Handing tokens to programs"},
		&cobra.Group{ID: groupAccess, Title: "Servers, and who you are"},
		&cobra.Group{ID: groupMore, Title: "More"},
	)
	root.SetHelpCommandGroupID(groupMore)
	root.SetCompletionCommandGroupID(groupMore)
}

// begin notes which command runs, and refuses to shape JSON that it does not
// print.
func (w *world) begin(cmd *cobra.Command) error {
	w.running = cmd
	for flag, given := range map[string]bool{"--jq": w.global.jq != "", "--template": w.global.template != ""} {
		if given && len(schemasOf(cmd)) == 0 {
			return failure.New(failure.Usage, "`%s` prints no JSON for %s", cmd.CommandPath(), flag).WithHint("leave it away")
		}
	}
	return nil
}
