package store

import "time"

// state is all there is in memory, rebuilt from the events.
type state struct {
	salt, key string
	users     map[string]*User  // by name
	names     []string          // of the users, in the order they came
	tokens    map[string]*Token // by id
	gone      map[string]grave  // revoked tokens, as long as somebody may still meet them
	index     index
	events    int // applied since the state was empty
}

// grave is a revoked token and when it went.
type grave struct {
	token *Token
	at    int64
}

func newState(salt, key string, lag time.Duration) *state {
	return &state{
		salt: salt, key: key,
		users: map[string]*User{}, tokens: map[string]*Token{}, gone: map[string]grave{},
		index: index{lag: lag.Milliseconds()},
	}
}

func (s *state) apply(e event) {
	s.events++
	switch {
	case e.User != nil:
		if s.users[e.User.Name] == nil {
			s.names = append(s.names, e.User.Name)
		}
		s.users[e.User.Name] = e.User
	case e.Token != nil:
		s.tokens[e.Token.ID] = e.Token
		s.index.add(e.Token, e.At)
	case e.Revoke != nil:
		if token := s.tokens[*e.Revoke]; token != nil {
			delete(s.tokens, token.ID)
			s.bury(token, e.At)
		}
	case e.Gone != nil:
		s.index.add(e.Gone, 0)
		s.bury(e.Gone, e.At)
	case e.Key != nil:
		s.key = *e.Key
	}
}

func (s *state) bury(token *Token, at int64) {
	s.gone[token.ID] = grave{token, at}
	s.index.remove(token, at)
}

// snapshot is the events that make this state, without what nobody can meet any more: tokens revoked before a time.
func (s *state) snapshot(forgetBefore int64) []event {
	var events []event
	for _, name := range s.names {
		events = append(events, event{User: s.users[name]})
	}
	for _, token := range s.tokens {
		events = append(events, event{At: token.CreatedAt, Token: token})
	}
	for _, g := range s.gone {
		if g.at >= forgetBefore {
			events = append(events, event{At: g.at, Gone: g.token})
		}
	}
	return events
}
