// Package mockhub is an embedded DataHub: its GraphQL API for access tokens, users and service accounts, with the
// manners of the real server, good and bad, for every release from 0.10 to the newest.
//
// Open gives a hub as a pair of http handlers; Start runs one for a test, httptest-like, and adds a journal of
// requests, faults and a clock that can be moved. What a release understands is in internal/schema, how graphql-java
// puts things in internal/engine, what the hub remembers in internal/store.
//
// The package knows nothing of the client: it shares no schema, no type and no text with it, so that a mistake there
// cannot be mirrored here.
package mockhub

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/engine"
	"github.com/datahub-pat/pat/internal/mockhub/internal/fault"
	"github.com/datahub-pat/pat/internal/mockhub/internal/release"
	"github.com/datahub-pat/pat/internal/mockhub/internal/schema"
	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
	"github.com/datahub-pat/pat/internal/mockhub/internal/token"
)

// Options say which DataHub to be. The zero value is the newest release, in memory, with authentication on, an index
// that does not lag, and the users datahub, jdoe and nopriv.
type Options struct {
	// Release is "0.10" to "1.6", a patch release such as "0.13.2", or "newest"; empty is the newest.
	Release string
	// AuthOff turns METADATA_SERVICE_AUTH_ENABLED off at GMS: nobody's token is looked at.
	AuthOff bool
	// FrontendAuthOff turns it off at the frontend: only a session cookie lets anybody through.
	FrontendAuthOff bool
	// DataFile keeps the state between runs; several processes may share it. Empty keeps it in memory.
	DataFile string
	// IndexLag is how late the search index learns of new and revoked tokens.
	IndexLag time.Duration
	// Latency is how long each request takes at least.
	Latency time.Duration
	// RevocationLag is how long a revoked token is still accepted, as by another replica.
	RevocationLag time.Duration
	// PrivilegeLag is how late a granted or withdrawn privilege acts.
	PrivilegeLag time.Duration
	// Clock is the time the hub goes by; nil is time.Now.
	Clock func() time.Time
	// Tokens and Users are how many to generate, beside the three users there always are, in a new store.
	Tokens, Users int
	// AllowNoExpiry is ACCESS_TOKEN_ALLOW_NO_EXPIRY of the newest release.
	AllowNoExpiry bool
	// AllowedDurations is ACCESS_TOKEN_ALLOWED_DURATIONS of the newest release, as ISO-8601; empty is its default.
	AllowedDurations []string
	// IntrospectionOff is GRAPHQL_QUERY_INTROSPECTION_ENABLED=false.
	IntrospectionOff bool
	// ComplexityLimit is GRAPHQL_QUERY_COMPLEXITY_LIMIT; 0 is its default.
	ComplexityLimit int
	// SSO makes the frontend one where nobody signs in with a password.
	SSO bool
	// BasePath is what the paths of both faces begin with, such as /datahub; empty is nothing.
	BasePath string
	// MaxResults is SEARCH_SERVICE_LIMIT_RESULTS_MAX, and what is used in place of more; 0 is the default of both. Releases
	// before 1.2 have no such limit.
	MaxResults int
	// StrictLimits is SEARCH_SERVICE_LIMIT_RESULTS_STRICT: a count beyond the limit is refused, not replaced.
	StrictLimits bool
}

// defaultComplexity is the default of GRAPHQL_QUERY_COMPLEXITY_LIMIT.
const defaultComplexity = 2000

// Hub is an embedded DataHub. It is safe for concurrent use.
type Hub struct {
	options Options
	release release.Release
	engine  *engine.Engine
	store   *store.Store
	policy  durationPolicy
	faults  fault.Set
	journal journal

	mu      sync.Mutex
	offset  time.Duration // that the clock was advanced by
	baseURL string        // that GMS says the frontend has
}

// Open makes a hub. It listens nowhere: see GMS and Frontend.
func Open(o Options) (*Hub, error) {
	r, err := release.Parse(o.Release)
	if err != nil {
		return nil, err
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	h := &Hub{options: o, release: r}
	if h.policy, err = newDurationPolicy(o.AllowNoExpiry, o.AllowedDurations); err != nil {
		return nil, err
	}
	types, err := schema.For(r)
	if err != nil {
		return nil, err
	}
	if h.engine, err = engine.New(types, &root{h}, engine.Options{
		IntrospectionOff: o.IntrospectionOff, ComplexityLimit: cmp.Or(o.ComplexityLimit, defaultComplexity),
	}); err != nil {
		return nil, err
	}
	h.store, err = store.Open(store.Options{
		Path: o.DataFile, IndexLag: o.IndexLag, Memory: max(o.RevocationLag, time.Minute),
		Now: h.now, Salt: token.UUID, Key: token.UUID, Populate: h.populate,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the data of the embedded DataHub: %w", err)
	}
	return h, nil
}

// Close ends the hub. What is in a data file stays.
func (h *Hub) Close() error {
	h.store.Close()
	return nil
}

// GMS is the metadata service's face: /api/graphql, /config, /health and the like, as on port 8080.
func (h *Hub) GMS() http.Handler { return h.face(gmsFace, h.gms()) }

// Frontend is the web frontend's face, as on port 9002: /logIn, /config, its proxy to GMS, and a page for the rest.
func (h *Hub) Frontend() http.Handler { return h.face(frontendFace, h.frontend()) }

func (h *Hub) face(name string, serve http.Handler) http.Handler {
	if base := strings.TrimRight(h.options.BasePath, "/"); base != "" {
		serve = http.StripPrefix(base, serve)
	}
	return h.recorded(name, serve)
}

// Release is the release the hub is, as "1.3.0" or "newest".
func (h *Hub) Release() string { return h.release.String() }

// Releases are the releases worth running a test against, oldest first.
func Releases() []string {
	var names []string
	for _, r := range release.All() {
		names = append(names, r.String())
	}
	return names
}

// Advance moves the hub's clock ahead.
func (h *Hub) Advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.offset += d
}

// SetBaseURL is DATAHUB_BASE_URL: where GMS says, at /config, that the frontend is. Empty, it says nothing.
func (h *Hub) SetBaseURL(url string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.baseURL = url
}

// Now is the hub's time.
func (h *Hub) Now() time.Time { return h.now() }

func (h *Hub) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.options.Clock().Add(h.offset)
}
