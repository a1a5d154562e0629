package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/datahub-pat/pat/internal/failure"
)

// wrongUsage is a failure of the arguments, with what was probably meant or the
// way to the help.
func wrongUsage(cmd *cobra.Command, err error) error {
	if failure.KindOf(err) != failure.Other {
		return err
	}
	told := failure.New(failure.Usage, "%w", err).WithHint("see `%s --help`", cmd.CommandPath())
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return told
	}
	if hint := meantFlag(cmd, unknown); hint != "" {
		return told.WithHint("%s", hint)
	}
	return told
}

// meantFlag says which flag was probably meant: one with one dash too few, one
// that is spelled much alike, or one of another command.
func meantFlag(cmd *cobra.Command, unknown *pflag.NotExistError) string {
	name := unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		name, _, _ = strings.Cut(letters, "=")
	}
	known := flagNames(cmd)
	if slices.Contains(known, name) {
		return "did you mean --" + name + "?"
	}
	if others := commandsWith(cmd, name); len(others) > 0 {
		return "--" + name + " is a flag of `" + strings.Join(others, "`, `") + "`"
	}
	if meant := failure.Nearest(name, known); meant != "" {
		return "did you mean --" + meant + "?"
	}
	return ""
}

// flagNames are the flags that a command takes.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	note := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(note)
	cmd.InheritedFlags().VisitAll(note)
	return names
}

// commandsWith are the other commands that have a flag of their own with that
// name.
func commandsWith(cmd *cobra.Command, name string) []string {
	var paths []string
	var look func(*cobra.Command)
	look = func(other *cobra.Command) {
		if other != cmd && !other.Hidden && len(name) > 1 && other.HasParent() && other.LocalFlags().Lookup(name) != nil {
			paths = append(paths, other.CommandPath())
		}
		for _, below := range other.Commands() {
			look(below)
		}
	}
	look(cmd.Root())
	return paths
}
