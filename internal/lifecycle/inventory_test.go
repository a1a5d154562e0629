package lifecycle_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
	"github.com/datahub-pat/pat/internal/lifecycle"
	"github.com/datahub-pat/pat/internal/mockhub"
	"github.com/datahub-pat/pat/internal/transport"
)

// stock is an inventory of the tokens of a hub, with a keyring that fails for
// the ids it is told to.
type stock struct {
	hub      *mockhub.Server
	now      time.Time
	records  []keyring.Record
	keyring  map[string]error // what reading a secret fails with; nil: it is there
	asked    []string         // ids that the keyring was asked for
	notices  []string
	inactive bool // no server is in use
}

func newStock(t *testing.T) *stock {
	t.Helper()
	hub := mockhub.Start(t, mockhub.Options{})
	return &stock{hub: hub, now: hub.Now().Add(time.Hour), keyring: map[string]error{}}
}

// issue issues a token and keeps it, stored an hour ago. A length below zero is
// one that has passed.
func (s *stock) issue(user, name string, length time.Duration) string {
	left := length
	if length != 0 {
		left += time.Hour + time.Minute
	}
	_, id := s.hub.Issue(user, name, left)
	s.keep(s.hub.GMSURL, id, user, name, length)
	return id
}

func (s *stock) keep(server, id, owner, name string, length time.Duration) {
	r := keyring.Record{Server: server, ID: id, Name: name, CreatedAt: s.now, StoredAt: s.now.Add(-time.Hour)}
	if owner != "" {
		r.Owner = "urn:li:corpuser:" + owner
		r.Actor = r.Owner
	}
	if length != 0 {
		r.ExpiresAt = s.now.Add(length)
	}
	s.records = append(s.records, r)
}

// take gives each name its state.
func (s *stock) take(ctx context.Context, t *testing.T, as string) (map[string]lifecycle.State, error) {
	t.Helper()
	inventory := &lifecycle.Inventory{
		Now:    s.now,
		Notice: func(text string) { s.notices = append(s.notices, text) },
		Secret: func(_ context.Context, id string) (keyring.Entry, error) {
			s.asked = append(s.asked, id)
			return keyring.Entry{}, s.keyring[id]
		},
	}
	if !s.inactive {
		inventory.Client = s.client(t, as)
	}
	held, err := inventory.Take(ctx, s.records)
	states := map[string]lifecycle.State{}
	for at, one := range held {
		if one.ID != s.records[at].ID || one.Server != s.records[at].Server {
			t.Errorf("%s came where %s was", one.ID, s.records[at].ID)
		}
		states[one.Name] = one.State
	}
	return states, err
}

