package cli

import (
	"context"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/render"
)

// runListStored is `pat list --stored`. It works without any server.
func runListStored(ctx context.Context, w *world, o *listOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	if w.global.allProfiles || len(w.global.profiles) > 1 {
		return failure.New(failure.Usage, "--stored and several profiles exclude each other").
			WithHint("--stored shows what is kept for all servers, and asks one of them: give one --profile, or none")
	}
	out, err := w.output()
	if err != nil {
		return err
	}
	ring, err := w.keyring()
	if err != nil {
		return err
	}
	all, err := ring.Stored()
	if err != nil {
		return err
	}
	client, err := w.clientIfAny(ctx, len(all) > 0)
	if err != nil {
		return err
	}
	chosen, err := o.choose(ctx, w, client, all)
	if err != nil {
		return err
	}
	held, err := w.takeInventory(ctx, client, chosen)
	if err != nil {
		return err
	}
	return w.showStored(out, client, held, o.limit)
}

// clientIfAny speaks to the server in use, if there is one: nil if not. Only
// what the flags say must be right.
func (w *world) clientIfAny(ctx context.Context, wanted bool) (*datahub.Client, error) {
	client, err := w.client(ctx)
	if err == nil {
		return client, nil
	}
	flags := w.global.server + w.global.tokenFile + w.global.as
	if flags != "" || failure.KindOf(err) == failure.Interrupted {
		return nil, err
	}
	if wanted {
		w.notice("no server is asked what has become of the tokens: %s", failure.Of(err).Message)
	}
	return nil, nil
}

// choose are the records that the flags select, in the order they ask for.
func (o *listOptions) choose(ctx context.Context, w *world, client *datahub.Client, all []keyring.Record) ([]keyring.Record, error) {
	if o.scope.all {
		return nil, failure.New(failure.Usage, "--all and --stored exclude each other").
			WithHint("--stored shows everything that is kept here; --owner, --actor and --user pick from it")
	}
	order, selection, err := o.parse(w.now())
	if err != nil {
		return nil, err
	}
	if selection.NeedsAll() {
		return nil, failure.New(failure.Usage, "--superseded-for and --stored exclude each other").
			WithHint("the keyring does not know all tokens; leave --stored away to ask the server")
	}
	scope, err := o.scope.named(func() (datahub.URN, error) {
		if client == nil {
			return "", failure.New(failure.Usage, "without a server nobody knows who “me” is").WithHint("name the user")
		}
		return client.Caller(ctx)
	})
	if err != nil {
		return nil, err
	}
	byID := map[string]keyring.Record{}
	var tokens []datahub.Token
	for _, record := range all {
		byID[record.ID] = record
		if token := lifecycle.TokenOf(record); scope.Matches(token) && selection.Matches(token, w.now()) {
			tokens = append(tokens, token)
		}
	}
	order.Sort(tokens, o.reverse)
	chosen := make([]keyring.Record, len(tokens))
	for i, token := range tokens {
		chosen[i] = byID[token.ID]
	}
	return chosen, nil
}

// takeInventory finds out what has become of stored tokens.
func (w *world) takeInventory(ctx context.Context, client *datahub.Client, stored []keyring.Record) ([]lifecycle.Held, error) {
	ring, err := w.quietKeyring()
	if err != nil {
		return nil, err
	}
	inventory := lifecycle.Inventory{
		Client: client, Secret: ring.Get, Now: w.now(),
		Notice: func(text string) { w.notice("%s", text) },
	}
	return inventory.Take(ctx, stored)
}

// showStored lists the tokens and says how many there are.
func (w *world) showStored(out render.Output, client *datahub.Client, held []lifecycle.Held, limit int) error {
	tokens := make([]tokenRecord, len(held))
	count := storedTally{}
	for i, one := range held {
		tokens[i] = recordOf(one.Token, one.State != lifecycle.SecretDeleted, w.now())
		count.count(tokens[i].Status, one.State)
	}
	shortenIDs(tokens)
	if limit > 0 && limit < len(held) {
		tokens, count.shown = tokens[:limit], limit
	}
	records := make([]storedRecord, len(tokens))
	for i, token := range tokens {
		records[i] = storedRecord{token, held[i].Server, held[i].State}
	}
	var caller datahub.URN
	if client != nil {
		claims, _ := client.Claims()
		caller = claims.Actor
	}
	view := storedView(tokenView(tokens, caller, out, w.now()))
	if err := view.Write(w.Stdout(), out, records); err != nil {
		return err
	}
	count.tell(w)
	return nil
}
