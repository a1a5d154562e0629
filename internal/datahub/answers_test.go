package datahub_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// hostile is a server that answers every request with the same bytes, up to a
// number of them.
type hostile struct {
	answer   []byte
	requests int
	stop     context.CancelFunc
}

// mostRequests is after how many requests a reading is taken for one that would
// end some time: a list may be said to have thousands of pages.
const mostRequests = 50

// RoundTrip answers as the bytes say. Bytes that are no HTTP are the body of an
// answer with status 200.
func (h *hostile) RoundTrip(request *http.Request) (*http.Response, error) {
	if h.requests++; h.requests > mostRequests {
		h.stop()
		return nil, errors.New("this server has had enough")
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(h.answer)), request)
	if err == nil {
		return response, nil
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(h.answer)), ContentLength: int64(len(h.answer)), Request: request,
	}, nil
}

// asked is what the client asks of a server; each looks at what it gets.
var asked = map[string]func(context.Context, *testing.T, *datahub.Client) error{
	"whoami": func(ctx context.Context, _ *testing.T, c *datahub.Client) error {
		_, err := c.WhoAmI(ctx)
		return err
	},
	"list": func(ctx context.Context, t *testing.T, c *datahub.Client) error {
		seen := map[string]bool{}
		return c.Each(ctx, datahub.Scope{}, func(token datahub.Token) error {
			if seen[token.ID] {
				t.Errorf("the token %q comes twice", token.ID)
			}
			seen[token.ID] = true
			_, created := token.CreatedAt.MarshalJSON()
			_, ends := token.ExpiresAt.MarshalJSON()
			return errors.Join(created, ends) // no failure that people can be told
		})
	},
	"create": func(ctx context.Context, t *testing.T, c *datahub.Client) error {
		issued, err := c.Create(ctx, datahub.NewToken{Actor: "urn:li:corpuser:jdoe", Name: "ci", Mark: datahub.NewMark(), Duration: duration(t, "ONE_DAY")})
		if err == nil && (issued.Secret == "" || strings.ContainsAny(issued.Secret, " \n\x1b\"'")) {
			t.Errorf("a token with the secret %q", issued.Secret)
		}
		return err
	},
	"revoke": func(ctx context.Context, t *testing.T, c *datahub.Client) error {
		end, err := c.Revoke(ctx, "anId", true)
		if err == nil && end != datahub.Revoked && end != datahub.AlreadyGone {
			t.Errorf("it ended as %q", end)
		}
		return err
	},
	"find": func(ctx context.Context, t *testing.T, c *datahub.Client) error {
		token, presence, err := c.Find(ctx, "anId")
		if presence == datahub.Present && token.ID != "anId" {
			t.Errorf("found is %+v", token)
		}
		return err
	},
	"secret": func(ctx context.Context, _ *testing.T, c *datahub.Client) error {
		_, _, err := c.TokenOfSecret(ctx, "a leaked secret")
		return err
	},
	"accounts": func(ctx context.Context, _ *testing.T, c *datahub.Client) error {
		_, err := c.ListServiceAccounts(ctx)
		return err
	},
}

// FuzzAnswers lets a server answer anything to everything that the client asks
// of it. Each failure is one that people can be told, without the credential.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"data":{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe","username":"jdoe"},"platformPrivileges":{"manageTokens":true,"generatePersonalAccessTokens":true}},"appConfig":{"appVersion":"v1.4.0","authConfig":{"tokenAuthEnabled":true}}}}`,
		`{"data":{"listAccessTokens":{"start":0,"count":2,"total":2,"tokens":[{"urn":"urn:li:dataHubAccessToken:a","type":"ACCESS_TOKEN","id":"a","name":"ci","description":"x [pat:ABCDEFGHIJKLMNOPQRSTUV]","actorUrn":"urn:li:corpuser:jdoe","ownerUrn":"urn:li:corpuser:jdoe","createdAt":1764000000000,"expiresAt":1764003600000},{"id":"anId","name":"\u001b[2J\u202e","description":null,"actorUrn":"","ownerUrn":"","createdAt":0,"expiresAt":null}]}}}`,
		`{"data":{"listAccessTokens":{"start":0,"count":2,"total":9999,"tokens":[]}}}`,
		`{"data":{"listAccessTokens":{"start":0,"count":1000,"total":10000,"tokens":[]}}}`,
		`{"data":{"listAccessTokens":{"count":-1,"total":-1,"tokens":[{"createdAt":-9223372036854775808,"expiresAt":9223372036854775807}]}}}`,
		`{"data":{"listAccessTokens":{"count":0,"total":5,"tokens":[null]}}}`,
		`{"data":{"createAccessToken":{"accessToken":"eyJhbGciOiJIUzI1NiJ9.e30.x","metadata":{"id":"a","name":"ci","actorUrn":"u","ownerUrn":"u","createdAt":1,"expiresAt":2}}}}`,
		`{"data":{"createAccessToken":{"accessToken":"tok\u001b]0;x\u0007\n$(id)"}}}`, `{"errors":[null]}`, `{"errors":[]}`, `{"data":{"createAccessToken":null}}`,
		`{"data":{"revokeAccessToken":true}}`, `{"data":{"revokeAccessToken":false}}`,
		`{"data":{"getAccessTokenMetadata":{"id":"a","name":"ci"}}}`,
		`{"data":{"listServiceAccounts":{"start":0,"count":1,"total":3,"serviceAccounts":[{"urn":"urn:li:corpuser:service_a","name":"a"}]}}}`,
		`{"errors":[{"message":"Unauthorized","extensions":{"code":403,"classification":"DataFetchingException"}}],"data":null}`,
		`{"errors":[{"message":"x","extensions":{"classification":"NullValueInNonNullableField"}}],"data":{"listAccessTokens":null}}`,
		`{"errors":[{"message":"Validation error of type FieldUndefined","extensions":{"classification":"ValidationError"}}]}`,
		`{"errors":[{"message":"who is tok-in-use-0123456789?","extensions":{"code":500}}]}`,
		`{"errors":[{"message":"x","path":[1,"a",null],"locations":[{"line":1,"column":-1}],"extensions":{"code":1e300}}]}`,
		"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 86400\r\n\r\n",
		"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n<title>tok-in-use-0123456789</title>",
		"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/?token=tok-in-use-0123456789\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
		"", "null", "[]", "\x00", `{"data":{}}`, `{"data":null}`,
	} {
		f.Add([]byte(seed))
	}
	const inUse = "tok-in-use-0123456789"
	address, err := datahub.ParseAddress("http://localhost:8080")
	if err != nil {
		f.Fatal(err)
	}
	kinds := []failure.Kind{
		failure.Other, failure.Usage, failure.Unauthenticated, failure.Forbidden, failure.NotFound, failure.Unavailable,
		failure.OutcomeUnknown, failure.Interrupted,
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, what := range slices.Sorted(maps.Keys(asked)) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			way := transport.Options{Secret: inUse, Base: &hostile{answer: answer, stop: cancel}}
			client, err := datahub.Connect(address, way, datahub.Options{Concurrency: 1})
			if err != nil {
				t.Fatal(err)
			}
			err = asked[what](ctx, t, client)
			cancel()
			if err == nil {
				continue
			}
			var told *failure.Error
			if !errors.As(err, &told) || !slices.Contains(kinds, told.Kind) || told.Message == "" {
				t.Errorf("%s: %#v", what, err)
				continue
			}
			if strings.Contains(told.Message+told.Server+told.Hint, inUse) {
				t.Errorf("%s: %v (%s) holds the credential", what, told, told.Hint)
			}
		}
	})
}
