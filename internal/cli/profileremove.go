package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/render"
)

func newProfileRemove(w *world) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:     "remove NAME",
		Aliases: []string{"rm"},
		Short:   "Remove a profile, and its secret from the keyring",
		Long: `Remove a profile, and the secret that the keyring has for it. The token itself
stays valid: ` + "`pat logout --revoke`" + ` before ends it. Files are left alone. On a terminal
you are asked; elsewhere --yes is needed.

Use it when a server is gone, or none of your business any more.`,
		Example:     "  pat profile remove staging\n  pat profile remove staging --yes",
		Annotations: seeAlso("logout", "profile/list"),
		SuggestFor:  []string{"delete"},
		Args:        takes(1, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runProfileRemove(cmd.Context(), w, args[0], yes) },
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func runProfileRemove(ctx context.Context, w *world, name string, yes bool) error {
	file, err := w.configuration()
	if err != nil {
		return err
	}
	profile, err := file.Profile(name)
	if err != nil {
		return err
	}
	if err := w.agreed(ctx, removal(w, name, profile, yes)); err != nil {
		return err
	}
	if profile.Token != "" {
		if err := w.forgetSecret(ctx, file, profile.Token, name); err != nil {
			return err
		}
	}
	if err := w.changeProfiles(func(store config.Store) error { return store.Remove(ctx, name) }); err != nil {
		return err
	}
	w.notice("removed the profile %s", name)
	if profile.TokenFile != "" {
		w.notice("%s still holds a token", profile.TokenFile)
	}
	return nil
}

// removal is what is asked before a profile goes.
func removal(w *world, name string, profile config.Profile, yes bool) consent {
	return consent{
		given: yes, verb: "remove", what: "the profile " + name, declined: "nothing was removed", protected: protectedName(name, profile), named: true,
		show: func() error {
			out := render.Output{Format: render.Table, Terminal: true, Width: w.Width()}
			return render.WriteFacts(w.Stderr(), out, []render.Fact{
				{Name: "Profile", Value: name}, {Name: "Server", Value: profile.Server}, {Name: "Actor", Value: profile.Actor},
			})
		},
		ask: func(ctx context.Context) (bool, error) {
			return w.Confirm(ctx, fmt.Sprintf("Remove the profile %s?", name))
		},
	}
}

// protectedName is the profile's name if it is protected; else empty.
func protectedName(name string, profile config.Profile) string {
	if profile.Protected {
		return name
	}
	return ""
}
