package mockhub

import (
	"errors"
	"fmt"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// The privileges that matter to tokens, as DataHub's policies name them.
const (
	GeneratePersonalAccessTokens = "GENERATE_PERSONAL_ACCESS_TOKENS"
	ManageAccessTokens           = "MANAGE_ACCESS_TOKENS"
	ManageServiceAccounts        = "MANAGE_SERVICE_ACCOUNTS"
	ManagePolicies               = "MANAGE_POLICIES"
	ManageUsersAndGroups         = "MANAGE_USERS_AND_GROUPS"
	ViewAnalytics                = "VIEW_ANALYTICS"
)

// allPrivileges are what the root user datahub has.
var allPrivileges = []string{
	GeneratePersonalAccessTokens, ManageAccessTokens, ManageServiceAccounts,
	ManagePolicies, ManageUsersAndGroups, ViewAnalytics,
}

// sessionLength is how long a session token lives (SESSION_TOKEN_DURATION_MS).
const sessionLength = 24 * time.Hour

// User is somebody to be added.
type User struct {
	Name        string // jdoe of urn:li:corpuser:jdoe
	Password    string // empty: the name
	DisplayName string
	FullName    string
	Email       string
	Privileges  []string
}

// AddUser adds a user, or changes the one of that name. Privileges given here act at once.
func (h *Hub) AddUser(u User) error {
	if u.Name == "" {
		return errors.New("a user needs a name")
	}
	return h.store.Update(func(tx *store.Tx) error {
		tx.PutUser(newUser(u))
		return nil
	})
}

func newUser(u User) *store.User {
	made := &store.User{
		Name: u.Name, Password: u.Password, DisplayName: u.DisplayName, FullName: u.FullName, Email: u.Email,
	}
	if made.Password == "" {
		made.Password = u.Name
	}
	for _, p := range u.Privileges {
		made.Privileges = append(made.Privileges, store.Change{Privilege: p, Granted: true})
	}
	return made
}

// Suspend suspends a user. The user's tokens stay, but from 0.15 on they no longer let anybody in. Before that a user
// has no status to tell by, and is made inactive.
func (h *Hub) Suspend(name string) error {
	return h.changeUser(name, func(_ time.Time, u *store.User) {
		u.Suspended, u.Inactive = h.release.AtLeast(0, 15, 0), h.release.Before(0, 15, 0)
	})
}

// Resume ends a suspension.
func (h *Hub) Resume(name string) error {
	return h.changeUser(name, func(_ time.Time, u *store.User) { u.Suspended, u.Inactive = false, false })
}

// SoftDelete removes a user as the web interface does: the user's tokens stay, the user still exists.
func (h *Hub) SoftDelete(name string) error {
	return h.changeUser(name, func(_ time.Time, u *store.User) { u.Removed = true })
}

// RemoveUser deletes a user without a trace. The user's tokens stay, as they do on the server.
func (h *Hub) RemoveUser(name string) error {
	return h.changeUser(name, func(_ time.Time, u *store.User) { u.Deleted = true })
}

// Users are the users there are, service accounts not among them, with their passwords and what they may do now.
func (h *Hub) Users() ([]User, error) {
	var users []User
	err := h.store.View(func(v store.View) {
		for _, u := range v.Users() {
			if !u.ServiceAccount {
				users = append(users, h.shown(u))
			}
		}
	})
	return users, err
}

func (h *Hub) shown(u *store.User) User {
	s := User{Name: u.Name, Password: u.Password, DisplayName: u.DisplayName, FullName: u.FullName, Email: u.Email}
	for _, p := range allPrivileges {
		if u.Has(p, h.now()) {
			s.Privileges = append(s.Privileges, p)
		}
	}
	return s
}

// Grant gives a user a privilege, which acts after the hub's PrivilegeLag.
func (h *Hub) Grant(name, privilege string) error {
	return h.changeUser(name, func(at time.Time, u *store.User) {
		u.Privileges = append(u.Privileges, store.Change{Privilege: privilege, Granted: true, At: at.UnixMilli()})
	})
}

// Withdraw takes a privilege from a user, which acts after the hub's PrivilegeLag.
func (h *Hub) Withdraw(name, privilege string) error {
	return h.changeUser(name, func(at time.Time, u *store.User) {
		u.Privileges = append(u.Privileges, store.Change{Privilege: privilege, At: at.UnixMilli()})
	})
}

func (h *Hub) changeUser(name string, change func(time.Time, *store.User)) error {
	return h.store.Update(func(tx *store.Tx) error {
		u := tx.Changed(name)
		if u == nil {
			return fmt.Errorf("no user %q", name)
		}
		change(tx.Now(), u)
		tx.PutUser(u)
		return nil
	})
}

// RotateSigningKey makes every token issued so far invalid.
func (h *Hub) RotateSigningKey() error {
	return h.store.Update(func(tx *store.Tx) error {
		tx.SetKey(token.UUID())
		return nil
	})
}

// SignIn gives a session token for a user: what a sign-in at the frontend ends in, and a credential at GMS.
func (h *Hub) SignIn(user string) (string, error) {
	var secret string
	var err error
	viewed := h.store.View(func(v store.View) {
		if u := v.User(user); u == nil {
			err = fmt.Errorf("no user %q", user)
			return
		}
		secret, err = token.Sign(token.NewClaims(token.Session, token.Stateless, user, h.now().Add(sessionLength)), []byte(v.Key()))
	})
	return secret, errors.Join(viewed, err)
}

// Issue makes a personal access token for a user, who also owns it, whatever the user's privileges and the release's
// durations are. A length of 0 never ends. It gives the secret and the id.
func (h *Hub) Issue(user, name string, length time.Duration) (secret, id string, err error) {
	urn := store.UserURN + user
	err = h.store.Update(func(tx *store.Tx) error {
		var made *store.Token
		secret, made, err = issue(tx, order{kind: token.Personal, actor: urn, owner: urn, name: name, length: length})
		if err == nil {
			id = made.ID
		}
		return err
	})
	return secret, id, err
}

// order is what is asked of issue. A length of 0 is never.
type order struct {
	kind, actor, owner, name string
	description              *string
	length                   time.Duration
}

// issue signs a token and stores it.
func issue(tx *store.Tx, o order) (string, *store.Token, error) {
	made := &store.Token{
		Name: o.name, Description: o.description, OwnerURN: o.owner,
		ActorURN: store.UserURN + store.EntityID(o.actor), CreatedAt: tx.Now().UnixMilli(),
	}
	var end time.Time
	if o.length > 0 {
		end = tx.Now().Add(o.length)
		made.ExpiresAt = end.UnixMilli()
	}
	secret, err := token.Sign(token.NewClaims(o.kind, token.Stateful, store.EntityID(o.actor), end), []byte(tx.Key()))
	if err != nil {
		return "", nil, err
	}
	made.ID = token.ID(secret, tx.Salt())
	tx.PutToken(made)
	return secret, made, nil
}
