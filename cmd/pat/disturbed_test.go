package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// outcome is how a disturbed command ended.
type outcome struct {
	printed string
	code    int
	took    time.Duration
	ci      string // the id of the token that `revoke` is to revoke
}

// grace is by how much a command may outlast its deadline on a machine that runs
// dozens of them at once: less than what waiting for one more answer takes.
const grace = 15 * time.Second

// disturbed counts what became of disturbed commands.
type disturbed struct {
	mu                        sync.Mutex
	cases, wrong, codes, late int
	longest                   time.Duration
	slowest                   string
	exits                     map[int]int
}

// judge looks at how the command ended and at what the DataHub has then.
func (c *disturbed) judge(d disturbance, s *scene, o outcome) {
	s.t.Helper()
	wrong := d.wrong(s, o)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases++
	c.exits[o.code]++
	if o.took > c.longest {
		c.longest, c.slowest = o.took, s.what
	}
	c.count(s, o, &c.wrong, wrong)
	if !slices.Contains(d.rightCodes(), o.code) {
		c.count(s, o, &c.codes, "the wrong exit code")
	}
	if o.took > d.deadline()+grace {
		c.count(s, o, &c.late, "the deadline is outlasted")
	}
}

func (c *disturbed) count(s *scene, o outcome, counter *int, complaint string) {
	if complaint != "" {
		*counter++
		s.t.Errorf("%s: %s: exit code %d after %s\n%s\n%s", s.what, complaint, o.code, o.took, o.printed, s.said)
	}
}

// print says how many there were of what.
func (c *disturbed) print(t *testing.T) {
	t.Logf("%d cases: %d answers incomplete or wrong, %d wrong exit codes, %d deadlines outlasted; the longest took %s: %s",
		c.cases, c.wrong, c.codes, c.late, c.longest.Round(100*time.Millisecond), c.slowest)
	t.Logf("exit codes and how often: %v", c.exits)
}

// rightCodes are the exit codes that a command may have: 0, that of the fault,
// and, where it changes something, that nobody knows whether it was changed.
func (d disturbance) rightCodes() []int {
	codes := []int{0, serverFaults[d.fault]}
	if d.command != "list" && d.command != "whoami" {
		codes = append(codes, outcomeOpen)
	}
	if d.command == "create lost" {
		codes = append(codes, 6)[1:] // it is lost, whatever comes of the search
	}
	return codes
}

// wrong is what is not as the command's exit code says it is.
func (d disturbance) wrong(s *scene, o outcome) string {
	there := s.idsByName()
	switch {
	case d.command == "list" && o.code == 0:
		return sameIDs(o.printed, there)
	case d.command == "whoami" && o.code == 0 && !strings.Contains(o.printed, `"urn:li:corpuser:datahub"`):
		return "somebody else"
	case d.command == "revoke":
		return d.wronglyRevoked(o, there)
	case strings.HasPrefix(d.command, "create"):
		return wronglyCreated(s, o, there)
	}
	return ""
}

func sameIDs(printed string, there map[string][]string) string {
	listed := strings.Fields(printed)
	var all []string
	for _, ids := range there {
		all = append(all, ids...)
	}
	slices.Sort(listed)
	slices.Sort(all)
	if !slices.Equal(listed, all) {
		return "not the tokens that there are"
	}
	return ""
}

func (d disturbance) wronglyRevoked(o outcome, there map[string][]string) string {
	left := slices.Contains(there["ci"], o.ci)
	others := 0
	for _, ids := range there {
		others += len(ids)
	}
	if left {
		others--
	}
	switch {
	case others != tokensOfPages-1:
		return "another token is gone"
	case left && (o.code == 0 || strings.Contains(o.printed, `"revoked"`)):
		return "called revoked, and is there"
	}
	return ""
}

func wronglyCreated(s *scene, o outcome, there map[string][]string) string {
	alive := distinct(s.at("file:new.token", ""), s.alive)
	switch {
	case o.code == 0 && (len(alive) != 1 || len(there["new"]) != 1):
		return "the token or its secret is not there"
	case o.code != 0 && o.code != outcomeOpen && len(there["new"]) > 0:
		return "a token is left"
	case o.code != 0 && len(alive) > 0:
		return "failed, and delivered"
	}
	return ""
}

// idsByName are the ids of all tokens, by their names.
func (s *scene) idsByName() map[string][]string {
	s.t.Helper()
	var answer struct {
		Data struct {
			ListAccessTokens struct {
				Total  int
				Tokens []struct{ ID, Name string }
			}
		}
	}
	const query = "query($start: Int!) { listAccessTokens(input: {start: $start, count: 1000, filters: []}) { total tokens { id name } } }"
	ids := map[string][]string{}
	for seen := 0; seen == 0 || seen < answer.Data.ListAccessTokens.Total; {
		answer.Data.ListAccessTokens.Tokens = nil
		if err := s.askWith(s.observer, query, map[string]any{"start": seen}, &answer); err != nil || len(answer.Data.ListAccessTokens.Tokens) == 0 {
			s.t.Errorf("%s: after %d tokens: %v", s.what, seen, err)
			return ids
		}
		for _, token := range answer.Data.ListAccessTokens.Tokens {
			ids[token.Name] = append(ids[token.Name], token.ID)
		}
		seen += len(answer.Data.ListAccessTokens.Tokens)
	}
	return ids
}
