// Package fault says what is to go wrong, when and how often. Making it go wrong is up to whoever serves the request.
package fault

import (
	"strings"
	"sync"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. Those that answer by themselves do it in place of the operation, which is not executed, unless
// After is set; ResetAfter, Trickle, Cut and InvalidUTF8 always execute it.
const (
	Refuse      Kind = "refuse"       // the connection is reset as soon as the request's head was read
	ResetBefore Kind = "reset-before" // the connection is reset when the request was read
	ResetAfter  Kind = "reset-after"  // the connection is reset when the operation was executed
	Delay       Kind = "delay"        // the answer comes late by Duration
	Trickle     Kind = "trickle"      // the answer comes byte by byte, Duration between them
	Cut         Kind = "cut"          // the answer breaks off in the middle of its body
	Hang        Kind = "hang"         // no answer ever comes
	Status      Kind = "status"       // the answer is Code, with RetryAfter if it is set
	Error       Kind = "error"        // the answer is a GraphQL error of Code with Message, inside a 200
	HTML        Kind = "html"         // the answer is a page of HTML with status 200
	Redirect    Kind = "redirect"     // the answer is a redirect to Location
	Flood       Kind = "flood"        // the answer's body is Size bytes of JSON that never ends
	ContentType Kind = "content-type" // the answer is right, but of another type: ContentType
	InvalidUTF8 Kind = "bad-utf8"     // the answer's strings are no UTF-8
	Vanish      Kind = "vanish"       // a token of the page is deleted between the search and the loading of the page
)

// Fault is something to go wrong.
type Fault struct {
	Operation   string // the field or the operation's name, in any case; empty is every one
	Kind        Kind
	Times       int // how often; 0 is once, less is always
	Skip        int // how many that fit pass unharmed first
	After       bool
	Duration    time.Duration
	Code        int
	RetryAfter  string // the header's value
	Message     string
	Location    string
	ContentType string
	Size        int64
}

// Set is the faults that wait to happen. It is safe for concurrent use.
type Set struct {
	mu      sync.Mutex
	waiting []*Fault
}

// Add adds a fault.
func (s *Set) Add(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, &f)
}

// Clear forgets all faults.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = nil
}

// Next gives the faults that happen to a request of which these are the names: of each kind the first that fits.
func (s *Set) Next(names ...string) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []Fault
	taken := map[Kind]bool{}
	for _, f := range s.waiting {
		if f.Times == 0 || taken[f.Kind] || !f.fits(names) {
			continue
		}
		if f.take() {
			taken[f.Kind] = true
			due = append(due, *f)
		}
	}
	return due
}

// Refuses tells whether the next request is refused, whatever it is.
func (s *Set) Refuses() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.waiting {
		if f.Kind == Refuse && f.forAll() && f.Times != 0 {
			return f.take()
		}
	}
	return false
}

// take counts a request that fits, and tells whether the fault happens to it.
func (f *Fault) take() bool {
	switch {
	case f.Skip > 0:
		f.Skip--
		return false
	case f.Times > 0:
		f.Times--
	}
	return true
}

func (f *Fault) forAll() bool { return f.Operation == "" || f.Operation == "*" }

func (f *Fault) fits(names []string) bool {
	if f.forAll() {
		return f.Kind != Refuse // which has happened before anything was read
	}
	for _, name := range names {
		if strings.EqualFold(name, f.Operation) {
			return true
		}
	}
	return false
}
