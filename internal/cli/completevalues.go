package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/completion"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/handover"
	"github.com/datahub-pat/pat/internal/mockhub"
)

// values offers fixed values in their own order, each with its meaning.
func values(pairs ...string) offerer {
	return func(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
		var offers []completion.Offer
		for i := 0; i+1 < len(pairs); i += 2 {
			offers = append(offers, completion.Offer{Value: pairs[i], Description: pairs[i+1]})
		}
		return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// files lets the shell offer files.
func files(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// only offers something for the first so many arguments.
func only(most int, offer offerer) offerer {
	return func(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
		if len(b.args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return offer(ctx, b)
	}
}

// flagOffers says what flags could be given, by their names, and where the same
// name means something else by the command's too.
func flagOffers() map[string]offerer {
	return map[string]offerer{
		"profile": profiles, "server": servers, "service-account": serviceAccounts,
		"as": users, "username": users, "actor": users, "owner": users, "user": users,
		"pat list --name": tokenNames, "pat revoke --name": tokenNames, "pat rotate --name": tokenNames, "pat audit --name": tokenNames,

		"output": values(outputs()...), "pat env --output": handoverFormats,
		"pat audit --output": values(append(outputs(), asPage, "one page to send to an auditor", asJUnit, "for CI")...),
		"fail-on":            values("info", "anything at all", "warning", "", "error", "only the worst", "never", "nothing"),
		"policy":             files,
		"color":              values("auto", "on a terminal, unless NO_COLOR is set", "always", "also where nobody reads it", "never", "no colour"),
		"sort":               values("created", "newest first", "name", "by name", "expires", "what ends soonest first", "none", "as the server sends them"),
		"to":                 destinations("keyring", "file:", "datahubenv", "exec:", "stdout"),
		"duration":           durations,
		"min-left":           lifeSpans(),
		"header":             nothing,
		"release":            releases,
		"auth":               values("on", "tokens are checked", "off", "anybody is whom they say"),
		"ca-cert":            files,
		"data":               files,
		"base-path":          nothing,

		"pat rotate --to": destinations("keyring", "file:", "exec:", "stdout"),
		"pat login --to":  destinations("keyring", "file:", "datahubenv"),

		"token-file": files, "client-cert": files, "client-key": files, "token-command": files,
		"expiring-within": lifeSpans(), "superseded-for": lifeSpans(),
		"created-before": moments("ago"), "created-after": moments("ago"), "ends-before": moments("from now"),
	}
}

// argumentOffers says what the arguments of commands could be.
func argumentOffers() map[string]offerer {
	return map[string]offerer{
		"pat revoke": tokens, "pat rotate": tokens, "pat inspect": only(1, tokens),
		"pat secret": only(1, keptTokens), "pat env": only(1, keptTokens), "pat exec": execWords,
		"pat login": only(1, servers), "pat profile add": second(servers), "pat help": helpWords,
		"pat profile show": only(1, profiles), "pat profile use": only(1, profiles),
		"pat profile rename": only(1, profiles), "pat profile remove": only(1, profiles),
		"pat service-account show": only(1, serviceAccounts), "pat service-account delete": only(1, serviceAccounts),
	}
}

// nothing offers nothing, and no files either.
func nothing(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// second offers something for the second argument alone.
func second(offer offerer) offerer {
	return func(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
		if len(b.args) != 1 {
			return nothing(ctx, b)
		}
		return offer(ctx, b)
	}
}

// outputs are the formats of results, with their meaning.
func outputs() []string {
	return []string{"table", "aligned on a terminal, tab-separated elsewhere", "wide", "a table with all columns",
		"json", "indented", "jsonl", "one object a line", "yaml", "", "csv", "with a header", "tsv", "with a header", "id", "ids alone"}
}

func handoverFormats(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
	meaning := map[handover.Format]string{
		handover.Sh: "for a POSIX shell to evaluate", handover.Fish: "for fish to evaluate",
		handover.PowerShell: "for PowerShell to evaluate", handover.Dotenv: "a .env file",
		handover.Header: "for curl -H @FILE", handover.Recipe: "the sink of an ingestion recipe",
		handover.GitHub: "for the rest of a GitHub Actions job", handover.JSON: "", handover.Kubernetes: "the manifest of a Secret",
	}
	var offers []completion.Offer
	for _, format := range handover.Formats() {
		offers = append(offers, completion.Offer{Value: string(format), Description: meaning[format]})
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// durations are the server's names, with what they mean.
func durations(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
	var offers []completion.Offer
	for _, named := range datahub.DurationNames() {
		duration, err := datahub.ParseDuration(named.Name)
		switch {
		case err != nil:
		case duration.Never():
			offers = append(offers, completion.Offer{Value: named.Name, Description: "never ends; takes --allow-no-expiry"})
		default:
			offers = append(offers, completion.Offer{Value: named.Name, Description: duration.String()})
		}
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

func lifeSpans() offerer {
	return values("1h", "1 hour", "1d", "1 day", "7d", "1 week", "30d", "30 days", "90d", "90 days", "1y", "365 days")
}

// moments are times, so long ago or so long from now.
func moments(direction string) offerer {
	return values("1d", "1 day "+direction, "7d", "1 week "+direction, "30d", "30 days "+direction, "90d", "90 days "+direction, "1y", "365 days "+direction)
}

// destinations are where a secret may go. What follows a colon is for the shell
// where it is a file, and for the user where it is a command.
func destinations(kinds ...string) offerer {
	meaning := map[string]string{
		"keyring": "the keyring of the operating system", "file:": "a new file, which only you can read",
		"datahubenv": "where DataHub's own client reads it", "exec:": "the stdin of a command", "stdout": "alone on a line",
	}
	return func(_ context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
		if strings.HasPrefix(b.begun, "file:") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		directive := cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		var offers []completion.Offer
		for _, kind := range kinds {
			if strings.HasPrefix(kind, b.begun) {
				offers = append(offers, completion.Offer{Value: kind, Description: meaning[kind]})
			}
		}
		if len(offers) == 1 && strings.HasSuffix(offers[0].Value, ":") {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return offers, directive
	}
}

func releases(context.Context, blank) ([]completion.Offer, cobra.ShellCompDirective) {
	var offers []completion.Offer
	for _, release := range mockhub.Releases() {
		offers = append(offers, completion.Offer{Value: release})
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// helpWords are the commands behind the words of `pat help`, and the topics.
func helpWords(_ context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	above, rest, err := b.cmd.Root().Find(b.args)
	var offers []completion.Offer
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, cmd := range shown(above) {
		offers = append(offers, completion.Offer{Value: cmd.Name(), Description: cmd.Short})
	}
	for _, topic := range topics() {
		if len(b.args) == 0 {
			offers = append(offers, completion.Offer{Value: topic.name, Description: topic.summary})
		}
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}

// profiles are the names of profiles, with their servers.
func profiles(_ context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	file, err := b.w.configuration()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var offers []completion.Offer
	for _, name := range file.Names() {
		if profile, err := file.Profile(name); err == nil && completion.Plain(name) {
			offers = append(offers, completion.Offer{Value: name, Description: profile.Server})
		}
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}
