package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/failure"
)

func newProfile(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile COMMAND",
		Short: "The servers that pat knows, and how it signs in to them",
		Long: `A profile is a server under a name, with what is needed to use it. The current
one is used where nothing else is said; --profile or PAT_PROFILE chooses another.
Profiles are in pat's own configuration file, which holds no secrets and may be
edited by hand: server, frontend, as, duration, protected, token_file,
token_command, ca_cert, client_cert, client_key and headers.

Use it where you have to do with several servers.`,
		Example:     "  pat profile list\n  pat profile use prod\n  pat profile show",
		GroupID:     groupAccess,
		Annotations: seeAlso("login", "config", "environment"),
		SuggestFor:  []string{"server", "servers", "context"},
		Args:        noSuchCommand,
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newProfileList(w), newProfileShow(w), newProfileAdd(w), newProfileUse(w), newProfileRename(w), newProfileRemove(w))
	return cmd
}

func newProfileList(w *world) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the profiles, with the end and the state of each credential",
		Long: `List the profiles, with the end and the state of each credential: active,
expiring, expired, never-expires, missing (its secret is not where it should be),
unreadable (the keyring does not say), unknown (its end is not known), none, or
not-needed (the profile acts as a user, without a token). No server is asked.

Use it to see which credentials end soon or are gone.`,
		Example:     "  pat profile list\n  pat profile list -o json --jq '.[] | select(.status == \"expired\") | .name'",
		Annotations: seeAlso("profile/show", "profile/use", "login").prints("profile-list"),
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runProfileList(cmd.Context(), w) },
	}
}

func runProfileList(ctx context.Context, w *world) error {
	out, err := w.output()
	if err != nil {
		return err
	}
	file, err := w.configuration()
	if err != nil {
		return err
	}
	var records []profileRecord
	for _, name := range file.Names() {
		record, err := w.profileRecord(ctx, name)
		if err != nil {
			return err
		}
		records = append(records, record)
	}
	if err := profileView(out, w.now()).Write(w.Stdout(), out, records); err != nil {
		return err
	}
	for _, text := range file.Notices {
		w.notice("%s", text)
	}
	if len(records) == 0 {
		w.notice("no profiles: `pat login URL` makes one")
	}
	return nil
}

func newProfileShow(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show a profile: by default the one in use",
		Long: `Show what a profile says and the state of its credential, without the secret: by default the profile in use. No server is asked.

Use it to see what a profile does before you use it.`,
		Example:     "  pat profile show\n  pat profile show prod -o json",
		Annotations: seeAlso("profile/list", "whoami", "config").prints("profile-show"),
		Args:        takes(0, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runProfileShow(cmd.Context(), w, args) },
	}
}

func runProfileShow(ctx context.Context, w *world, args []string) error {
	out, err := w.output()
	if err != nil {
		return err
	}
	name, err := w.chosenProfile(args)
	if err != nil {
		return err
	}
	record, err := w.profileRecord(ctx, name)
	if err != nil {
		return err
	}
	return writeProfile(w, out, record)
}

// chosenProfile is the profile that is named, else the one that --profile,
// PAT_PROFILE or the configuration choose.
func (w *world) chosenProfile(args []string) (string, error) {
	file, err := w.configuration()
	if err != nil {
		return "", err
	}
	name := file.Current
	if its := w.profileInEnv(); its != "" {
		name = its
	}
	if w.global.profile != "" {
		name = w.global.profile
	}
	switch {
	case len(args) == 1 && w.global.profile != "" && args[0] != w.global.profile:
		return "", failure.New(failure.Usage, "two profiles are named: %s and --profile %s", args[0], w.global.profile).WithHint("name one")
	case len(args) == 1:
		name = args[0]
	case name == "" && len(file.Names()) == 0:
		return "", failure.New(failure.NotFound, "there are no profiles yet").WithHint("`pat login URL` makes one")
	case name == "":
		return "", failure.New(failure.NotFound, "no profile is in use").
			WithHint("name one, or choose one with `pat profile use NAME`; `pat profile list` shows them")
	}
	_, err = file.Profile(name)
	return name, err
}

// profileInEnv is the profile that PAT_PROFILE names; empty if it names none.
func (w *world) profileInEnv() string {
	name, _ := w.Env("PAT_PROFILE")
	return strings.TrimSpace(name)
}

func newProfileUse(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "use NAME",
		Short: "Make a profile the current one",
		Long: `Make a profile the current one, which is used where nothing else is said.

Use it to change servers for a while; --profile does for one command.`,
		Example:     "  pat profile use prod",
		Annotations: seeAlso("profile/list", "environment"),
		SuggestFor:  []string{"switch", "set"},
		Args:        takes(1, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runProfileUse(cmd.Context(), w, args[0]) },
	}
}

func runProfileUse(ctx context.Context, w *world, name string) error {
	if err := w.changeProfiles(func(store config.Store) error { return store.SetCurrent(ctx, name) }); err != nil {
		return err
	}
	w.notice("the current profile is %s", name)
	w.tellWhatIsUsed(ctx, name)
	return nil
}

func newProfileRename(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "rename OLD NEW",
		Short: "Give a profile another name",
		Long: `Give a profile another name. Its credential stays as it is.

Use it where the name that pat login chose is long to type.`,
		Example:     "  pat profile rename datahub.example.com prod",
		Annotations: seeAlso("profile/list", "config"),
		Args:        takes(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return w.changeProfiles(func(store config.Store) error { return store.Rename(cmd.Context(), args[0], args[1]) })
		},
	}
}

// changeProfiles changes pat's own configuration.
func (w *world) changeProfiles(change func(config.Store) error) error {
	store, err := w.store()
	if err != nil {
		return err
	}
	w.knownConfig = nil // it is going to say something else
	return change(store)
}
