package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// texts are what a flag that may be given several times was given. The library's
// own kind writes its default as CSV at each start, which takes as long as half of
// all commands.
type texts []string

// bindTexts adds such a flag.
func bindTexts(cmd *cobra.Command, into *[]string, name, usage string) {
	cmd.Flags().Var((*texts)(into), name, usage)
}

// String is the texts on one line.
func (t *texts) String() string { return strings.Join(*t, " ") }

// Type is what help calls it.
func (t *texts) Type() string { return "stringArray" }

// Set adds a text, as it is.
func (t *texts) Set(text string) error { return t.Append(text) }

// Append adds a text.
func (t *texts) Append(text string) error {
	*t = append(*t, text)
	return nil
}

// Replace forgets what there was.
func (t *texts) Replace(all []string) error {
	*t = all
	return nil
}

// GetSlice is each text by itself.
func (t *texts) GetSlice() []string { return *t }
