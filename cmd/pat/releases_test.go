package main

import (
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// TestFlowsOnReleases takes a token through its life on old, middle and new
// releases, with a search index that lags behind and without.
func TestFlowsOnReleases(t *testing.T) {
	type world struct {
		release string
		lag     time.Duration
	}
	var worlds []world
	for _, release := range []string{"0.10", "0.12", "1.1", "newest"} {
		for _, lag := range []time.Duration{0, 300 * time.Millisecond} {
			worlds = append(worlds, world{release, lag})
		}
	}
	atOnce(t, worlds, func(w world) {
		s := newScene(t, w.release+" with a lag of "+w.lag.String(), mockhub.Options{Release: w.release, IndexLag: w.lag}, nil)
		life := []struct {
			flow func(*scene)
			name string
		}{
			{flowCreate, "create"}, {flowRotate, "rotate"}, {flowRecoverIssued, "recover an issued token"}, {flowLostReply, "lose a reply"},
			{flowRevoke, "revoke"},
		}
		for _, step := range life {
			s.what = step.name + " on " + w.release + " with a lag of " + w.lag.String()
			step.flow(s)
		}
	})
}

// only is the one secret in a file, which must work.
func (s *scene) only(file string) string {
	s.t.Helper()
	found := s.at("file:"+file, "")
	if len(found) != 1 || !s.alive(found[0]) {
		s.t.Errorf("%s: %s holds %d secrets, or one that does not work: %s", s.what, file, len(found), s.said)
		return ""
	}
	return found[0]
}

// shown waits until the index shows so many tokens called ci.
func (s *scene) shown(want int) {
	s.t.Helper()
	for giveUp := time.Now().Add(20 * time.Second); s.tokens() != want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(giveUp) {
			s.t.Errorf("%s: %d tokens, want %d: %s", s.what, s.tokens(), want, s.said)
			return
		}
	}
}

func flowCreate(s *scene) {
	s.must("create", "ci", "--duration", "ONE_DAY", "--to", "file:ci.token")
	s.only("ci.token")
	if out := s.must("list", "--name", "ci", "-o", "id"); strings.Count(out, "\n") != 1 {
		s.t.Errorf("%s: listed %q", s.what, out)
	}
	s.shown(1)
}

func flowRotate(s *scene) {
	old := s.only("ci.token")
	s.hub.Advance(time.Minute)
	s.must("rotate", "ci", "--yes", "--to", "file:ci.token")
	if s.only("ci.token") == old || s.alive(old) {
		s.t.Errorf("%s: the old token is still there", s.what)
	}
	s.shown(1)
}

func flowRecoverIssued(s *scene) {
	for _, at := range []string{"created", "issued"} {
		s.pat(at, "create", "ci", "--to", "file:another.token")
		s.shown(2)
		s.must("recover", "--yes")
		s.shown(1)
	}
	if len(s.at("file:another.token", "")) > 0 || s.litter() {
		s.t.Errorf("%s: something is left", s.what)
	}
}

func flowLostReply(s *scene) {
	fault, err := mockhub.ParseFault("createAccessToken:reset-after")
	if err != nil {
		s.t.Error(err)
		return
	}
	s.hub.Inject(fault)
	if _, code := s.pat("", "create", "ci", "--to", "file:another.token"); code != 6 {
		s.t.Errorf("%s: exit code %d: %s", s.what, code, s.said)
	}
	s.must("recover", "--yes")
	s.shown(1)
}

func flowRevoke(s *scene) {
	secret := s.only("ci.token")
	s.must("revoke", "ci", "--yes")
	if s.alive(secret) {
		s.t.Errorf("%s: the token still works", s.what)
	}
	s.shown(0)
	if _, code := s.pat("", "revoke", "ci", "--yes"); code != 5 {
		s.t.Errorf("%s: revoked again, exit code %d", s.what, code)
	}
}
