package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/session"
)

type logoutOptions struct {
	revoke, yes bool
}

func newLogout(w *world) *cobra.Command {
	o := &logoutOptions{}
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Forget the token of the profile in use",
		Long: `Forget the token of the profile in use: its secret goes from the keyring, or from
the file that pat wrote it to when you signed in. The profile stays, for the next
sign-in. With --revoke the token is revoked before, so that nobody can use it any
more; without, it stays valid until it ends.

Use it before you give a machine away, or change who you are there.`,
		Example:     "  pat logout\n  pat logout --revoke\n  pat logout --profile prod --revoke",
		GroupID:     groupAccess,
		Annotations: seeAlso("login", "profile/remove", "revoke"),
		SuggestFor:  []string{"signout"},
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runLogout(cmd.Context(), w, o) },
	}
	cmd.Flags().BoolVar(&o.revoke, "revoke", false, "revoke the token too")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask, where the profile is protected")
	return cmd
}

func runLogout(ctx context.Context, w *world, o *logoutOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	if g := w.global; g.server != "" || g.tokenFile != "" || g.as != "" || g.systemClient {
		return failure.New(failure.Usage, "one signs out of a profile, not of a server").WithHint("pat logout --profile NAME")
	}
	name, err := w.chosenProfile(nil)
	if err != nil {
		return err
	}
	file, err := w.configuration()
	if err != nil {
		return err
	}
	profile, err := file.Profile(name)
	if err != nil {
		return err
	}
	if err := keepsNothing(name, profile); err != nil {
		return err
	}
	if o.revoke {
		if err := w.revokeLogin(ctx, name, profile, o.yes); err != nil {
			return err
		}
	}
	if err := w.forgetLogin(ctx, file, name, profile); err != nil {
		return err
	}
	w.tellSignedOut(name, profile, o.revoke)
	return nil
}

// keepsNothing refuses a profile for which pat has no secret to forget. Only a
// sign-in writes down whose the token is.
func keepsNothing(name string, p config.Profile) error {
	told := failure.New(failure.NotFound, "nobody is signed in with the profile %s", name)
	switch {
	case p.Token != "", p.Actor != "":
		return nil
	case p.TokenFile != "":
		return told.WithHint("its token is in %s, which pat did not write: remove it yourself", p.TokenFile)
	case len(p.TokenCommand) > 0:
		return told.WithHint("its token comes from a program, and pat keeps none")
	}
	return told
}

// revokeLogin revokes the token of the profile with that token itself. One that
// the server does not take any more needs no revoking.
func (w *world) revokeLogin(ctx context.Context, name string, p config.Profile, yes bool) error {
	if p.Protected {
		err := w.agreed(ctx, consent{
			given: yes, verb: "revoke", what: "its token", declined: "nothing was revoked", protected: name,
			show: func() error { return nil },
		})
		if err != nil {
			return err
		}
	}
	w.global.profile = name
	err := w.revokeOwn(ctx, p)
	switch {
	case err == nil:
		w.notice("the token is revoked; other replicas of the server may accept it for up to five minutes")
		return nil
	case failure.KindOf(err) == failure.Unauthenticated && !errors.Is(err, keyring.ErrAbsent):
		w.notice("there is nothing to revoke: %s", failure.Of(err).Message)
		return nil
	}
	told := *failure.Of(err)
	told.Message += "; nothing was forgotten"
	return &told
}

func (w *world) revokeOwn(ctx context.Context, p config.Profile) error {
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	id, err := loginID(ctx, client, p)
	if err == nil {
		_, err = w.revoke(ctx, client, id, true)
	}
	return err
}

// loginID is the id of the token that a profile has: as the keyring has it, else
// by the user and the end that the secret tells.
func loginID(ctx context.Context, client *datahub.Client, p config.Profile) (string, error) {
	if id, full := datahub.ParseTokenID(p.Token); full {
		return id, nil
	}
	caller, err := client.Caller(ctx)
	if err != nil {
		return "", err
	}
	tokens, err := client.List(ctx, datahub.Scope{Owners: []datahub.URN{caller}})
	if err != nil {
		return "", err
	}
	claims, known := client.Claims()
	if found := lifecycle.InUse(tokens, "", claims, known); len(found) == 1 {
		return found[0], nil
	}
	return "", failure.New(failure.NotFound, "which of your tokens it is cannot be told").
		WithHint("find it with `pat list` and revoke it with `pat revoke ID`, or sign out without --revoke")
}

// forgetLogin removes the secret and what the profile says of it.
func (w *world) forgetLogin(ctx context.Context, file *config.File, name string, p config.Profile) error {
	if p.Token != "" {
		if err := w.forgetSecret(ctx, file, p.Token, name); err != nil {
			return err
		}
	}
	if p.TokenFile != "" {
		home, _ := w.home()
		if err := os.Remove(session.AtHome(home, p.TokenFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failure.New(failure.Other, "the token could not be removed: %w", err)
		}
	}
	return w.changeProfiles(func(store config.Store) error {
		return store.Update(ctx, name, func(p *config.Profile) error {
			p.Token, p.TokenFile, p.Actor, p.Ends, p.Issued = "", "", "", config.End{}, false
			return nil
		})
	})
}

// tellSignedOut says what is left.
func (w *world) tellSignedOut(name string, p config.Profile, revoked bool) {
	w.notice("signed out of %s; the profile %s stays", p.Server, name)
	if !revoked && !p.Ends.Passed(w.now()) {
		w.notice("the token itself stays valid until it ends: `pat logout --revoke` would have ended it")
	}
	p.Token, p.TokenFile = "", ""
	if c := w.credentialElsewhere(p); c.where == datahubenv.Shown {
		w.notice("%s still holds a token for that server", datahubenv.Shown)
	}
}
