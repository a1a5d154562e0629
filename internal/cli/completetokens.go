package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/completion"
	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/session"
)

// tokens offers the tokens of this machine and of the server, as far as the
// command's flags let it look.
func tokens(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	return b.tokenOffers(b.w.tokensAround(ctx, b.scope())), cobra.ShellCompDirectiveNoFileComp
}

// keptTokens offers the tokens of the keyring's index: those for the server in
// use, if there are any.
func keptTokens(_ context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	return b.tokenOffers(tokensOf(b.w.keptNearby())), cobra.ShellCompDirectiveNoFileComp
}

// execWords offers a token for exec, and leaves the command behind -- to the
// shell.
func execWords(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	if slices.Contains(b.w.typed[:len(b.w.typed)-1], "--") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return only(1, keptTokens)(ctx, b)
}

// tokenNames offers the names of tokens, for a selection by name.
func tokenNames(ctx context.Context, b blank) ([]completion.Offer, cobra.ShellCompDirective) {
	count := map[string]int{}
	for _, token := range b.w.tokensAround(ctx, b.scope()) {
		count[token.Name]++
	}
	var offers []completion.Offer
	for name, tokens := range count {
		if completion.Plain(name) {
			offers = append(offers, completion.Offer{Value: name, Description: counted(tokens, "token", "tokens")})
		}
	}
	sortOffers(offers)
	return offers, cobra.ShellCompDirectiveNoFileComp
}

func sortOffers(offers []completion.Offer) {
	slices.SortFunc(offers, func(a, b completion.Offer) int { return strings.Compare(a.Value, b.Value) })
}

// scope is what the flags typed so far say of whose tokens are looked at.
func (b blank) scope() scopeFlags {
	var s scopeFlags
	flags := b.cmd.Flags()
	s.all, _ = flags.GetBool("all")
	s.owners = textsOf(flags.Lookup("owner"))
	s.actors = textsOf(flags.Lookup("actor"))
	s.users = textsOf(flags.Lookup("user"))
	return s
}

// tokenOffers are tokens by their names, or by their ids where the name would not
// do: it is another's too, or nothing for a shell, or the id is being typed.
func (b blank) tokenOffers(all []datahub.Token) []completion.Offer {
	named := map[string]int{}
	for _, token := range all {
		named[token.Name]++
	}
	var offers []completion.Offer
	for _, token := range all {
		if slices.Contains(b.args, token.ID) {
			continue
		}
		facts := whoseUntil(token, b.w.now())
		usable := completion.Plain(token.Name) && named[token.Name] == 1
		switch {
		case usable && (strings.HasPrefix(token.Name, b.begun) || !strings.HasPrefix(token.ID, b.begun)):
			offers = append(offers, completion.Offer{Value: token.Name, Description: facts})
		case isTokenID(token.ID):
			offers = append(offers, completion.Offer{Value: token.ID, Description: token.Name + ": " + facts})
		}
	}
	sortOffers(offers)
	return offers
}

// isTokenID reports whether an entry is known by its token's id, which has
// nothing that a shell could misunderstand.
func isTokenID(id string) bool {
	_, full := datahub.ParseTokenID(id)
	return full
}

// whoseUntil says whom a token represents and when it ends.
func whoseUntil(token datahub.Token, now time.Time) string {
	end := momentOrNull(token.ExpiresAt)
	switch {
	case end == nil:
		return token.Actor.Username() + ", never ends"
	case end.After(now):
		return token.Actor.Username() + ", ends " + untilOrNever(end, now)
	}
	return token.Actor.Username() + ", ended " + untilOrNever(end, now)
}

// keptNearby are the entries of the keyring's index for the server in use, or
// all where the index has none for it.
func (w *world) keptNearby() []keyring.Record {
	if here := w.keptHere(); len(here) > 0 || w.serverGiven() {
		return here
	}
	everywhere, err := w.everywhere()
	if err != nil {
		return nil
	}
	return everywhere.stored
}

// keptHere are the entries of the keyring's index for the server in use, or all
// where there is none. The keyring itself is not asked.
func (w *world) keptHere() []keyring.Record {
	all, err := w.everywhere()
	if err != nil {
		return nil
	}
	server, err := session.Server(w.sources())
	if err != nil {
		return all.stored
	}
	return lifecycle.OfServer(all.stored, server)
}

func tokensOf(records []keyring.Record) []datahub.Token {
	tokens := make([]datahub.Token, len(records))
	for i, record := range records {
		tokens[i] = lifecycle.TokenOf(record)
	}
	return tokens
}

// tokensAround are the tokens of the keyring's index for the server in use, and
// those that the server tells of in time: those of the first scope that the
// caller may see.
func (w *world) tokensAround(ctx context.Context, scopes ...scopeFlags) []datahub.Token {
	all := tokensOf(w.keptHere())
	seen := map[string]bool{}
	for _, token := range all {
		seen[token.ID] = true
	}
	add := func(token datahub.Token) error {
		if !seen[token.ID] {
			seen[token.ID] = true
			all = append(all, token)
		}
		return nil
	}
	w.askInTime(ctx, func(ctx context.Context, client *datahub.Client) error {
		for _, scope := range scopes {
			where, err := scope.scope(ctx, client)
			if err == nil {
				err = client.Each(ctx, where, add)
			}
			if failure.KindOf(err) != failure.Forbidden {
				break
			}
		}
		return nil
	})
	return all
}

// askInTime asks the server in use, if there is one, for as long as a shell may
// wait. What came by then counts; what went wrong does not.
func (w *world) askInTime(ctx context.Context, ask func(context.Context, *datahub.Client) error) {
	limit := w.completionTime()
	if limit == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	client, err := w.client(ctx)
	if err == nil {
		_ = ask(ctx, client)
	}
}
