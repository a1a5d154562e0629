package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

// newRoot is the command tree.
func newRoot(w *world) *cobra.Command {
	root := &cobra.Command{
		Use:   "pat COMMAND",
		Short: "Administer DataHub Personal Access Tokens",
		Long: `pat creates, lists and revokes DataHub Personal Access Tokens, says who you
are, and keeps the secrets in the keyring of your operating system.

It finds the server and the token to use, as a pair from one source: in
--server and --token-file or --profile, in PAT_PROFILE, in the environment as
DataHub's Python client reads it (DATAHUB_GMS_URL and DATAHUB_GMS_TOKEN), in the
current profile, which ` + "`pat login`" + ` makes, or in ~/.datahubenv.
Without a DataHub at hand, --server mock: tries everything on an embedded one.

Use it from a terminal, a script or a CI job: what is asked on a terminal, flags
say elsewhere.`,
		Example: `  pat login https://datahub.example.com
  pat create ci --duration ONE_MONTH
  pat list
  pat revoke ci`,
		Annotations:   seeAlso("login", "create", "environment", "exit-codes"),
		Version:       buildVersion().String(),
		SilenceErrors: true,
		SilenceUsage:  true,

		Args: noSuchCommand,

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if !w.completing { // who types on is not waited for
				heedSignals(cmd)
			}
			if err := w.begin(cmd); err != nil {
				return err
			}
			if err := w.refuseSeveralProfiles(cmd); err != nil {
				return err
			}
			return refuseEmptyServer(cmd)
		},

		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("pat {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return wrongUsage(cmd, err) })
	root.PersistentFlags().SortFlags = false
	w.global.bind(root)
	groupCommands(root)
	root.AddCommand(
		newCreate(w), newList(w), newInspect(w), newRevoke(w), newRotate(w), newSecret(w), newExec(w), newEnv(w), newWhoAmI(w), newAudit(w), newDoctor(w), newRecover(w),
		newLogin(w), newLogout(w), newProfile(w),
		newServiceAccount(w), newMock(w), newCompletion(w), newVersion(w), newToken(root),
	)
	root.SetHelpCommand(newHelp(w, root))
	root.InitDefaultHelpCmd()
	w.helpOn(root)
	return root
}

// newToken lets those who type the noun first reach the same commands.
func newToken(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:                "token COMMAND",
		Short:              "The same commands, for those who type the noun first",
		Hidden:             true,
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			root.SetArgs(args)
			return root.ExecuteContext(cmd.Context())
		},
	}
}

// refuseEmptyServer refuses --server "$UNSET" and --profile "$UNSET": they would
// lead to another server than the one meant.
func refuseEmptyServer(cmd *cobra.Command) error {
	for _, name := range []string{"server", "profile"} {
		if flag := cmd.Flags().Lookup(name); flag != nil && flag.Changed && flag.Value.String() == "" {
			return failure.New(failure.Usage, "--%s is empty", name).WithHint("give one, or leave the flag away")
		}
	}
	return nil
}

// takes refuses more or fewer arguments than the command takes; most < 0 is any
// number.
func takes(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return failure.New(failure.Usage, "`%s` needs to be told which", cmd.CommandPath()).WithHint("usage: %s", cmd.UseLine())
		case most >= 0 && len(args) > most:
			return failure.New(failure.Usage, "`%s` does not take %q", cmd.CommandPath(), args[most]).WithHint("usage: %s", cmd.UseLine())
		}
		return nil
	}
}

// globalFlags are the flags that every command takes.
type globalFlags struct {
	server, tokenFile, as, profile string
	profiles                       []string // all that --profile named, of which profile is the last
	allProfiles                    bool
	systemClient                   bool
	caCert, clientCert, clientKey  string
	timeout, deadline, keyringWait time.Duration
	concurrency                    int
	debug                          bool
	output, jq, template, colour   string
}

func (g *globalFlags) bind(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&g.server, "server", "", "address of DataHub, or mock: for the embedded one")
	f.StringVar(&g.tokenFile, "token-file", "", "file with the token to use with --server; - reads stdin (or PAT_TOKEN_FILE)")
	f.Var(profileNames{&g.profile, &g.profiles}, "profile", "the profile to use, see pat profile list (or PAT_PROFILE)")
	f.StringVar(&g.as, "as", "", "act as this user, without a token, on a server with authentication off")
	f.BoolVar(&g.systemClient, "system-client", false, "be DataHub's own system client: DATAHUB_SYSTEM_CLIENT_ID and _SECRET")
	f.StringVarP(&g.output, "output", "o", "table", "format: table, wide, json, jsonl, yaml, csv, tsv or id")
	f.StringVar(&g.jq, "jq", "", "filter the JSON by a jq expression")
	f.StringVar(&g.template, "template", "", "format the JSON by a Go template")
	f.StringVar(&g.colour, "color", "auto", "colour: auto, always or never")
	f.StringVar(&g.caCert, "ca-cert", "", "file with the certificates to trust")
	f.StringVar(&g.clientCert, "client-cert", "", "file with the certificate to show to the server")
	f.StringVar(&g.clientKey, "client-key", "", "file with that certificate's key")
	f.DurationVar(&g.timeout, "timeout", 0, "how long one request may take (default 30s)")
	f.DurationVar(&g.deadline, "deadline", 0, "how long the command may take (default: no limit)")
	f.IntVar(&g.concurrency, "concurrency", 32, "how many requests to make at once")
	f.DurationVar(&g.keyringWait, "keyring-timeout", 0, "how long the keyring may take (default 2s, 60s where a person can answer)")
	f.BoolVar(&g.debug, "debug", false, "show each request on stderr, without bodies and header values")
}

func (g *globalFlags) wantsJSON() bool { return g.output == "json" || g.output == "jsonl" }
