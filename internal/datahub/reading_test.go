package datahub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/transport"
)

// shelf is a server with a list that its tests can spoil.
type shelf struct {
	mu       sync.Mutex
	tokens   []int
	requests int
	clamp    func(start, count int) int // the page size that is used; nil: as asked for
	hidden   map[int]bool               // counted and never shown: their entities are gone
	before   func(s *shelf, start int)  // is called before each answer, with the lock held; nil: nothing is
	refuse   func(w http.ResponseWriter) bool
}

func newShelf(size int) *shelf {
	s := &shelf{}
	for i := range size {
		s.tokens = append(s.tokens, i)
	}
	return s
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Variables struct{ Input struct{ Start, Count int } }
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if s.refuse != nil && s.refuse(w) {
		return
	}
	start, count := question.Variables.Input.Start, question.Variables.Input.Count
	if s.before != nil {
		s.before(s, start)
	}
	if s.clamp != nil {
		count = s.clamp(start, count)
	}
	page := []string{}
	for _, n := range s.tokens[min(start, len(s.tokens)):min(start+count, len(s.tokens))] {
		if !s.hidden[n] {
			page = append(page, fmt.Sprintf(`{"urn":"urn:li:dataHubAccessToken:%d","id":"%[1]d","name":"n","actorUrn":"a","ownerUrn":"o","createdAt":%[1]d,"expiresAt":null}`, n))
		}
	}
	fmt.Fprintf(w, `{"data":{"listAccessTokens":{"start":%d,"count":%d,"total":%d,"tokens":[%s]}}}`, start, count, len(s.tokens), strings.Join(page, ","))
}

// asked is how many requests came.
func (s *shelf) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// reader is a client of the shelf.
func (s *shelf) reader(t *testing.T, o datahub.Options) *datahub.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	address, err := datahub.ParseAddress(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: "x"}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// TestListsAreCompleteOrRefused reads lists that are served in odd ways.
func TestListsAreCompleteOrRefused(t *testing.T) {
	atMost := func(most int) func(int, int) int { return func(_, count int) int { return min(count, most) } }
	insert := func(times int) func(*shelf, int) { // of a token at the front, before the second page
		return func(s *shelf, start int) {
			if start > 0 && times > 0 {
				times--
				s.tokens = slices.Insert(s.tokens, 0, 100000+times)
			}
		}
	}
	swap := func(times int) func(*shelf, int) { // the total stays
		return func(s *shelf, start int) {
			if start > 0 && times > 0 {
				times--
				s.tokens = slices.Insert(s.tokens[:len(s.tokens)-1], 0, 100000+times)
			}
		}
	}
	cases := map[string]struct {
		size     int
		change   func(*shelf)
		want     int // tokens; 0: refused
		requests int // 0: not counted
	}{
		"nothing":                  {0, func(*shelf) {}, 0, 1},
		"one page":                 {100, func(*shelf) {}, 100, 1},
		"one more than a page":     {101, func(*shelf) {}, 101, 2},
		"pages overlap by one":     {199, func(*shelf) {}, 199, 2},
		"and so there is one more": {200, func(*shelf) {}, 200, 3},
		"smaller pages":            {105, func(s *shelf) { s.clamp = atMost(10) }, 105, 12},
		"pages of one":             {5, func(s *shelf) { s.clamp = atMost(1) }, 0, 1},
		"a smaller last page": {150, func(s *shelf) {
			s.clamp = func(start, n int) int { return map[bool]int{true: 20, false: n}[start > 0] }
		}, 0, 6},
		"a short page that is not last":   {250, func(s *shelf) { s.hidden = map[int]bool{50: true, 99: true, 100: true, 198: true} }, 246, 3},
		"an empty page that is not last":  {250, func(s *shelf) { s.hidden = span(0, 150) }, 100, 3},
		"one came":                        {250, func(s *shelf) { s.before = insert(1) }, 251, 0},
		"one came twice":                  {250, func(s *shelf) { s.before = insert(3) }, 253, 0},
		"one came each time":              {250, func(s *shelf) { s.before = insert(1000) }, 0, 9},
		"one came and one went":           {250, func(s *shelf) { s.before = swap(1) }, 250, 0},
		"one came and one went each time": {250, func(s *shelf) { s.before = swap(1000) }, 0, 9},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newShelf(c.size)
			c.change(s)
			tokens, err := s.reader(t, datahub.Options{PageSize: 100, Concurrency: 1}).List(t.Context(), datahub.Scope{})
			refused := c.want == 0 && c.size > 0
			if refused && failure.KindOf(err) != failure.Unavailable || !refused && err != nil {
				t.Fatalf("%d tokens, %v", len(tokens), err)
			}
			// One that went while it was read may be there still.
			if len(tokens) < c.want || len(tokens) > c.want+1 {
				t.Errorf("%d tokens, want %d", len(tokens), c.want)
			}
			if requests := s.asked(); c.requests > 0 && requests != c.requests {
				t.Errorf("%d requests, want %d", requests, c.requests)
			}
		})
	}
}

