package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// texts are what a flag that may be given several times was given. The library's
// own kind writes its default as CSV at each start, which takes as long as half of
// all commands.
type texts []string

// bindTexts adds such a flag.
func bindTexts(cmd *cobra.Command, into *[]string, name, usage string) {
	cmd.Flags().Var((*texts)(into), name, usage)
}

// textsOf are what such a flag was given; none where a command has no such flag.
func textsOf(flag *pflag.Flag) []string {
	if flag == nil {
		return nil
	}
	given, _ := flag.Value.(*texts)
	if given == nil {
		return nil
	}
	return *given
}

// String is the texts on one line.
func (t *texts) String() string { return strings.Join(*t, " ") }

// Type is the kind of flag. Shells are offered one again that is an array.
func (t *texts) Type() string { return "textArray" }

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
