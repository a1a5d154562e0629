package lifecycle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/journal"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// left is an operation that a process left, and the token that it issued.
type left struct {
	*bench
	journal *journal.Journal
	file    string
	issued  datahub.Issued
}

// leave leaves an operation in a state, issued or not, with the secret in the
// file or not.
func leave(t *testing.T, state journal.State, issue, deliver bool, places ...string) *left {
	t.Helper()
	folder := t.TempDir()
	l := &left{bench: newBench(t), journal: journal.In(filepath.Join(folder, "journal")), file: filepath.Join(folder, "token")}
	hour, err := datahub.ParseDuration("ONE_HOUR")
	check(t, err)
	record := journal.Record{
		Mark: datahub.NewMark(), Operation: "create", Server: l.hub.GMSURL, Owner: "urn:li:corpuser:datahub",
		Places: []journal.Place{{Name: "file:" + l.file, Draft: filepath.Join(folder, ".pat-1.tmp")}}, StartedAt: time.Now(),
	}
	for _, place := range places {
		record.Places = append(record.Places, journal.Place{Name: place})
	}
	operation, err := l.journal.Begin(record)
	check(t, err)
	if issue {
		l.issued, err = l.issuance.Client.Create(t.Context(), datahub.NewToken{
			Actor: "urn:li:corpuser:datahub", Name: "ci", Mark: record.Mark, Duration: hour,
		})
		check(t, err)
	}
	if deliver {
		check(t, os.WriteFile(l.file, []byte(l.issued.Secret+"\n"), 0o600))
	}
	sum := sha256.Sum256([]byte(l.issued.Secret))
	if state != journal.Intended {
		check(t, operation.Issued(l.issued.ID, hex.EncodeToString(sum[:]), l.issued.CreatedAt, l.issued.ExpiresAt))
	}
	if state == journal.Handed {
		check(t, operation.Handed())
	}
	check(t, operation.Leave())
	return l
}

// settle settles what was left, so long after it was begun.
func (l *left) settle(t *testing.T, client *datahub.Client, later time.Duration) (lifecycle.Settlement, error) {
	t.Helper()
	open, err := l.journal.Open(time.Now())
	check(t, err)
	if len(open) != 1 {
		t.Fatalf("%d operations are open", len(open))
	}
	recovery := lifecycle.Recovery{Journal: l.journal, Client: client, Now: func() time.Time { return time.Now().Add(later) }}
	return recovery.Settle(t.Context(), open[0].Mark)
}

func TestSettle(t *testing.T) {
	for _, c := range []struct {
		name           string
		state          journal.State
		issue, deliver bool
		places         []string
		later          time.Duration
		want           lifecycle.Settlement
		tokens         int
	}{
		{"nothing asked for, early", journal.Intended, false, false, nil, time.Minute, lifecycle.NotYetVisible, 0},
		{"nothing asked for, late", journal.Intended, false, false, nil, time.Hour, lifecycle.NeverIssued, 0},
		{"issued, not noted", journal.Intended, true, false, nil, 0, lifecycle.Withdrawn, 0},
		{"issued", journal.Issued, true, false, nil, 0, lifecycle.Withdrawn, 0},
		{"delivered, not noted", journal.Issued, true, true, nil, 0, lifecycle.Complete, 1},
		{"printed perhaps", journal.Issued, true, true, []string{"stdout"}, 0, lifecycle.Withdrawn, 0},
		{"given to a command perhaps", journal.Issued, true, true, []string{"exec:cat"}, 0, lifecycle.Withdrawn, 0},
		{"delivered to one of two", journal.Issued, true, true, []string{"file:/nonexistent/b"}, 0, lifecycle.Withdrawn, 0},
		{"handed over", journal.Handed, true, true, []string{"stdout"}, 0, lifecycle.Complete, 1},
		{"handed over, and moved since", journal.Handed, true, false, nil, 0, lifecycle.Complete, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := leave(t, c.state, c.issue, c.deliver, c.places...)
			got, err := l.settle(t, l.issuance.Client, c.later)
			if err != nil || got != c.want || l.left(t) != c.tokens {
				t.Errorf("%q, want %q; %d tokens; %v", got, c.want, l.left(t), err)
			}
			_, statErr := os.Stat(l.file)
			if kept := statErr == nil; kept != (c.deliver && c.want == lifecycle.Complete) {
				t.Errorf("the file is there: %t", kept)
			}
			open, err := l.journal.Open(time.Now())
			check(t, err)
			if still := len(open) == 1; still != (c.want == lifecycle.NotYetVisible) {
				t.Errorf("still open: %t", still)
			}
		})
	}
}

// Who may not revoke a token, or not see it, does not take it for gone.
func TestSettleBySomebodyElse(t *testing.T) {
	for _, state := range []journal.State{journal.Intended, journal.Issued} {
		l := leave(t, state, true, false)
		secret, _ := l.hub.Issue("jdoe", "theirs", time.Hour)
		if got, err := l.settle(t, clientOf(t, l.hub, secret, 1), time.Hour); err == nil || got != "" {
			t.Errorf("%s: %q, %v", state, got, err)
		}
		if open, err := l.journal.Open(time.Now()); err != nil || len(open) != 1 {
			t.Errorf("%s: %d open, %v", state, len(open), err)
		}
		if got, err := l.settle(t, l.issuance.Client, 0); err != nil || got != lifecycle.Withdrawn {
			t.Errorf("%s: by its owner: %q, %v", state, got, err)
		}
	}
}

// What a server in trouble leaves open stays open, and is settled later.
func TestSettleThatFails(t *testing.T) {
	for _, spec := range []string{"revokeAccessToken:error=403,times=always", "revokeAccessToken:status=500,times=always", "listAccessTokens:error=500,times=always"} {
		l := leave(t, journal.Intended, true, false)
		fault, err := mockhub.ParseFault(spec)
		check(t, err)
		l.hub.Inject(fault)
		if got, err := l.settle(t, l.issuance.Client, 0); err == nil {
			t.Errorf("%s: %q", spec, got)
		}
		l.hub.ClearFaults()
		if got, err := l.settle(t, l.issuance.Client, 0); err != nil || got != lifecycle.Withdrawn || l.left(t) != 0 {
			t.Errorf("%s: then %q, %v", spec, got, err)
		}
	}
}

func TestSettleWhatIsNotThereOrHeld(t *testing.T) {
	b := newBench(t)
	j := journal.In(t.TempDir())
	recovery := lifecycle.Recovery{Journal: j, Client: b.issuance.Client, Now: time.Now}
	if got, err := recovery.Settle(t.Context(), "NOSUCHMARK"); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	held, err := j.Begin(journal.Record{Mark: "HELD"})
	check(t, err)
	defer held.Leave() // Windows removes no file that is open
	if got, err := recovery.Settle(t.Context(), "HELD"); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
