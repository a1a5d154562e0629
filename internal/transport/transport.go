// Package transport carries requests to one GraphQL endpoint over HTTP and
// judges what comes back: the caller gets an answer that is GraphQL, or a
// [Fault] that says how far the request came.
//
// It knows HTTP, and nothing of tokens, of what an operation means, or of the
// command line. It never repeats a request by itself and follows no redirect.
package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// What holds where the options say nothing.
const (
	defaultTimeout = 30 * time.Second
	defaultMaxBody = 32 << 20
	defaultAgent   = "pat"
)

// Options say where requests go, as whom, and by which way.
type Options struct {
	// Endpoint is the URL that GraphQL requests go to. Credentials and extra
	// headers are sent to its scheme, host and port and nowhere else.
	Endpoint string
	// Secret is sent as bearer token. Empty: none is sent.
	Secret string
	// As is sent as X-DataHub-Actor, in place of any credential.
	As string
	// Cookies are sent as they are, in place of any credential: a session of
	// the web interface, whose cookies win over a token there.
	Cookies []*http.Cookie
	// UserAgent names the program to the server. Empty: "pat".
	UserAgent string
	// Headers are sent besides, over those that pat sets except for the ones
	// that would break HTTP. An Authorization among them takes the place of a
	// secret: both together are refused.
	Headers map[string]string

	// CACert is a PEM file, or a folder of them, with the authorities to trust
	// instead of the system's, as REQUESTS_CA_BUNDLE is understood.
	CACert string
	// ClientCert and ClientKey are PEM files with the certificate to present.
	// Without ClientKey the first holds both.
	ClientCert, ClientKey string
	// SkipVerify takes any certificate for the endpoint's.
	SkipVerify bool

	// Timeout is for one request, from looking up the name to the last byte of
	// the answer. 0: 30 seconds.
	Timeout time.Duration
	// MaxBody is how large an answer may be, in bytes, unpacked. 0: 32 MiB.
	MaxBody int64

	// Proxy says through which proxy a request goes, as in [http.Transport].
	// Nil: through none.
	Proxy func(*http.Request) (*url.URL, error)
	// Base takes the network's place. Nil: the network.
	Base http.RoundTripper
	// Trace is told of every exchange when it is over, by several goroutines
	// where requests are made in parallel. Nil: nobody is.
	Trace func(Exchange)
	// Waiting is called when a request goes out, and what it returns when the
	// request is over, by several goroutines likewise. Nil: nobody is.
	Waiting func() (over func())
}

// Transport makes requests. It is safe for parallel use.
type Transport struct {
	endpoint *url.URL
	headers  http.Header // for the endpoint's origin only
	agent    string
	secrets  []string // what must not come back in words
	timeout  time.Duration
	maxBody  int64
	proxy    func(*http.Request) (*url.URL, error)
	trace    func(Exchange)
	waiting  func() (over func())
	own      http.RoundTripper // to the endpoint's origin
	other    http.RoundTripper // to everybody else, without client certificate
	blind    bool              // own and other are not the network
	spare    spareBodies
}

// New prepares requests to an endpoint. Nothing is sent yet, but certificates
// are read. Failures are of kind Usage and name what is wrong.
func New(o Options) (*Transport, error) {
	endpoint, err := parseEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	headers, err := ownHeaders(o)
	if err != nil {
		return nil, err
	}
	t := &Transport{
		endpoint: endpoint, headers: headers, secrets: secretsOf(o), agent: orElse(o.UserAgent, defaultAgent),
		timeout: orElse(o.Timeout, defaultTimeout), maxBody: orElse(o.MaxBody, defaultMaxBody),
		proxy: o.Proxy, trace: o.Trace, waiting: o.Waiting, own: o.Base, other: o.Base, blind: o.Base != nil,
	}
	if t.waiting == nil {
		t.waiting = func() func() { return func() {} }
	}
	if t.blind {
		return t, nil
	}
	return t, t.useNetwork(o)
}

func orElse[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Reader reads the body of an answer. It reports whether it saw for certain
// that this is a whole GraphQL answer, and why it could not make use of it. The
// body is its own only until it returns.
type Reader func(body []byte) (certain bool, err error)

// Do sends a request and has its answer read: one with status 200 whose body is
// a GraphQL answer. Everything else is a [*Fault]; the reader's own failure is
// returned as it is. A request is sent once or not at all.
func (t *Transport) Do(request *http.Request, read Reader) error {
	payload, err := takeBody(request)
	if err != nil {
		return err
	}
	c := t.call(request, payload)
	got, fault := c.make(t.maxBody, maxWords)
	var unread error
	if fault == nil {
		fault, unread = t.judge(got, read)
	}
	t.tell(c, got, fault)
	if got != nil {
		t.spare.keep(got.body)
	}
	if fault != nil {
		return fault
	}
	return unread
}

// takeBody is the whole body of a request.
func takeBody(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	defer request.Body.Close()
	return io.ReadAll(request.Body)
}

// Answer is what a [Transport.Get] or a [Transport.Post] brought.
type Answer struct {
	Status      int
	ContentType string // as the server spells it; foreign text
	Body        []byte
	Words       string         // what the server itself says, safe to show; empty where it says nothing
	Page        bool           // it is a web page
	Cookies     []*http.Cookie // that the server wants back
	Date        time.Time      // when it was made, by the server's clock; zero where it does not say
}

// maxSmall is how large the answer to a Get or a Post may be.
const maxSmall = 1 << 20

// Get fetches something small, whatever its status is. Credentials go along to
// the endpoint's origin only. A redirect is a [*Fault], as is an answer of more
// than 1 MiB.
func (t *Transport) Get(ctx context.Context, address string) (Answer, error) {
	return t.exchange(ctx, http.MethodGet, address, nil)
}

// Post sends JSON to something that is not GraphQL. The rest is as for
// [Transport.Get].
func (t *Transport) Post(ctx context.Context, address string, body []byte) (Answer, error) {
	return t.exchange(ctx, http.MethodPost, address, body)
}

func (t *Transport) exchange(ctx context.Context, method, address string, body []byte) (Answer, error) {
	var payload io.Reader
	if body != nil {
		payload = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, payload)
	if err != nil {
		return Answer{}, errAddress
	}
	c := t.call(request, body)
	got, fault := c.make(maxSmall, maxSmall)
	t.tell(c, got, fault)
	if fault != nil {
		return Answer{}, fault
	}
	return Answer{
		Status: got.status, ContentType: got.header.Get("Content-Type"), Body: got.body,
		Words: t.words(got), Page: isHTML(got), Cookies: (&http.Response{Header: got.header}).Cookies(),
		Date: serverTime(got.header),
	}, nil
}

// CloseIdle lets go of connections that are not in use.
func (t *Transport) CloseIdle() {
	type closer interface{ CloseIdleConnections() }
	for _, way := range []http.RoundTripper{t.own, t.other} {
		if c, ok := way.(closer); ok {
			c.CloseIdleConnections()
		}
	}
}
