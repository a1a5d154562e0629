package main

import (
	"bufio"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

// herd is how many tokens are revoked together.
const herd = 9

// revocation is a case of revoking the herd: stopped at a step, or with a fault
// of the network.
type revocation struct{ stop, fault string }

// TestRevokeMatrix stops the revocation of several tokens at every step by every
// signal, and lets the network fail at every one of its requests, before and
// after the server has acted on it. Whatever happens: what pat calls revoked is,
// an exit code of 0 means that all are, nothing else is touched, and the same
// command ends what was begun.
func TestRevokeMatrix(t *testing.T) {
	var all []revocation
	for at := range herd {
		for _, signal := range []string{"KILL", "TERM", "INT"} {
			if runtime.GOOS != "windows" {
				all = append(all, revocation{stop: fmt.Sprintf("revoked %d@%s", at+1, signal)})
			}
		}
	}
	for at := range herd + 1 { // the list is a request too
		for _, kind := range []string{
			"refuse", "reset-before", "reset-after", "cut", "status=502,after=true", "error=500,after=true", "error=500", "hang",
			"reset-after,times=always", "status=401,times=always",
		} {
			all = append(all, revocation{fault: fmt.Sprintf("%s,skip=%d", kind, at)})
		}
	}
	count := &revoked{}
	atOnce(t, all, func(c revocation) { count.judge(c.play(t)) })
	count.print(t)
}

// TestRevokeTwiceAtOnce runs the same revocation twice at once.
func TestRevokeTwiceAtOnce(t *testing.T) {
	count := &revoked{}
	atOnce(t, make([]revocation, 20), func(c revocation) {
		r := c.begin(t, "twice at once")
		printed, codes := r.both(r.arguments(), r.arguments())
		r.printed, r.code = printed, max(codes[0], codes[1])
		count.judge(r)
	})
	count.print(t)
}

// revocationTrial is a case on a scene of its own, with how it ended.
type revocationTrial struct {
	*scene
	printed string
	code    int
	ids     []string // of the herd
	others  []string // the secrets of other tokens
}

func (c revocation) begin(t *testing.T, what string) *revocationTrial {
	t.Helper()
	r := &revocationTrial{scene: newScene(t, what, mockhub.Options{}, nil)}
	for range herd {
		_, id := r.hub.Issue("datahub", "ci", 2*time.Hour)
		r.ids = append(r.ids, id)
	}
	for _, user := range []string{"datahub", "jdoe"} {
		secret, _ := r.hub.Issue(user, "other", 2*time.Hour)
		r.others = append(r.others, secret)
	}
	return r
}

func (*revocationTrial) arguments(more ...string) []string {
	return append([]string{"revoke", "--name", "ci", "--yes", "--max", fmt.Sprint(herd), "--concurrency", "3"}, more...)
}

func (c revocation) play(t *testing.T) *revocationTrial {
	t.Helper()
	if c.fault == "" {
		r := c.begin(t, fmt.Sprintf("stopped at %q", c.stop))
		r.printed, r.code = r.pat(c.stop, r.arguments()...)
		return r
	}
	r := c.begin(t, "with "+c.fault)
	fault, err := mockhub.ParseFault(c.fault)
	if err != nil {
		t.Error(err)
		return r
	}
	r.hub.Inject(fault)
	r.printed, r.code = r.pat("", r.arguments("--timeout", "500ms", "--deadline", "3s")...)
	r.hub.ClearFaults()
	return r
}

// left are those of the herd that the DataHub still has.
func (r *revocationTrial) left() map[string]bool {
	r.t.Helper()
	var answer struct {
		Data struct {
			ListAccessTokens struct{ Tokens []struct{ ID string } }
		}
	}
	err := r.ask(r.observer, "{ listAccessTokens(input: {start: 0, count: 100, filters: []}) { tokens { id } } }", &answer)
	if err != nil {
		r.t.Fatalf("%s: %v", r.what, err)
	}
	there := map[string]bool{}
	for _, token := range answer.Data.ListAccessTokens.Tokens {
		there[token.ID] = true
	}
	left := map[string]bool{}
	for _, id := range r.ids {
		if there[id] {
			left[id] = true
		}
	}
	return left
}

// calledGone are the ids that pat said are revoked, or were gone already.
func (r *revocationTrial) calledGone() []string {
	var ids []string
	for lines := bufio.NewScanner(strings.NewReader(r.printed)); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) > 1 && (fields[0] == "revoked" || fields[0] == "already-gone") {
			ids = append(ids, fields[1])
		}
	}
	return ids
}

// revoked counts what became of the trials.
type revoked struct {
	mu                                         sync.Mutex
	cases, falsely, early, touched, unfinished int
	codes                                      map[int]int
}

func (c *revoked) judge(r *revocationTrial) {
	r.t.Helper()
	left := r.left()
	_, again := r.pat("", r.arguments()...)
	after := r.left()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases++
	if c.codes == nil {
		c.codes = map[int]int{}
	}
	c.codes[r.code]++
	for _, id := range r.calledGone() {
		c.count(r, &c.falsely, left[id], id+" is called revoked, and is there")
	}
	c.count(r, &c.early, r.code == 0 && (len(left) > 0 || len(r.calledGone()) < herd), "exit code 0, and not all are revoked")
	for _, secret := range append(r.others, r.observer) {
		c.count(r, &c.touched, !r.alive(secret), "another token is gone")
	}
	c.count(r, &c.unfinished, again != 0 || len(after) > 0, fmt.Sprintf("the same command again exits with %d and leaves %d", again, len(after)))
}

func (c *revoked) count(r *revocationTrial, counter *int, is bool, what string) {
	if is {
		*counter++
		r.t.Errorf("%s: %s\n%s\n%s", r.what, what, r.printed, r.said)
	}
}

func (c *revoked) print(t *testing.T) {
	t.Logf("%d cases: %d tokens falsely called revoked, %d times exit code 0 too early, %d other tokens touched, %d not ended by the same command",
		c.cases, c.falsely, c.early, c.touched, c.unfinished)
	t.Logf("exit codes and how often (-1: killed): %v", c.codes)
}
