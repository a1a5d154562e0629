package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

func newServiceAccount(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "service-account COMMAND",
		Short: "Users that are no persons: create, list, show, delete (DataHub 1.4)",
		Long: `Service accounts are users that are no persons: a pipeline, a connector, a job.
Their tokens do not end with somebody's employment. DataHub has them since
release 1.4; managing them takes the privilege Manage Service Accounts.

An account is named by its id (service_ and a UUID), or by its name where only
one is called so.

Use them for whatever runs without a person.`,
		Example: `  pat service-account create ingest --description "loads the warehouse"
  pat create nightly --service-account ingest --duration ONE_MONTH --to file:ingest.token
  pat service-account list
  pat service-account delete ingest`,
		GroupID:     groupAccess,
		Annotations: seeAlso("create", "list", "filters"),
		SuggestFor:  []string{"sa", "accounts", "bot"},
		Args:        noSuchCommand,
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAccountCreate(w), newAccountList(w), newAccountShow(w), newAccountDelete(w))
	return cmd
}

func newAccountCreate(w *world) *cobra.Command {
	var description string
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Create a service account",
		Long: `Create a service account. DataHub gives it an id; the name is for people. A name
that another account has already is refused, for it would not say which is
meant. The account has no token yet, and no rights but those of all users.

Use it once for each pipeline or job that is to have rights of its own.`,
		Example: `  pat service-account create ingest
  ID=$(pat service-account create ingest --description "loads the warehouse" -o id)`,
		Annotations: seeAlso("create", "service-account/list").prints("service-account"),
		SuggestFor:  []string{"new", "add"},
		Args:        takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAccountCreate(cmd.Context(), w, strings.TrimSpace(args[0]), description)
		},
	}
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	return cmd
}

func runAccountCreate(ctx context.Context, w *world, name, description string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	if err := checkAccountName(name); err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	if err := refuseSecondAccount(ctx, client, name); err != nil {
		return err
	}
	account, err := client.CreateServiceAccount(ctx, name, description)
	if err != nil {
		return err
	}
	w.notice("created the service account %s", shellWord(account.Name()))
	if err := w.writeAccount(out, account); err != nil {
		return err
	}
	w.notice("a token for it: pat create NAME --service-account %s --to file:PATH", account.ID())
	return nil
}

func checkAccountName(name string) error {
	if name == "" {
		return failure.New(failure.Usage, "the service account needs a name").WithHint("pat service-account create NAME")
	}
	if _, isID := datahub.ParseServiceAccountID(name); isID {
		return failure.New(failure.Usage, "%q has the form of an id, which DataHub itself gives to service accounts", name).
			WithHint("give a name for people")
	}
	return nil
}

// refuseSecondAccount refuses a name that is taken: it would not say any more
// which account is meant. The server would take it.
func refuseSecondAccount(ctx context.Context, client *datahub.Client, name string) error {
	known, err := client.ListServiceAccounts(ctx)
	switch failure.KindOf(err) {
	case "":
	case failure.Usage, failure.Forbidden:
		return nil // creating it fails alike, in words that fit
	default:
		return err
	}
	at := slices.IndexFunc(known, func(a datahub.ServiceAccount) bool { return a.Name() == name })
	if at < 0 {
		return nil
	}
	return failure.New(failure.Exists, "there is a service account called %q already: %s", name, known[at].ID()).
		WithHint("use that one, or give another name")
}

func newAccountList(w *world) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List all service accounts",
		Long: `List all service accounts, by name. The list comes from DataHub's search index,
which lags seconds behind. Who created an account, and when, DataHub tells only
when it is created.

Use it to find the id of an account, and what nobody needs any more.`,
		Example: `  pat service-account list
  pat service-account list -o json --jq '.[] | select(.description == "") | .name'`,
		Annotations: seeAlso("service-account/show", "service-account/delete").prints("service-account-list"),
		Args:        takes(0, 0),
		RunE:        func(cmd *cobra.Command, _ []string) error { return runAccountList(cmd.Context(), w) },
	}
}

func runAccountList(ctx context.Context, w *world) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	accounts, err := client.ListServiceAccounts(ctx)
	if err != nil {
		return err
	}
	if err := accountView.Write(w.Stdout(), out, accountRecords(accounts)); err != nil {
		return err
	}
	if len(accounts) == 0 {
		w.notice("no service accounts")
	} else {
		w.notice("%s", counted(len(accounts), "service account", "service accounts"))
	}
	return nil
}

func newAccountShow(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID|NAME",
		Short: "Show a service account",
		Long: `Show a service account, named by its id or its name. By its id it is read from
DataHub's store, so that one created just now is there.

Use it to learn what an account is for.`,
		Example: `  pat service-account show ingest
  pat service-account show ingest -o json --jq .urn`,
		Annotations: seeAlso("service-account/list", "list").prints("service-account"),
		SuggestFor:  []string{"get"},
		Args:        takes(1, 1),
		RunE:        func(cmd *cobra.Command, args []string) error { return runAccountShow(cmd.Context(), w, args[0]) },
	}
}

func runAccountShow(ctx context.Context, w *world, word string) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	client, err := w.client(ctx)
	if err != nil {
		return err
	}
	account, err := client.ServiceAccount(ctx, word)
	if err != nil {
		return err
	}
	return w.writeAccount(out, account)
}
