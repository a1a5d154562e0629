package lifecycle

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// Sweep revokes many tokens, as many at once as its client makes requests. Which
// tokens go is settled before: each takes one request.
type Sweep struct {
	Client *datahub.Client
	// Last are the ids of tokens that go when all others are dealt with: those
	// that may be the credential in use, without which no other would go.
	Last []string
	// Itself is the id of the credential in use, where that is certain.
	Itself string
	// Ended, where it is set, is told how it ended for the token at a place in
	// the list, as soon as it did: of one at a time, in no order.
	Ended func(at int, end Ending)
	// Step is told how many tokens were dealt with, as [Issuance.Step] is of its
	// steps.
	Step func(string)
}

// tooMany are the failures one after the other from which on nothing seems to get
// through any more: each was tried several times.
const tooMany = 8

// Ending is how revoking one token of many ended.
type Ending struct {
	Revocation datahub.Revocation
	Err        error
	Untouched  bool // the server was not asked; Err says why
}

// Revoke revokes the tokens and says for each, in their order, how it ended. It
// leaves tokens untouched when it is interrupted, and when the server has made
// clear that trying the others would be in vain.
func (s *Sweep) Revoke(ctx context.Context, tokens []Meant) []Ending {
	run := &sweeping{Sweep: s, tokens: tokens, endings: make([]Ending, len(tokens))}
	first, last := run.turns()
	if run.caller, run.inAll = s.Client.Caller(ctx); run.inAll == nil {
		run.revoke(ctx, first)
	}
	if run.inAll == nil {
		run.revoke(ctx, last)
	}
	run.leave(ctx)
	return run.endings
}

// sweeping is one run of a sweep.
type sweeping struct {
	*Sweep
	caller  datahub.URN
	tokens  []Meant
	endings []Ending
	done    int

	mu     sync.Mutex
	inVain int   // how many failed for the server's sake, one after the other
	inAll  error // why the others would fail too
}

// ended is how it ended for the token at a place.
type ended struct {
	at  int
	end Ending
}

// turns are the places of the tokens that go first, and of those that go last.
func (s *sweeping) turns() (first, last []int) {
	for at, token := range s.tokens {
		if slices.Contains(s.Last, token.ID) {
			last = append(last, at)
		} else {
			first = append(first, at)
		}
	}
	return first, last
}

// revoke revokes the tokens at the places.
func (s *sweeping) revoke(ctx context.Context, places []int) {
	going, stop := context.WithCancel(ctx)
	defer stop()
	turns, ends := make(chan int), make(chan ended, len(places))
	var workers sync.WaitGroup
	for range min(s.Client.Concurrency(), len(places)) {
		workers.Go(func() {
			for at := range turns {
				if going.Err() == nil {
					end := s.revokeOne(ctx, s.tokens[at])
					s.judge(end.Err, stop)
					ends <- ended{at, end}
				}
			}
		})
	}
	go func() {
		handOut(going, places, turns)
		close(turns)
		workers.Wait()
		close(ends)
	}()
	for e := range ends {
		s.note(e)
	}
}

// handOut hands out the places in their order, until that is stopped.
func handOut(ctx context.Context, places []int, turns chan<- int) {
	for _, at := range places {
		select {
		case turns <- at:
		case <-ctx.Done():
			return
		}
	}
}

func (s *sweeping) revokeOne(ctx context.Context, token Meant) Ending {
	if token.ID == s.Itself {
		end, err := s.Client.RevokeItself(ctx, token.ID)
		return Ending{Revocation: end, Err: err}
	}
	end, err := s.Client.Revoke(ctx, token.ID, token.Known && token.Owner == s.caller)
	return Ending{Revocation: end, Err: err}
}

// note takes down how it ended for one token.
func (s *sweeping) note(e ended) {
	s.endings[e.at] = e.end
	s.done++
	if s.Step != nil {
		s.Step("revoked " + strconv.Itoa(s.done))
	}
	if s.Ended != nil {
		s.Ended(e.at, e.end)
	}
}

// judge stops the sweep where the others would not go either after one that ended
// with err: without a credential, and while nothing gets through.
func (s *sweeping) judge(err error, stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch failure.KindOf(err) {
	case failure.Unauthenticated:
		s.inAll = err
	case failure.Unavailable, failure.OutcomeUnknown:
		if s.inVain++; s.inVain >= tooMany {
			s.inAll = err
		}
	default:
		s.inVain = 0
	}
	if s.inAll != nil {
		stop()
	}
}

// leave notes which tokens were not tried.
func (s *sweeping) leave(ctx context.Context) {
	for at := range s.endings {
		if s.endings[at] == (Ending{}) {
			s.endings[at] = Ending{Untouched: true, Err: s.whyNot(ctx)}
		}
	}
}

// whyNot is why a token is not tried.
func (s *sweeping) whyNot(ctx context.Context) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &failure.Error{Kind: failure.Interrupted, Message: "not tried: interrupted", Err: ctx.Err()}
	case ctx.Err() != nil:
		return &failure.Error{Kind: failure.Unavailable, Message: "not tried: the deadline passed", Err: ctx.Err()}
	}
	told := *failure.Of(s.inAll)
	told.Message = "not tried: " + told.Message
	return &told
}
