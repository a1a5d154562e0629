package datahub

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/Khan/genqlient/graphql"
	"golang.org/x/sync/errgroup"

	"github.com/datahub-pat/pat/internal/datahub/gql"
)

// usersAtOnce is how many users one request asks for. Each takes eleven fields
// of the 2000 that DataHub allows (GRAPHQL_QUERY_COMPLEXITY_LIMIT).
const usersAtOnce = 50

// patienceWithUsers is how many requests for a single user may be refused before
// the server is taken to tell about nobody.
const patienceWithUsers = 3

// LookUpUsers asks for users: many in one request, and some requests at once. It
// leaves out those of whom the server does not tell, and what is no user's URN.
//
// No release has a query for many users that tells who exists, so each request
// asks for each of its users by [Client.LookUpUser]'s fields, under names of
// their own. A request that is refused is asked in halves.
func (c *Client) LookUpUsers(ctx context.Context, urns []URN) (map[URN]User, error) {
	l := userLookup{client: c, users: map[URN]User{}}
	var asked []URN
	for _, urn := range urns {
		// A single malformed one makes the server fail for all (CorpUserType.batchLoad).
		if user, err := ParseUser(string(urn)); err == nil && user == urn {
			asked = append(asked, urn)
		}
	}
	slices.Sort(asked)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.concurrency)
	for some := range slices.Chunk(slices.Compact(asked), usersAtOnce) {
		group.Go(func() error { return l.ask(ctx, some) })
	}
	err := group.Wait()
	return l.users, err
}

// userLookup is one run of [Client.LookUpUsers].
type userLookup struct {
	client *Client

	mu       sync.Mutex
	users    map[URN]User
	refusals int // of requests for a single user, since the last that was answered
}

// ask asks for some users, in halves where that is too much.
func (l *userLookup) ask(ctx context.Context, urns []URN) error {
	if l.hopeless() {
		return nil
	}
	answer, err := l.client.someUsers(ctx, urns)
	if r := refusalOf(err); err != nil && (r == nil || r.code == http.StatusServiceUnavailable || r.code == http.StatusGatewayTimeout) {
		return l.client.explain("cannot look up users", err)
	}
	told := l.take(urns, answer)
	if told || len(urns) == 1 {
		return nil
	}
	half := len(urns) / 2
	if err := l.ask(ctx, urns[:half]); err != nil {
		return err
	}
	return l.ask(ctx, urns[half:])
}

// hopeless reports that the server refused to tell of anybody.
func (l *userLookup) hopeless() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refusals >= patienceWithUsers
}

// take keeps what an answer tells, and says whether that is anything.
func (l *userLookup) take(urns []URN, answer usersAnswer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := false
	for i, urn := range urns {
		if user, ok := answer.user(i, urn); ok {
			l.users[urn], told = user, true
		}
	}
	switch {
	case told:
		l.refusals = 0
	case len(urns) == 1:
		l.refusals++
	}
	return told
}

// usersAnswer is the answer to a request for some users: of the one with number
// i it has whether they exist, as e<i>, and what is known of them, as c<i>.
type usersAnswer map[string]json.RawMessage

// user is the one with number i, if the answer tells.
func (a usersAnswer) user(i int, urn URN) (User, bool) {
	var exists *bool
	if json.Unmarshal(a[fmt.Sprintf("e%d", i)], &exists) != nil || exists == nil {
		return User{}, false
	}
	if !*exists {
		return User{URN: urn}, true
	}
	var known *gql.Person
	if json.Unmarshal(a[fmt.Sprintf("c%d", i)], &known) != nil || known == nil {
		return User{}, false
	}
	return userFrom(urn, *known), true
}

// someUsers asks for users in one request. There may be an answer beside the
// error.
func (c *Client) someUsers(ctx context.Context, urns []URN) (usersAnswer, error) {
	var parameters, fields strings.Builder
	variables := map[string]URN{}
	for i, urn := range urns {
		fmt.Fprintf(&parameters, "$u%d: String! ", i)
		fmt.Fprintf(&fields, "e%d: entityExists(urn: $u%d) c%d: corpUser(urn: $u%d) { ...Person }\n", i, i, i, i)
		variables[fmt.Sprintf("u%d", i)] = urn
	}
	answer := usersAnswer{}
	err := c.requests.MakeRequest(ctx, &graphql.Request{
		OpName: "Users", Variables: variables,
		Query: "query Users(" + parameters.String() + ") {\n" + fields.String() + "}\n" + personFragment(),
	}, &graphql.Response{Data: &answer})
	return answer, err
}

// personFragment is the fragment Person as the generated operations have it.
func personFragment() string {
	return gql.User_Operation[strings.Index(gql.User_Operation, "fragment Person "):]
}
