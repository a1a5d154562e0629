package mockhub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
)

// conformance is a fact about DataHub and how to see it: what is asked, and what must hold of the answer, on the
// releases from since until (not on it). Its source names the section of the facts, or the issue or source file of
// DataHub or graphql-java.
type conformance struct {
	source, name string
	since, until string
	options      mockhub.Options
	ask          func(*scene) reply
	want         []check
}

// check is what must hold of an answer.
type check func(*scene, reply) error

// scene is a hub of one release with somebody talking to it.
type scene struct {
	*mockhub.Server
	t       *testing.T
	release release.Release
	id      string // of the token that the case is about, where it is about one
	secret  string
}

func TestConformance(t *testing.T) {
	for _, r := range release.All() {
		t.Run(r.String(), func(t *testing.T) {
			t.Parallel()
			for _, c := range cases {
				if c.appliesTo(t, r) {
					t.Run(c.name, func(t *testing.T) { c.run(t, r) })
				}
			}
		})
	}
}

// Every case names where it comes from, is seen on some release, and can fail.
func TestConformanceCasesAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, c := range cases {
		seen := false
		for _, r := range release.All() {
			seen = seen || c.appliesTo(t, r)
		}
		if c.source == "" || !seen || len(c.want) == 0 || names[c.name] {
			t.Errorf("%q: source %q, seen %v, %d checks, named before %v", c.name, c.source, seen, len(c.want), names[c.name])
		}
		names[c.name] = true
	}
}

func (c conformance) appliesTo(t *testing.T, r release.Release) bool {
	t.Helper()
	return (c.since == "" || r.Compare(parsed(t, c.since)) >= 0) && (c.until == "" || r.Compare(parsed(t, c.until)) < 0)
}

func parsed(t *testing.T, name string) release.Release {
	t.Helper()
	r, err := release.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c conformance) run(t *testing.T, r release.Release) {
	o := c.options
	o.Release = r.String()
	if o.Clock == nil {
		o.Clock = fixed()
	}
	s := &scene{Server: mockhub.Start(t, o), t: t, release: r}
	answer := c.ask(s)
	for i, holds := range c.want {
		if err := holds(s, answer); err != nil {
			t.Errorf("check %d (%s): %v\nin %d %s", i+1, c.source, err, answer.status, answer.body)
		}
	}
}

// as is a client of a user.
func (s *scene) as(user string) *client { s.t.Helper(); return as(s.t, s.Server, user) }

// token makes a token for a user and remembers it as the one the case is about.
func (s *scene) token(user, name string, length time.Duration) *scene {
	s.t.Helper()
	s.secret, s.id = s.Issue(user, name, length)
	return s
}

// own is a client whose credential is the token.
func (s *scene) own() *client { return with(s.t, s.Server, s.secret) }

// must ends the test at an error.
func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// asking is a case's question that needs nothing prepared.
func asking(user, query string, v vars) func(*scene) reply {
	return func(s *scene) reply { return s.as(user).ask(query, v) }
}

// ok holds where nothing went wrong.
func ok(_ *scene, r reply) error {
	if r.status != http.StatusOK || len(r.Errors) > 0 || r.Data == nil {
		return fmt.Errorf("not answered well")
	}
	return nil
}

func status(want int) check {
	return func(_ *scene, r reply) error { return differ("status", r.status, want) }
}

// fails holds where the first error is this one; a code of 0 is none. The message is what the client sees from the
// release on that shows it, hidden before.
func fails(code float64, message string) check {
	return func(_ *scene, r reply) error {
		got, gotCode, _ := r.failure()
		return first(differ("status", r.status, 200), differ("message", got, message), differ("code", gotCode, code))
	}
}

// failsInside holds where an unexpected failure is shown as the release shows it: hidden, its own message, or with the
// messages of its causes.
func failsInside(message string, causes ...string) check {
	return func(s *scene, r reply) error {
		want := "An unknown error occurred."
		if s.release.AtLeast(1, 3, 0) {
			want = "java.lang.RuntimeException: " + message
		}
		if s.release.AtLeast(1, 4, 0) {
			want += ". Root cause: " + strings.Join(append([]string{message}, causes...), ". ")
		}
		return fails(500, want)(s, r)
	}
}

// invalid holds where the document or its variables were refused with these words.
func invalid(message string) check {
	return func(s *scene, r reply) error {
		_, _, class := r.failure()
		return first(fails(0, message)(s, r), differ("classification", class, "ValidationError"), dataIs("null")(s, r))
	}
}

var notAllowed = fails(403, "Unauthorized to perform this action. Please contact your DataHub administrator.")

func classified(want string) check {
	return func(_ *scene, r reply) error {
		_, _, got := r.failure()
		return differ("classification", got, want)
	}
}

// dataIs holds where data is exactly this text.
func dataIs(text string) check {
	return func(_ *scene, r reply) error {
		var raw struct{ Data, Extensions json.RawMessage }
		if err := json.Unmarshal([]byte(r.body), &raw); err != nil {
			return err
		}
		return first(differ("data", string(raw.Data), text), differ("extensions", string(raw.Extensions), "{}"))
	}
}

// holds is what is found in data on the way down.
func holds(want any, way ...any) check {
	return func(_ *scene, r reply) error { return differ(fmt.Sprintf("%v", way), r.at(way...), want) }
}

// holdsText is holds for what a case only knows when it has run.
func holdsText(want func(*scene) string, way ...any) check {
	return func(s *scene, r reply) error { return differ(fmt.Sprintf("%v", way), r.at(way...), any(want(s))) }
}

func bodyIs(want string) check {
	return func(_ *scene, r reply) error { return differ("body", r.body, want) }
}

func bodyHas(parts ...string) check {
	return func(_ *scene, r reply) error {
		for _, part := range parts {
			if !strings.Contains(r.body, part) {
				return fmt.Errorf("no %q", part)
			}
		}
		return nil
	}
}

func header(name, want string) check {
	return func(_ *scene, r reply) error { return differ(name, r.header.Get(name), want) }
}

// names holds where a list has tokens of exactly these names, in this order.
func names(want ...string) check {
	return func(_ *scene, r reply) error {
		tokens, _ := r.at("listAccessTokens", "tokens").([]any)
		var got []string
		for i := range tokens {
			got = append(got, fmt.Sprint(r.at("listAccessTokens", "tokens", i, "name")))
		}
		return first(ok(nil, r), differ("names", strings.Join(got, " "), strings.Join(want, " ")))
	}
}

func total(want int) check { return holds(float64(want), "listAccessTokens", "total") }

func differ[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, want %v", what, got, want)
	}
	return nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
