package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/render"
)

func newWhoAmI(w *world) *cobra.Command {
	var minLeft string
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Say who the credential is, where it comes from and what it may do",
		Long: `Say who the credential in use represents, where it was found, when it ends, and
whether it may create tokens and manage those of others. With --min-left it is
a check for scripts: exit code 10 if the credential ends sooner than that.

Use it when something is refused, and in scripts before long work.`,
		Example: `  pat whoami
  pat whoami --min-left 7d
  pat whoami -o json --jq .expiresAt`,
		GroupID:     groupAccess,
		Annotations: seeAlso("login", "profile/show", "exit-codes").prints("whoami"),
		SuggestFor:  []string{"me", "status", "info"},
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runWhoAmI(cmd.Context(), w, minLeft) },
	}
	cmd.Flags().StringVar(&minLeft, "min-left", "", "exit with 10 if the credential ends sooner, such as 7d")
	return cmd
}

// identityRecord is what whoami says, as the machine formats show it.
type identityRecord struct {
	Actor               string     `json:"actor"`
	DisplayName         string     `json:"displayName"`
	Server              string     `json:"server"`
	Endpoint            string     `json:"endpoint"`
	ServerVersion       string     `json:"serverVersion"`
	ServerSource        string     `json:"serverSource"`
	CredentialSource    string     `json:"credentialSource"`
	ExpiresAt           *time.Time `json:"expiresAt"`
	TokenAuthentication bool       `json:"tokenAuthentication"`
	MayCreateTokens     bool       `json:"mayCreateTokens"`
	MayManageAllTokens  bool       `json:"mayManageAllTokens"`

	endKnown bool
}

func runWhoAmI(ctx context.Context, w *world, minLeft string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	least, err := parseMinLeft(minLeft)
	if err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	who, err := client.WhoAmI(ctx)
	if err != nil {
		return err
	}
	record := w.identity(client, who)
	if err := record.write(w, out); err != nil {
		return err
	}
	if !who.TokensChecked || who.ClaimedAnother || w.global.as != "" {
		w.notice("%s", tokensUnchecked)
	}
	return record.checkLeft(least, w.now())
}

func parseMinLeft(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return datahub.ParseLength(text)
}

func (w *world) identity(client *datahub.Client, who datahub.Identity) identityRecord {
	pair := w.knownPair
	record := identityRecord{
		Actor: string(who.Actor), DisplayName: who.DisplayName,
		Server: pair.Server.String(), Endpoint: string(pair.Server.Kind()), ServerVersion: who.ServerVersion,
		ServerSource: pair.ServerSource, CredentialSource: credentialSource(w),
		TokenAuthentication: who.TokensChecked && !who.ClaimedAnother,
		MayCreateTokens:     who.MayCreateTokens, MayManageAllTokens: who.MayManageAll,
	}
	if claims, known := client.Claims(); known {
		record.ExpiresAt, record.endKnown = momentOrNull(claims.ExpiresAt), true
	}
	return record
}

func credentialSource(w *world) string {
	switch {
	case w.knownPair.As != "":
		return "none: --as"
	case w.knownPair.SecretSource != "":
		return w.knownPair.SecretSource
	case w.knownPair.Server.IsMock():
		return "the embedded DataHub"
	}
	return "none"
}

func (r identityRecord) write(w *world, out render.Output) error {
	if out.Structured() {
		return render.WriteObject(w.Stdout(), out, r)
	}
	actor := r.Actor
	if r.DisplayName != "" && out.Terminal {
		actor += " (" + r.DisplayName + ")"
	}
	return render.WriteFacts(w.Stdout(), out, []render.Fact{
		{Name: "Actor", Value: actor},
		{Name: "Server", Value: r.Server},
		{Name: "Server from", Value: r.ServerSource},
		{Name: "Endpoint", Value: r.Endpoint},
		{Name: "DataHub version", Value: r.ServerVersion},
		{Name: "Credential", Value: r.CredentialSource},
		{Name: "Ends", Value: r.end(out, w.now())},
		{Name: "Token authentication", Value: onOff(r.TokenAuthentication)},
		{Name: "May create own tokens", Value: yesNo(r.MayCreateTokens)},
		{Name: "May manage all tokens", Value: yesNo(r.MayManageAllTokens)},
	})
}

// end is when the credential ends, as far as it says so itself.
func (r identityRecord) end(out render.Output, now time.Time) string {
	switch {
	case !r.endKnown:
		return "unknown"
	case r.ExpiresAt == nil:
		return "never"
	case out.Terminal:
		return endInWords(*r.ExpiresAt, now)
	}
	return exactTime(r.ExpiresAt)
}

// checkLeft fails if the credential ends within least.
func (r identityRecord) checkLeft(least time.Duration, now time.Time) error {
	if least <= 0 || (r.endKnown && r.ExpiresAt == nil) {
		return nil
	}
	if !r.endKnown {
		return failure.New(failure.Found, "the credential does not say when it ends")
	}
	if left := r.ExpiresAt.Sub(now); left < least {
		return failure.New(failure.Found, "the credential ends %s, sooner than asked for", render.Until(*r.ExpiresAt, now)).
			WithHint("create a new one in time")
	}
	return nil
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}
