package mockhub

import (
	"context"
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// Service accounts are users named service_<uuid> (ServiceAccountUtils).
const accountPrefix = "service_"

// accountOf is a service account as the queries give it.
func accountOf(u *store.User) *serviceAccount {
	return &serviceAccount{
		Urn: u.URN(), Type: "CORP_USER", Name: strings.TrimPrefix(u.Name, accountPrefix),
		DisplayName: optionalText(u.DisplayName), Description: optionalText(u.Title),
	}
}

// mayManageAccounts refuses those who may not do that to service accounts.
func (h *Hub) mayManageAccounts(v store.View, caller, what string) error {
	if h.rightsOf(v, caller).canManageServiceAccounts() {
		return nil
	}
	return denied("Unauthorized to " + what + " service accounts." + administrator)
}

// CreateServiceAccount makes a service account (CreateServiceAccountResolver).
func (m *mutation) CreateServiceAccount(ctx context.Context, args inputArgs) (*serviceAccount, error) {
	caller := callOf(ctx).actor
	var made *store.User
	err := m.hub.store.Update(func(tx *store.Tx) error {
		if err := m.hub.mayManageAccounts(tx.View, caller, "create"); err != nil {
			return err
		}
		made = &store.User{
			Name: accountPrefix + token.UUID(), ServiceAccount: true,
			DisplayName: args.Input.text("displayName"), Title: args.Input.text("description"),
			CreatedBy: caller, CreatedAt: tx.Now().UnixMilli(),
		}
		tx.PutUser(made)
		return nil
	})
	if err != nil {
		return nil, err
	}
	account := accountOf(made)
	account.Name, account.CreatedBy, account.CreatedAt = made.Name, &caller, optionalLong(made.CreatedAt)
	return account, nil
}

// DeleteServiceAccount deletes a service account (DeleteServiceAccountResolver). Its tokens stay.
func (m *mutation) DeleteServiceAccount(ctx context.Context, args urnArgs) (bool, error) {
	err := m.hub.store.Update(func(tx *store.Tx) error {
		if err := m.hub.mayManageAccounts(tx.View, callOf(ctx).actor, "delete"); err != nil {
			return err
		}
		u := tx.Changed(store.EntityID(args.Urn))
		switch {
		case u == nil || u.URN() != args.Urn:
			return badRequest("Service account not found: %s", args.Urn)
		case !u.ServiceAccount:
			return noAccount(args.Urn)
		}
		u.Deleted = true
		tx.PutUser(u)
		return nil
	})
	return err == nil, err
}

func noAccount(urn string) error {
	return badRequest("The specified URN is not a service account: %s", urn)
}

// UpdateServiceAccountDefaultView clears a service account's view (UpdateServiceAccountDefaultViewResolver). There are
// no views here, so there is none to set.
func (m *mutation) UpdateServiceAccountDefaultView(ctx context.Context, args inputArgs) (bool, error) {
	urn, wanted := args.Input.text("urn"), args.Input.optional("defaultView")
	var err error
	viewed := m.hub.store.View(func(v store.View) {
		u := v.UserByURN(urn)
		switch {
		case !m.hub.rightsOf(v, callOf(ctx).actor).canManageServiceAccounts():
			err = denied("Unauthorized to manage service accounts." + administrator)
		case u == nil || !u.ServiceAccount:
			err = badRequest("URN %s is not a service account.", urn)
		case wanted != nil:
			err = badRequest("View %s does not exist.", *wanted)
		}
	})
	err = firstOf(viewed, err)
	return err == nil, err
}

// GetServiceAccount is a service account by URN, null where there is nobody (GetServiceAccountResolver).
func (q *query) GetServiceAccount(ctx context.Context, args urnArgs) (*serviceAccount, error) {
	var found *serviceAccount
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		if err = q.hub.mayManageAccounts(v, callOf(ctx).actor, "view"); err != nil {
			return
		}
		switch u := v.UserByURN(args.Urn); {
		case u == nil:
		case !u.ServiceAccount:
			err = noAccount(args.Urn)
		default:
			found = accountOf(u)
		}
	})
	return found, firstOf(viewed, err)
}

// ListServiceAccounts is a page of service accounts (ListServiceAccountsResolver).
func (q *query) ListServiceAccounts(ctx context.Context, args inputArgs) (*accountPage, error) {
	var page *accountPage
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		if err = q.hub.mayManageAccounts(v, callOf(ctx).actor, "list"); err == nil {
			page = accountsIn(v, args.Input)
		}
	})
	return page, firstOf(viewed, err)
}

func accountsIn(v store.View, in input) *accountPage {
	start, count, query := in.number("start", 0), in.number("count", 10), in.text("query")
	users := slices.DeleteFunc(v.Users(), func(u *store.User) bool { return !u.ServiceAccount || !mentions(u, query) })
	page := &accountPage{Start: int32(start), Count: int32(count), Total: int32(len(users))}
	from := min(max(start, 0), len(users))
	for _, u := range users[from:min(from+max(count, 0), len(users))] {
		page.ServiceAccounts = append(page.ServiceAccounts, accountOf(u))
	}
	return page
}

// mentions tells whether a search for these words finds the account: every word in its name or description.
func mentions(u *store.User, query string) bool {
	if query == "" || query == "*" {
		return true
	}
	text := strings.ToLower(u.Name + " " + u.DisplayName + " " + u.Title)
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, strings.Trim(word, "*")) {
			return false
		}
	}
	return true
}
