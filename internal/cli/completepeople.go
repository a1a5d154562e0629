package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/completion"
	"github.com/datahub-pat/pat/internal/datahub"
)

// users offers those whom tokens represent or who created some, and whoever pat
// speaks as.
func users(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	represent, created := map[datahub.URN]int{}, map[datahub.URN]int{}
	for _, token := range b.w.tokensAround(ctx, scopeFlags{all: true}, scopeFlags{}) {
		represent[token.Actor]++
		created[token.Owner]++
	}
	var offers []completion.Offer
	for urn := range represent {
		if value := userValue(urn); value != "" {
			offers = append(offers, completion.Offer{Value: value, Description: activity(represent[urn], created[urn])})
		}
	}
	for urn := range created {
		if value := userValue(urn); value != "" && represent[urn] == 0 {
			offers = append(offers, completion.Offer{Value: value, Description: activity(0, created[urn])})
		}
	}
	if flag := b.cmd.Flags().Lookup("owner"); flag != nil && b.args == nil {
		offers = append(offers, completion.Offer{Value: "me", Description: "whoever pat speaks as"})
	}
	sortOffers(offers)
	return offers, cobra.ShellCompDirectiveNoFileComp
}

// userValue is how a user is written, empty where a shell could misunderstand it.
func userValue(urn datahub.URN) string {
	value := urn.Username()
	if again, err := datahub.ParseUser(value); err != nil || again != urn {
		value = string(urn)
	}
	if _, err := datahub.ParseUser(value); err != nil || !completion.Plain(value) {
		return ""
	}
	return value
}

func activity(represent, created int) string {
	switch {
	case represent == 0:
		return fmt.Sprintf("created %d", created)
	case created == 0:
		return counted(represent, "represents them", "represent them")
	}
	return fmt.Sprintf("%s, created %d", counted(represent, "represents them", "represent them"), created)
}

// serviceAccounts offers service accounts by their names, or by their ids where
// the name would not do.
func serviceAccounts(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	var accounts []datahub.ServiceAccount
	b.w.askInTime(ctx, func(ctx context.Context, client *datahub.Client) (err error) {
		accounts, err = client.ListServiceAccounts(ctx)
		return err
	})
	named := map[string]int{}
	for _, account := range accounts {
		named[account.Name()]++
	}
	var offers []completion.Offer
	for _, account := range accounts {
		switch name := account.Name(); {
		case completion.Plain(name) && named[name] == 1 && (strings.HasPrefix(name, b.begun) || !strings.HasPrefix(account.ID(), b.begun)):
			offers = append(offers, completion.Offer{Value: name, Description: account.Description})
		case completion.Plain(account.ID()):
			offers = append(offers, completion.Offer{Value: account.ID(), Description: name + " " + account.Description})
		}
	}
	sortOffers(offers)
	return offers, cobra.ShellCompDirectiveNoFileComp
}

// servers offers the addresses that profiles and the keyring's index know.
func servers(_ context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	known := map[string]string{}
	if ring, err := b.w.keyring(); err == nil {
		stored, _ := ring.Stored()
		for _, record := range stored {
			known[record.Server] = "has tokens that are kept here"
		}
	}
	if file, err := b.w.configuration(); err == nil {
		for _, name := range file.Names() {
			if profile, err := file.Profile(name); err == nil {
				known[profile.Server] = "profile " + name
			}
		}
	}
	var offers []completion.Offer
	for server, description := range known {
		if completion.Plain(server) {
			offers = append(offers, completion.Offer{Value: server, Description: description})
		}
	}
	sortOffers(offers)
	if b.args == nil { // of a flag: to sign in takes a port
		offers = append(offers, completion.Offer{Value: "mock:", Description: "a DataHub that is embedded in pat"})
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}
