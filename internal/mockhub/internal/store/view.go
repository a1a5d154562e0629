package store

import (
	"slices"
	"time"
)

// View is the store at one moment.
type View struct{ state *state }

// Salt is what ids of tokens are salted with.
func (v View) Salt() string { return v.state.salt }

// Key is what tokens are signed with.
func (v View) Key() string { return v.state.key }

// User is the user with this name; nil where there is none.
func (v View) User(name string) *User {
	u := v.state.users[name]
	if u == nil || u.Deleted {
		return nil
	}
	return u
}

// UserByURN is the user with this URN; nil where there is none.
func (v View) UserByURN(urn string) *User {
	if u := v.User(EntityID(urn)); u != nil && u.URN() == urn {
		return u
	}
	return nil
}

// Users are all users in the order they came.
func (v View) Users() []*User {
	var users []*User
	for _, name := range v.state.names {
		if u := v.User(name); u != nil {
			users = append(users, u)
		}
	}
	return users
}

// Token is the token with this id; nil where there is none.
func (v View) Token(id string) *Token { return v.state.tokens[id] }

// Tokens is how many tokens there are.
func (v View) Tokens() int { return len(v.state.tokens) }

// RevokedAt tells when a token was revoked, if it is remembered.
func (v View) RevokedAt(id string) (time.Time, bool) {
	g, ok := v.state.gone[id]
	return time.UnixMilli(g.at), ok
}

// Find searches the index: the tokens from start on that fit (nil fits all), at most count, in the order of lists,
// and how many fit, counting no further than window. The index lags, so some of them may no longer exist.
func (v View) Find(fits func(*Token) bool, start, count, window int) (page []*Token, total int) {
	return v.state.index.find(fits, start, count, window)
}

// Tx is a change under way. Its own View shows what it puts only after it is kept.
type Tx struct {
	View
	at     int64
	events []event
}

// Now is the time of the change.
func (tx *Tx) Now() time.Time { return time.UnixMilli(tx.at) }

// PutUser stores a user, in place of the one with that name. The user must not be changed afterwards.
func (tx *Tx) PutUser(u *User) { tx.put(event{At: tx.at, User: u}) }

// PutToken stores a token. The token must not be changed afterwards.
func (tx *Tx) PutToken(t *Token) { tx.put(event{At: tx.at, Token: t}) }

// PutOldToken stores a token that the index has known since the token was created.
func (tx *Tx) PutOldToken(t *Token) { tx.put(event{At: t.CreatedAt, Token: t}) }

// Revoke removes a token.
func (tx *Tx) Revoke(id string) { tx.put(event{At: tx.at, Revoke: &id}) }

// SetKey changes the signing key.
func (tx *Tx) SetKey(key string) { tx.put(event{At: tx.at, Key: &key}) }

func (tx *Tx) put(e event) { tx.events = append(tx.events, e) }

func (tx *Tx) commit() {
	for _, e := range tx.events {
		tx.state.apply(e)
	}
}

// Changed is a copy of a user to be changed and put; nil where there is none.
func (tx *Tx) Changed(name string) *User {
	u := tx.User(name)
	if u == nil {
		return nil
	}
	c := *u
	c.Privileges = slices.Clone(u.Privileges)
	return &c
}
