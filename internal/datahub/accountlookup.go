package datahub

import (
	"context"
	"fmt"
	"strings"

	"github.com/datahub-pat/pat/internal/datahub/gql"
	"github.com/datahub-pat/pat/internal/failure"
)

// ListServiceAccounts is every service account that the server's search index
// has, once each. A list that could not be had complete is a failure.
func (c *Client) ListServiceAccounts(ctx context.Context) ([]ServiceAccount, error) {
	for range maxReadings {
		accounts, steady, err := c.readAccounts(ctx)
		if err != nil || steady {
			return accounts, err
		}
	}
	return nil, &failure.Error{
		Kind:    failure.Unavailable,
		Message: fmt.Sprintf("the list of service accounts changed each of the %d times it was read: it could not be had complete", maxReadings),
		Hint:    "try again when fewer come and go",
	}
}

// accountPage is one answer to a list request. size is the page size the server
// used; there may be fewer accounts: those that are gone from the store are left
// out though total counts them.
type accountPage struct {
	size, total int
	accounts    []ServiceAccount
}

// readAccounts reads all pages once, each beginning with the account that the
// one before ended with. It is not steady if one of them shows that accounts
// came or went meanwhile.
func (c *Client) readAccounts(ctx context.Context) (accounts []ServiceAccount, steady bool, err error) {
	seen := map[URN]bool{}
	var last accountPage
	for start := 0; ; start += last.size - 1 {
		next, err := c.accountPage(ctx, start)
		if err != nil || (start > 0 && !next.follows(last)) {
			return nil, false, err
		}
		for _, account := range next.accounts {
			if !seen[account.URN] {
				seen[account.URN] = true
				accounts = append(accounts, account)
			}
		}
		if start+next.size >= next.total {
			return accounts, true, nil
		}
		last = next
	}
}

// follows reports whether p begins with the account that the page before ended
// with, as far as that can be told: where a page is shorter than its size, the
// account may be one that was left out.
func (p accountPage) follows(before accountPage) bool {
	switch {
	case p.total != before.total:
		return false
	case len(before.accounts) < before.size || len(p.accounts) == 0:
		return true
	}
	return p.accounts[0].URN == before.accounts[len(before.accounts)-1].URN
}

// check refuses a page with which the list could not be had complete.
func (p accountPage) check() error {
	switch {
	case p.total >= window:
		return failure.New(failure.Unavailable, "cannot list service accounts: there are %d or more, which is as far as the server's search can be read", window)
	case p.size <= 1 && p.size < p.total:
		return failure.New(failure.Unavailable, "cannot list service accounts: the server answers in pages of %d", p.size)
	}
	return nil
}

func (c *Client) accountPage(ctx context.Context, start int) (accountPage, error) {
	count := defaultPageSize
	answer, err := gql.ListServiceAccounts(ctx, c.requests, gql.ListServiceAccountsInput{Start: &start, Count: &count})
	if err != nil {
		return accountPage{}, c.explainAccounts("cannot list service accounts", err)
	}
	p := accountPage{size: answer.ListServiceAccounts.Count, total: answer.ListServiceAccounts.Total}
	for _, fields := range answer.ListServiceAccounts.ServiceAccounts {
		p.accounts = append(p.accounts, accountFrom(fields))
	}
	return p, p.check()
}

// ServiceAccount is the one that a word means: its id, see
// [ParseServiceAccountID], or its exact name.
func (c *Client) ServiceAccount(ctx context.Context, word string) (ServiceAccount, error) {
	urn, isID := ParseServiceAccountID(word)
	if !isID {
		return c.accountCalled(ctx, strings.TrimSpace(word))
	}
	answer, err := gql.ServiceAccount(ctx, c.requests, string(urn))
	switch {
	case err != nil:
		return ServiceAccount{}, c.explainAccounts("cannot look up the service account", err)
	case answer.GetServiceAccount == nil:
		return ServiceAccount{}, noSuchAccount(word, "")
	}
	return accountFrom(*answer.GetServiceAccount), nil
}

// ServiceAccountURN is the URN of the service account that a word means. Only
// for a name the server is asked.
func (c *Client) ServiceAccountURN(ctx context.Context, word string) (URN, error) {
	if urn, isID := ParseServiceAccountID(word); isID {
		return urn, nil
	}
	account, err := c.accountCalled(ctx, strings.TrimSpace(word))
	return account.URN, err
}

// accountCalled is the one service account with exactly that name.
func (c *Client) accountCalled(ctx context.Context, name string) (ServiceAccount, error) {
	all, err := c.ListServiceAccounts(ctx)
	if err != nil {
		return ServiceAccount{}, err
	}
	var found []ServiceAccount
	for _, account := range all {
		if account.DisplayName == name || account.ID() == name {
			found = append(found, account)
		}
	}
	switch len(found) {
	case 0:
		return ServiceAccount{}, noSuchAccount(name, "")
	case 1:
		return found[0], nil
	}
	ids := make([]string, len(found))
	for i, account := range found {
		ids[i] = account.ID()
	}
	return ServiceAccount{}, failure.New(failure.Ambiguous, "%d service accounts are called %q: %s", len(found), name, strings.Join(ids, ", ")).
		WithHint("name the one you mean by its id")
}
