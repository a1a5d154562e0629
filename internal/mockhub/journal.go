package mockhub

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Request is an entry of the journal: a request that the hub answered, or had meant to.
type Request struct {
	Face      string         // "gms" or "frontend"
	Method    string         // of HTTP
	Path      string         // of the URL
	Operation string         // the GraphQL operation's field, such as createAccessToken; else the path's last part
	Name      string         // the name the document gives the operation
	Variables map[string]any // without secrets
	Actor     string         // the URN the request was made as; empty for nobody
	Status    int            // of HTTP; 0 where the connection was reset instead
	Headers   []string       // the names of the request's headers, sorted
	At        time.Time      // on the hub's clock
	Took      time.Duration  // in real time
}

// The names of the faces.
const (
	gmsFace      = "gms"
	frontendFace = "frontend"
)

// journalLength is how many requests the journal holds; older ones are forgotten, so that a hub may run for long.
const journalLength = 10_000

// journal is the requests so far. The zero value is empty.
type journal struct {
	mu       sync.Mutex
	requests []*Request
}

// add adds a request whose answer is about to be seen: whoever has seen it finds the request here.
func (j *journal) add(r *Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.requests) >= 2*journalLength {
		j.requests = slices.Clone(j.requests[journalLength:])
	}
	j.requests = append(j.requests, r)
}

// finish notes how a request that was added ended.
func (j *journal) finish(r *Request, status int, took time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r.Status, r.Took = status, took
}

func (j *journal) all() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	recent := j.requests[max(0, len(j.requests)-journalLength):]
	all := make([]Request, len(recent))
	for i, r := range recent {
		all[i] = *r
	}
	return all
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = nil
}

// headerNames are the names of a request's headers.
func headerNames(h http.Header) []string { return slices.Sorted(maps.Keys(h)) }

// secret finds what has the form of a JWT.
var secret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)
})

const removed = "[secret removed]"

// withoutSecrets is a copy of a JSON value in which tokens and passwords are replaced.
func withoutSecrets(v any) any {
	switch v := v.(type) {
	case string:
		return secret().ReplaceAllString(v, removed)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = withoutSecrets(item)
		}
		return items
	case map[string]any:
		return cleaned(v)
	}
	return v
}

func cleaned(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	members := make(map[string]any, len(object))
	for name, value := range object {
		members[name] = withoutSecrets(value)
		if name == "password" || name == "token" {
			members[name] = removed
		}
	}
	return members
}
