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

// serviceAccount is the type ServiceAccount. What createServiceAccount returns is not what the queries return: it has
// the full name, who made it and when.
type serviceAccount struct {
	user    *store.User
	created bool
}

func (a *serviceAccount) Urn() string          { return a.user.URN() }
func (a *serviceAccount) Type() string         { return "CORP_USER" }
func (a *serviceAccount) DisplayName() *string { return optionalText(a.user.DisplayName) }
func (a *serviceAccount) Description() *string { return optionalText(a.user.Title) }
func (a *serviceAccount) UpdatedAt() *long     { return nil }
func (a *serviceAccount) DefaultView() *view   { return nil }

func (a *serviceAccount) Relationships(inputArgs) *relationships { return &relationships{} }

// view is the type DataHubView, of which there are none.
type view struct{}

func (*view) Urn() string  { return "" }
func (*view) Type() string { return "DATAHUB_VIEW" }

func (a *serviceAccount) Name() string {
	if a.created {
		return a.user.Name
	}
	return strings.TrimPrefix(a.user.Name, accountPrefix)
}

func (a *serviceAccount) CreatedBy() *string {
	if !a.created {
		return nil
	}
	return optionalText(a.user.CreatedBy)
}

func (a *serviceAccount) CreatedAt() *long {
	if !a.created {
		return nil
	}
	return optionalLong(a.user.CreatedAt)
}

// accountPage is the type ListServiceAccountsResult.
type accountPage struct {
	start, count, total int
	accounts            []*serviceAccount
}

func (p *accountPage) Start() int32                       { return int32(p.start) }
func (p *accountPage) Count() int32                       { return int32(p.count) }
func (p *accountPage) Total() int32                       { return int32(p.total) }
func (p *accountPage) ServiceAccounts() []*serviceAccount { return p.accounts }

// mayManageAccounts refuses those who may not do that to service accounts.
func (h *Hub) mayManageAccounts(v store.View, caller, what string) error {
	if h.rightsOf(v, caller).canManageServiceAccounts() {
		return nil
	}
	return denied("Unauthorized to " + what + " service accounts." + administrator)
}

// createServiceAccount (CreateServiceAccountResolver)

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
	return &serviceAccount{made, true}, err
}

// deleteServiceAccount (DeleteServiceAccountResolver): the tokens stay.

func (m *mutation) DeleteServiceAccount(ctx context.Context, args urnArgs) (bool, error) {
	urn := args.Urn
	err := m.hub.store.Update(func(tx *store.Tx) error {
		if err := m.hub.mayManageAccounts(tx.View, callOf(ctx).actor, "delete"); err != nil {
			return err
		}
		u := tx.Changed(store.EntityID(urn))
		switch {
		case u == nil || u.URN() != urn:
			return badRequest("Service account not found: %s", urn)
		case !u.ServiceAccount:
			return badRequest("The specified URN is not a service account: %s", urn)
		}
		u.Deleted = true
		tx.PutUser(u)
		return nil
	})
	return err == nil, err
}

// updateServiceAccountDefaultView (UpdateServiceAccountDefaultViewResolver): there are no views here, so there is only
// none to set.

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

// getServiceAccount (GetServiceAccountResolver)

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
			err = badRequest("The specified URN is not a service account: %s", args.Urn)
		default:
			found = &serviceAccount{user: u}
		}
	})
	return found, firstOf(viewed, err)
}

// listServiceAccounts (ListServiceAccountsResolver)

func (q *query) ListServiceAccounts(ctx context.Context, args inputArgs) (*accountPage, error) {
	page := &accountPage{start: args.Input.number("start", 0), count: args.Input.number("count", 10)}
	var err error
	viewed := q.hub.store.View(func(v store.View) {
		if err = q.hub.mayManageAccounts(v, callOf(ctx).actor, "list"); err == nil {
			page.fill(v.Users(), args.Input.text("query"))
		}
	})
	return page, firstOf(viewed, err)
}

func (p *accountPage) fill(users []*store.User, query string) {
	users = slices.DeleteFunc(users, func(u *store.User) bool { return !u.ServiceAccount || !mentions(u, query) })
	p.total = len(users)
	from := min(max(p.start, 0), len(users))
	to := min(from+max(p.count, 0), len(users))
	for _, u := range users[from:to] {
		p.accounts = append(p.accounts, &serviceAccount{user: u})
	}
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