func (s *stock) client(t *testing.T, user string) *datahub.Client {
	t.Helper()
	secret, err := s.hub.SignIn(user)
	if err != nil {
		t.Fatal(err)
	}
	address, err := datahub.ParseAddress(s.hub.GMSURL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := datahub.Connect(address, transport.Options{Secret: secret}, datahub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func (s *stock) expect(t *testing.T, as string, want map[string]lifecycle.State) {
	t.Helper()
	got, err := s.take(t.Context(), t, as)
	if err != nil {
		t.Fatal(err)
	}
	for name, state := range want {
		if got[name] != state {
			t.Errorf("%s is %q, want %q", name, got[name], state)
		}
	}
	if len(got) != len(s.records) {
		t.Errorf("%d of %d records", len(got), len(s.records))
	}
}

func absent() error { return failure.New(failure.NotFound, "no entry: %w", keyring.ErrAbsent) }

func TestWhatHasBecomeOfTokens(t *testing.T) {
	s := newStock(t)
	s.issue("datahub", "kept", time.Hour)
	s.issue("datahub", "endless", 0)
	s.issue("datahub", "ended", -50*time.Minute)
	s.keyring[s.issue("datahub", "deleted", time.Hour)] = absent()
	s.keep(s.hub.GMSURL, id("gone"), "datahub", "gone", time.Hour)
	s.keep(s.hub.GMSURL, id("goneAndEnded"), "datahub", "gone and ended", -50*time.Minute)
	s.keep("https://another.example/gms", id("elsewhere"), "datahub", "elsewhere", time.Hour)
	s.keep("https://another.example/gms", id("elsewhereEnded"), "datahub", "elsewhere and ended", -50*time.Minute)
	s.keep("https://another.example/gms", id("elsewhereDeleted"), "datahub", "elsewhere and deleted", time.Hour)
	s.keyring[id("elsewhereDeleted")] = absent()
	s.keep("not an address", id("nowhere"), "datahub", "nowhere", time.Hour)
	s.expect(t, "datahub", map[string]lifecycle.State{
		"kept": lifecycle.Kept, "endless": lifecycle.Kept, "ended": lifecycle.Expired, "deleted": lifecycle.SecretDeleted,
		"gone": lifecycle.Gone, "gone and ended": lifecycle.Gone, "elsewhere": lifecycle.Unknown,
		"elsewhere and ended": lifecycle.Expired, "elsewhere and deleted": lifecycle.SecretDeleted, "nowhere": lifecycle.Unknown,
	})
	if len(s.hub.Journal()) != 1 || len(s.notices) != 0 {
		t.Errorf("%d requests, notices %q", len(s.hub.Journal()), s.notices)
	}
	for _, asked := range s.asked {
		if strings.HasPrefix(asked, "gone") || strings.HasPrefix(asked, "elsewhereEnded") {
			t.Errorf("the keyring was asked for %s, which is of no use", asked)
		}
	}
}

// What is not in the server's index proves nothing where the index may lag, the
// owner's tokens were not seen, or the id is not the server's.
func TestAbsenceThatProvesNothing(t *testing.T) {
	s := newStock(t)
	s.issue("datahub", "kept", time.Hour)
	s.keep(s.hub.GMSURL, id("recent"), "datahub", "recent", time.Hour)
	s.records[1].StoredAt = s.now.Add(-30 * time.Second)
	s.keep(s.hub.GMSURL, id("ownerless"), "", "ownerless", time.Hour)
	s.keep(s.hub.GMSURL, "secret-sha256:00", "datahub", "pasted", time.Hour)
	s.expect(t, "datahub", map[string]lifecycle.State{
		"kept": lifecycle.Kept, "recent": lifecycle.Kept, "ownerless": lifecycle.Unknown, "pasted": lifecycle.Unknown,
	})
}

func TestTokensOfOthersAreUnknownToWhoMayNotSeeThem(t *testing.T) {
	s := newStock(t)
	s.issue("jdoe", "mine", time.Hour)
	s.issue("datahub", "theirs", time.Hour)
	s.keep(s.hub.GMSURL, id("gone"), "jdoe", "gone", time.Hour)
	want := map[string]lifecycle.State{"mine": lifecycle.Kept, "theirs": lifecycle.Unknown, "gone": lifecycle.Gone}
	s.expect(t, "jdoe", want)
	want["theirs"] = lifecycle.Kept
	s.expect(t, "datahub", want)
	if len(s.notices) != 0 {
		t.Errorf("notices %q", s.notices)
	}
	s.records = s.records[1:2]
	s.expect(t, "jdoe", map[string]lifecycle.State{"theirs": lifecycle.Unknown})
	if len(s.notices) != 1 || !strings.Contains(s.notices[0], "not allowed") {
		t.Errorf("notices %q", s.notices)
	}
}

func TestServerThatIsNotAsked(t *testing.T) {
	s := newStock(t)
	s.issue("datahub", "a", time.Hour)
	s.keyring[s.issue("datahub", "b", time.Hour)] = absent()
	s.issue("datahub", "c", -50*time.Minute)
	s.inactive = true
	want := map[string]lifecycle.State{"a": lifecycle.Unknown, "b": lifecycle.SecretDeleted, "c": lifecycle.Expired}
	s.expect(t, "", want)
	if len(s.hub.Journal()) != 0 || len(s.notices) != 0 {
		t.Errorf("%d requests, notices %q", len(s.hub.Journal()), s.notices)
	}
	s.inactive = false
	fault, err := mockhub.ParseFault("listAccessTokens:status=401")
	if err != nil {
		t.Fatal(err)
	}
	s.hub.Inject(fault)
	s.expect(t, "datahub", want)
	if len(s.notices) != 1 {
		t.Errorf("notices %q", s.notices)
	}
	s.hub.ClearJournal()
	s.records = nil
	s.expect(t, "datahub", nil)
	if len(s.hub.Journal()) != 0 {
		t.Error("a server was asked about nothing")
	}
}

func TestKeyringThatFailsIsAskedOnce(t *testing.T) {
	s := newStock(t)
	locked := failure.New(failure.Undelivered, "locked: %w", keyring.ErrLocked)
	for _, name := range []string{"a", "b", "c"} {
		s.keyring[s.issue("datahub", name, time.Hour)] = locked
	}
	s.issue("datahub", "ended", -50*time.Minute)
	s.expect(t, "datahub", map[string]lifecycle.State{
		"a": lifecycle.Unknown, "b": lifecycle.Unknown, "c": lifecycle.Unknown, "ended": lifecycle.Expired,
	})
	if len(s.asked) != 1 || len(s.notices) != 1 || !strings.Contains(s.notices[0], "locked") {
		t.Errorf("asked %d times, notices %q", len(s.asked), s.notices)
	}
}

func TestForeignEntryIsNoFailureOfTheKeyring(t *testing.T) {
	s := newStock(t)
	s.keyring[s.issue("datahub", "a", time.Hour)] = failure.New(failure.Undelivered, "foreign: %w", keyring.ErrForeign)
	s.issue("datahub", "b", time.Hour)
	s.expect(t, "datahub", map[string]lifecycle.State{"a": lifecycle.Unknown, "b": lifecycle.Kept})
	if len(s.notices) != 1 {
		t.Errorf("notices %q", s.notices)
	}
}

func TestInventoryIsInterrupted(t *testing.T) {
	s := newStock(t)
	first := s.issue("datahub", "a", time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.take(ctx, t, "datahub"); failure.KindOf(err) != failure.Interrupted {
		t.Errorf("while the server is asked: %v", err)
	}
	s.keyring[first] = failure.New(failure.Interrupted, "interrupted: %w", context.Canceled)
	if _, err := s.take(t.Context(), t, "datahub"); !errors.Is(err, context.Canceled) {
		t.Errorf("while the keyring is asked: %v", err)
	}
}
