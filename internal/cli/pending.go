package cli

import (
	"slices"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/journal"
)

// withPending adds to the tokens in a scope those that were created on this
// machine just now and that the server's search index does not show yet: their
// ids are pending.
func (w *world) withPending(server datahub.Address, scope datahub.Scope, tokens []datahub.Token) (all []datahub.Token, pending map[string]bool, err error) {
	issued, err := w.issuedJustNow(server)
	pending = map[string]bool{}
	for _, token := range missingAmong(issued, tokens) {
		if scope.Matches(token) {
			pending[token.ID] = true
			tokens = append(tokens, token)
		}
	}
	return tokens, pending, err
}

// missingAmong are the issued tokens that are not among those that the search
// index shows.
func missingAmong(issued, shown []datahub.Token) []datahub.Token {
	ids := map[string]bool{}
	for _, token := range shown {
		ids[token.ID] = true
	}
	var missing []datahub.Token
	for _, token := range issued {
		if !ids[token.ID] {
			missing = append(missing, token)
		}
	}
	return missing
}

// issuedJustNow are the tokens that were created on this machine for the server
// so lately that its search index may not show them.
func (w *world) issuedJustNow(server datahub.Address) ([]datahub.Token, error) {
	records, err := w.journalRecords()
	if err != nil {
		return nil, err
	}
	var tokens []datahub.Token
	here, _ := splitByServer(records, server)
	for _, r := range here {
		if r.State == journal.Delivered {
			tokens = append(tokens, datahub.Token{
				ID: r.ID, Name: r.Name, Actor: datahub.URN(r.Actor), Owner: datahub.URN(r.Owner),
				CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Mark: r.Mark,
			})
		}
	}
	return tokens, nil
}

// forgetPending lets `pat list` no longer show tokens as ones that are yet to
// appear.
func (w *world) forgetPending(ids ...string) {
	written, err := w.journal()
	if err == nil {
		err = written.Forget(w.now(), func(r journal.Record) bool { return r.State == journal.Delivered && slices.Contains(ids, r.ID) })
	}
	if err != nil {
		w.notice("%v", err)
	}
}
