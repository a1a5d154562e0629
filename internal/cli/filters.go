package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// scopeFlags say whose tokens are looked at.
type scopeFlags struct {
	all                   bool
	owners, actors, users []string
}

func (s *scopeFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&s.all, "all", false, "everybody's tokens, not only those you created (needs Manage All Access Tokens)")
	bindTexts(cmd, &s.owners, "owner", "those this user created: a name, a URN or me; repeatable")
	bindTexts(cmd, &s.actors, "actor", "those that represent this user; repeatable")
	bindTexts(cmd, &s.users, "user", "those this user created or that represent them; repeatable")
}

// scope is whose tokens are meant: the caller's own unless said otherwise.
func (s *scopeFlags) scope(ctx context.Context, client *datahub.Client) (datahub.Scope, error) {
	caller := func() (datahub.URN, error) { return client.Caller(ctx) }
	scope, err := s.named(caller)
	if err == nil && scope.Everybody() && !s.all {
		me, err := caller()
		return datahub.Scope{Owners: []datahub.URN{me}}, err
	}
	return scope, err
}

// people reports whether somebody's tokens are asked for by name.
func (s *scopeFlags) people() bool { return len(s.owners)+len(s.actors)+len(s.users) > 0 }

// named is the scope of --owner, --actor and --user.
func (s *scopeFlags) named(caller func() (datahub.URN, error)) (scope datahub.Scope, err error) {
	if scope.Owners, err = parseUsers(s.owners, caller); err != nil {
		return scope, err
	}
	if scope.Actors, err = parseUsers(s.actors, caller); err != nil {
		return scope, err
	}
	scope.Users, err = parseUsers(s.users, caller)
	return scope, err
}

func parseUsers(names []string, caller func() (datahub.URN, error)) ([]datahub.URN, error) {
	var urns []datahub.URN
	for _, name := range names {
		urn, err := parseUser(name, caller)
		if err != nil {
			return nil, err
		}
		urns = append(urns, urn)
	}
	return urns, nil
}

func parseUser(name string, caller func() (datahub.URN, error)) (datahub.URN, error) {
	if name == "me" {
		return caller()
	}
	return datahub.ParseUser(name)
}

// selectionFlags pick among the tokens in scope.
type selectionFlags struct {
	name                                    string
	expired, neverExpires                   bool
	expiringWithin                          string
	createdBefore, createdAfter, endsBefore string
	supersededFor                           string
}

// filled is a flag's text that is not empty: a condition whose variable happens
// to be unset in a script must not become no condition.
type filled string

// String is the text.
func (t *filled) String() string { return string(*t) }

// Type is what help calls it.
func (t *filled) Type() string { return "string" }

// Set takes the text, unless it is empty.
func (t *filled) Set(text string) error {
	if text == "" {
		return errors.New("it is empty")
	}
	*t = filled(text)
	return nil
}

func (s *selectionFlags) bind(cmd *cobra.Command, nameFlag string) {
	f := cmd.Flags()
	f.Var((*filled)(&s.name), nameFlag, "those with this name; * stands for any text, ? for one character")
	f.BoolVar(&s.expired, "expired", false, "those that have ended")
	f.Var((*filled)(&s.expiringWithin), "expiring-within", "those that end within this time, such as 7d, and have not yet")
	f.BoolVar(&s.neverExpires, "never-expires", false, "those without an end")
	f.Var((*filled)(&s.createdBefore), "created-before", "those created before: 90d ago, 2026-11-22 or RFC 3339")
	f.Var((*filled)(&s.createdAfter), "created-after", "those created after")
	f.Var((*filled)(&s.endsBefore), "ends-before", "those that end before: in 90d, 2026-11-22 or RFC 3339")
	f.Var((*filled)(&s.supersededFor), "superseded-for", "those of which there has been, for this time, a newer active one with the same name, actor and owner")
}

// given reports whether there is a condition.
func (s *selectionFlags) given() bool { return *s != selectionFlags{} }

// ends is how many conditions on the end there are.
func (s *selectionFlags) ends() int {
	count := 0
	for _, given := range []bool{s.expired, s.neverExpires, s.expiringWithin != ""} {
		if given {
			count++
		}
	}
	return count
}

// selection is what the flags select at the moment now.
func (s *selectionFlags) selection(now time.Time) (datahub.Selection, error) {
	selected := datahub.Selection{Name: s.name, Expired: s.expired, NeverExpires: s.neverExpires}
	if s.ends() > 1 {
		return selected, failure.New(failure.Usage, "--expired, --expiring-within and --never-expires exclude each other").WithHint("give one of them")
	}
	lengths := []struct {
		flag, text string
		into       *time.Duration
	}{
		{"--expiring-within", s.expiringWithin, &selected.ExpiringWithin},
		{"--superseded-for", s.supersededFor, &selected.SupersededFor},
	}
	for _, l := range lengths {
		if l.text == "" {
			continue
		}
		length, err := datahub.ParseLength(l.text)
		if err != nil {
			return selected, aboutFlag(l.flag, err)
		}
		*l.into = length
	}
	return selected, s.moments(now, &selected)
}

// moments reads the conditions on times.
func (s *selectionFlags) moments(now time.Time, selected *datahub.Selection) error {
	moments := []struct {
		flag, text string
		direction  datahub.Direction
		into       *time.Time
	}{
		{"--created-before", s.createdBefore, datahub.Ago, &selected.CreatedBefore},
		{"--created-after", s.createdAfter, datahub.Ago, &selected.CreatedAfter},
		{"--ends-before", s.endsBefore, datahub.FromNow, &selected.EndsBefore},
	}
	for _, m := range moments {
		if m.text == "" {
			continue
		}
		moment, err := datahub.ParseMoment(m.text, now, m.direction)
		if err != nil {
			return aboutFlag(m.flag, err)
		}
		*m.into = moment
	}
	return nil
}

// aboutFlag says which flag a failure is about.
func aboutFlag(flag string, err error) error {
	told := *failure.Of(err)
	told.Message = flag + ": " + told.Message
	return &told
}
