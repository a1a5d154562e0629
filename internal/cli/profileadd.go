package cli

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/config"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/session"
)

type profileAddOptions struct {
	frontend, duration, tokenCommand string
	headers                          []string
	protected                        bool
}

func newProfileAdd(w *world) *cobra.Command {
	o := &profileAddOptions{}
	cmd := &cobra.Command{
		Use:   "add NAME URL",
		Short: "Make a profile without signing in",
		Long: `Make a profile for a server, without signing in: for a token that something else
puts into a file (--token-file) or prints (--token-command), or for a server that
does not check tokens (--as). No server is asked. The first profile becomes the
current one.

Use it where no person signs in.`,
		Example: `  pat profile add staging https://staging.example.com/gms --token-file ~/staging.token
  pat profile add prod https://datahub.example.com --token-command 'pass show datahub' --protected
  pat profile add local http://localhost:8080 --as datahub
  pat profile add prod https://datahub.example.com --header 'X-Gate: open' --duration ONE_DAY`,
		Annotations: seeAlso("login", "profile/use", "config"),
		SuggestFor:  []string{"create", "new"},
		Args:        takes(1, 2),
		RunE:        func(cmd *cobra.Command, args []string) error { return runProfileAdd(cmd.Context(), w, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.frontend, "frontend", "", "address of the web interface, where it is another")
	f.StringVar(&o.tokenCommand, "token-command", "", "a program with its arguments that prints the token; no shell, split at spaces")
	f.StringVar(&o.duration, "duration", "", "how long new tokens shall last if nothing else is said")
	bindTexts(cmd, &o.headers, "header", "a header for each request, 'Name: value'; repeatable")
	f.BoolVar(&o.protected, "protected", false, "have the profile's name given for what cannot be undone")
	return cmd
}

func runProfileAdd(ctx context.Context, w *world, o *profileAddOptions, args []string) error {
	profile, err := o.profile(w, args)
	if err != nil {
		return err
	}
	name, first := args[0], false
	err = w.changeProfiles(func(store config.Store) error {
		file, err := config.Load(store.Path)
		if err != nil {
			return err
		}
		err = store.Update(ctx, name, func(p *config.Profile) error {
			if p.Server != "" {
				return failure.New(failure.Exists, "there is a profile %s already, for %s", name, p.Server).
					WithHint("change it in %s, or first `pat profile remove %s`", store.Path, name)
			}
			*p = profile
			return nil
		})
		if first = !file.Has(file.Current); err == nil && first {
			err = store.SetCurrent(ctx, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	w.notice("added the profile %s for %s", name, profile.Server)
	if first {
		w.tellWhatIsUsed(ctx, name)
	}
	return nil
}

// profile is what the arguments and flags say.
func (o *profileAddOptions) profile(w *world, args []string) (config.Profile, error) {
	p := config.Profile{As: w.global.as, Duration: o.duration, Protected: o.protected, TokenCommand: strings.Fields(o.tokenCommand)}
	address := w.global.server
	switch {
	case len(args) == 2 && address != "":
		return p, failure.New(failure.Usage, "the address is given twice").WithHint("usage: pat profile add NAME URL")
	case len(args) == 2:
		address = args[1]
	case address == "":
		return p, failure.New(failure.Usage, "for which server is the profile?").WithHint("usage: pat profile add NAME URL")
	}
	if w.global.profile != "" {
		return p, failure.New(failure.Usage, "--profile chooses a profile that exists").WithHint("usage: pat profile add NAME URL")
	}
	for _, step := range []func(*config.Profile) error{
		func(p *config.Profile) error { return setAddresses(p, address, o.frontend) },
		o.checkTexts, w.recordFlags, w.setTokenFile, o.setHeaders,
	} {
		if err := step(&p); err != nil {
			return p, err
		}
	}
	return p, nil
}

func setAddresses(p *config.Profile, server, frontend string) error {
	address, err := datahub.ParseAddress(server)
	if err != nil {
		return err
	}
	p.Server = address.String()
	if frontend == "" {
		return nil
	}
	its, err := datahub.ParseFrontend(frontend)
	if err != nil {
		return err
	}
	p.Frontend = its.String()
	return nil
}

// checkTexts refuses what would only fail when it is used.
func (o *profileAddOptions) checkTexts(p *config.Profile) error {
	if p.Duration != "" {
		if _, err := datahub.ParseDuration(p.Duration); err != nil {
			return err
		}
	}
	if p.As == "" {
		return nil
	}
	_, err := datahub.ParseUser(p.As)
	return err
}

// setTokenFile takes the file that --token-file names, as a whole path.
func (w *world) setTokenFile(p *config.Profile) error {
	file := w.global.tokenFile
	switch {
	case file == "":
		return nil
	case file == "-":
		return failure.New(failure.Usage, "a profile cannot read its token from stdin").
			WithHint("`pat login URL --token-file -` keeps a token that stdin has")
	}
	home, _ := w.home()
	whole, err := filepath.Abs(session.AtHome(home, file))
	p.TokenFile = whole
	return err
}

func (o *profileAddOptions) setHeaders(p *config.Profile) error {
	for _, text := range o.headers {
		name, value, found := strings.Cut(text, ":")
		if name = strings.TrimSpace(name); !found || name == "" {
			return failure.New(failure.Usage, "a header is given as 'Name: value'")
		}
		if p.Headers == nil {
			p.Headers = map[string]string{}
		}
		p.Headers[name] = strings.TrimSpace(value)
	}
	return nil
}