func span(from, to int) map[int]bool {
	all := map[int]bool{}
	for i := from; i < to; i++ {
		all[i] = true
	}
	return all
}

// TestOneBrakeForAll meets a server that wants quiet while several pages are
// asked for: nothing is sent before it is over, and it is told once.
func TestOneBrakeForAll(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		const quiet = 2 * time.Second
		s := newShelf(3000)
		var refused time.Time
		var early int
		s.refuse = func(w http.ResponseWriter) bool {
			switch {
			case s.requests == 5:
				refused = time.Now()
				w.Header().Set("Retry-After", "2")
				w.WriteHeader(status)
				return true
			case s.requests > 5 && time.Since(refused) < quiet-100*time.Millisecond:
				early++
			}
			return false
		}
		var told []string
		client := s.reader(t, datahub.Options{PageSize: 100, Concurrency: 4, Notice: func(text string) { told = append(told, text) }})
		if tokens, err := client.List(t.Context(), datahub.Scope{}); err != nil || len(tokens) != 3000 {
			t.Errorf("%d: %d tokens, %v", status, len(tokens), err)
		}
		if early > 4 { // those that were on their way
			t.Errorf("%d: %d requests came while the server wanted quiet", status, early)
		}
		if len(told) != 1 || !strings.Contains(told[0], "trying again in 2s") {
			t.Errorf("%d: told %q", status, told)
		}
	}
}

// TestAllRefusedIsToldOnce has every parallel request refused.
func TestAllRefusedIsToldOnce(t *testing.T) {
	const parallel = 8
	s := newShelf(3000)
	var here sync.WaitGroup
	here.Add(parallel)
	s.refuse = func(w http.ResponseWriter) bool {
		if s.requests == 1 || s.requests > 1+parallel {
			return false
		}
		here.Done()
		s.mu.Unlock()
		here.Wait() // one that is late would be refused again, which is news
		s.mu.Lock()
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	var mu sync.Mutex
	told := 0
	client := s.reader(t, datahub.Options{PageSize: 100, Concurrency: parallel, Notice: func(string) { mu.Lock(); told++; mu.Unlock() }})
	if tokens, err := client.List(t.Context(), datahub.Scope{}); err != nil || len(tokens) != 3000 {
		t.Errorf("%d tokens, %v", len(tokens), err)
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// TestReadingLeavesNothing ends readings early in every way: nothing goes on
// afterwards, and no more is asked for than was under way.
func TestReadingLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	enough := errors.New("enough")
	for range 5 {
		s := newShelf(9000)
		server := httptest.NewServer(s)
		address, err := datahub.ParseAddress(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		client, err := datahub.Connect(address, transport.Options{Secret: "x"}, datahub.Options{PageSize: 100, Concurrency: 8})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		err = client.Each(t.Context(), datahub.Scope{}, func(datahub.Token) error {
			if got++; got == 150 {
				return enough
			}
			return nil
		})
		if requests := s.asked(); !errors.Is(err, enough) || got != 150 || requests > 20 {
			t.Errorf("%d tokens in %d requests, %v", got, requests, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = client.Each(ctx, datahub.Scope{}, func(datahub.Token) error { cancel(); return nil })
		if failure.KindOf(err) != failure.Interrupted {
			t.Errorf("interrupted: %v", err)
		}
		client.Close()
		server.Close()
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
