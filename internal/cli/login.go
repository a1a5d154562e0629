package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

type loginOptions struct {
	username, frontend, duration, to string
	passwordStdin, overwrite         bool
	keepOld                          bool
}

func newLogin(w *world) *cobra.Command {
	o := &loginOptions{}
	cmd := &cobra.Command{
		Use:   "login [URL]",
		Short: "Sign in to a DataHub and keep the token in a profile",
		Long: `Sign in to a DataHub and keep what is needed to use it in a profile: with a
token that you paste from the web interface, also where people sign in by SSO;
with a user name and a password; or with a token in a file. On a terminal you
are asked for what is missing.

With a password pat issues a token for you, called "pat USER@HOST", and keeps only
that. The password goes to the web interface, and to no address that you did not
name or confirm. Signing in again replaces that token, and revokes the old one
once the new one is seen to work.

The secret is kept in the keyring of your operating system, unless --to says
otherwise; the profile only says where it is.

Use it once on each machine where people work; in CI the environment does.`,
		Example: `  pat login https://datahub.example.com
  pat login http://localhost:8080 --username jdoe
  pat login https://datahub.example.com/gms --username jdoe --password-stdin <password.txt
  pat login https://datahub.example.com --profile prod --token-file prod.token
  pat login --profile prod`,
		GroupID:     groupAccess,
		Annotations: seeAlso("logout", "whoami", "profile/add", "environment").prints("profile-show"),
		SuggestFor:  []string{"signin", "auth", "init"},
		Args:        takes(0, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runLogin(cmd.Context(), w, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.username, "username", "u", "", "sign in as this user, with a password")
	f.BoolVar(&o.passwordStdin, "password-stdin", false, "read the password from stdin instead of asking for it")
	f.StringVar(&o.frontend, "frontend", "", "address of the web interface, which takes the password (or DATAHUB_FRONTEND_URL)")
	f.StringVar(&o.duration, "duration", "", "how long the token that pat issues shall last (default one month, or the longest below that the server allows)")
	f.StringVar(&o.to, "to", "", "where the secret is kept: keyring, file:PATH or datahubenv (default keyring, or where it was)")
	f.BoolVar(&o.overwrite, "overwrite", false, "let --to file:PATH replace a file")
	f.BoolVar(&o.keepOld, "keep-old", false, "do not revoke the token that pat issued when you signed in before")
	return cmd
}

// login is one run of `pat login`.
type login struct {
	w       *world
	options *loginOptions
	target  loginTarget
	kept    keeping
	proven  proof
	old     replaced
}

func runLogin(ctx context.Context, w *world, o *loginOptions, args []string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	l := &login{w: w, options: o}
	if err := l.check(args); err != nil {
		return err
	}
	if _, err := w.output(); err != nil {
		return err
	}
	if err := l.findTarget(ctx, args); err != nil {
		return err
	}
	if err := l.choosePlace(); err != nil {
		return err
	}
	l.rememberOld()
	err := l.signIn(ctx)
	if l.proven.client != nil {
		defer l.proven.client.Close()
	}
	if err != nil {
		return err
	}
	l.giveUpOld(ctx)
	return l.tell(ctx)
}

// check refuses what contradicts itself.
func (l *login) check(args []string) error {
	g, o := &l.w.global, l.options
	withPassword := o.username != "" || o.passwordStdin
	switch {
	case g.as != "":
		return failure.New(failure.Usage, "--as needs no sign-in").
			WithHint("for a server that does not check tokens: pat profile add NAME --server URL --as %s", shellWord(g.as))
	case g.systemClient:
		return failure.New(failure.Usage, "the system client needs no sign-in").WithHint("use --system-client with the command itself")
	case len(args) == 1 && g.server != "":
		return failure.New(failure.Usage, "the address is given twice").WithHint("usage: pat login [URL]")
	case withPassword && g.tokenFile != "":
		return failure.New(failure.Usage, "a password and --token-file exclude each other").WithHint("each is a way to sign in")
	case o.duration != "" && g.tokenFile != "":
		return failure.New(failure.Usage, "--duration is for a token that pat issues, and --token-file gives one that exists")
	case !withPassword && g.tokenFile == "" && !l.w.Interactive():
		return failure.New(failure.Usage, "nobody can be asked here how to sign in").
			WithHint("give --username NAME --password-stdin, or --token-file FILE (- reads stdin)")
	case withPassword && !o.passwordStdin && !l.w.Interactive():
		return failure.New(failure.Usage, "nobody can be asked here for the password").WithHint("give it with --password-stdin")
	case o.passwordStdin && o.username == "" && !l.w.Interactive():
		return failure.New(failure.Usage, "nobody can be asked here for the user name").WithHint("give it with --username")
	}
	return nil
}

// The ways to sign in, as one answers the question for them.
const (
	byPaste    = "1"
	byPassword = "2"
	byFile     = "3"
)

// signIn signs in the way the flags say, or else as one is asked.
func (l *login) signIn(ctx context.Context) error {
	switch {
	case l.options.username != "" || l.options.passwordStdin:
		return l.withPassword(ctx)
	case l.w.global.tokenFile != "":
		return l.withTokenFile(ctx, l.w.global.tokenFile)
	}
	way, err := l.w.Ask(ctx, "How do you want to sign in to "+l.target.server().String()+"?\n"+
		"  1  paste a token that you make on the web interface (also for single sign-on)\n"+
		"  2  with a user name and a password\n"+
		"  3  with a token in a file\n"+
		"Choose 1, 2 or 3 [1]:")
	if err != nil {
		return err
	}
	switch way {
	case byPaste, "":
		return l.withPaste(ctx)
	case byPassword:
		return l.withPassword(ctx)
	case byFile:
		file, err := l.w.Ask(ctx, "File:")
		if err != nil {
			return err
		}
		return l.withTokenFile(ctx, file)
	}
	return failure.New(failure.Usage, "%.20q is none of 1, 2 and 3", way)
}
