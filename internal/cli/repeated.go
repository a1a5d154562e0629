package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manners are the flags that only say how a result is shown.
var manners = []string{"output", "jq", "template", "color", "debug", "help"}

// repeated are the flags that a command was given, as they are given to another
// that does the same: without the manners, and without those told otherwise.
func repeated(cmd *cobra.Command, without ...string) []string {
	var words []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Changed || slices.Contains(manners, flag.Name) || slices.Contains(without, flag.Name) {
			return
		}
		name := "--" + flag.Name
		switch values, many := flag.Value.(pflag.SliceValue); {
		case many:
			for _, value := range values.GetSlice() {
				words = append(words, name, shellWord(value))
			}
		case flag.Value.Type() == "bool":
			words = append(words, name+map[bool]string{false: "=false"}[flag.Value.String() == "true"])
		default:
			words = append(words, name, shellWord(flag.Value.String()))
		}
	})
	return words
}
