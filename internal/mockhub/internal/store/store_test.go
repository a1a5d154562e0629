package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub/internal/store"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

func newClock() *clock { return &clock{at: time.Unix(1788264000, 0)} }

func open(t *testing.T, path string, c *clock, lag time.Duration) *store.Store {
	t.Helper()
	s, err := store.Open(options(path, c, lag))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func options(path string, c *clock, lag time.Duration) store.Options {
	n := 0
	secret := func() string { n++; return fmt.Sprintf("secret %p %d", c, n) }
	return store.Options{
		Path: path, IndexLag: lag, Memory: time.Minute, Now: c.now, Salt: secret, Key: secret,
		Populate: func(tx *store.Tx) { tx.PutUser(&store.User{Name: "first"}) },
	}
}

func put(t *testing.T, s *store.Store, id string, end int64) {
	t.Helper()
	err := s.Update(func(tx *store.Tx) error {
		tx.PutToken(&store.Token{ID: id, Name: "name " + id, OwnerURN: "urn:li:corpuser:first", CreatedAt: tx.Now().UnixMilli(), ExpiresAt: end})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func revoke(t *testing.T, s *store.Store, id string) {
	t.Helper()
	if err := s.Update(func(tx *store.Tx) error { tx.Revoke(id); return nil }); err != nil {
		t.Fatal(err)
	}
}

// listed are the ids in the index, in its order.
func listed(t *testing.T, s *store.Store) string {
	t.Helper()
	var ids []string
	err := s.View(func(v store.View) {
		page, total := v.Find(nil, 0, 100, 100)
		for _, token := range page {
			ids = append(ids, token.ID)
		}
		if total != len(ids) {
			t.Errorf("%d of %d", len(ids), total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(ids, " ")
}

// kept tells whether a token is in the store.
func kept(t *testing.T, s *store.Store, id string) (there bool) {
	t.Helper()
	if err := s.View(func(v store.View) { there = v.Token(id) != nil }); err != nil {
		t.Fatal(err)
	}
	return there
}

// both runs a test in memory and with a file.
func both(t *testing.T, test func(t *testing.T, path string)) {
	t.Run("memory", func(t *testing.T) { test(t, "") })
	t.Run("file", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "state")) })
}

func TestOrder(t *testing.T) {
	both(t, func(t *testing.T, path string) {
		s := open(t, path, newClock(), 0)
		put(t, s, "c", 0)
		put(t, s, "d", 10)
		put(t, s, "b", 20)
		put(t, s, "a", 10)
		put(t, s, "e", 0)
		if got := listed(t, s); got != "b a d c e" {
			t.Error(got)
		}
		revoke(t, s, "d")
		if got := listed(t, s); got != "b a c e" {
			t.Error(got)
		}
	})
}

func TestIndexLags(t *testing.T) {
	both(t, func(t *testing.T, path string) {
		c := newClock()
		s := open(t, path, c, time.Minute)
		put(t, s, "a", 10)
		if got := listed(t, s); got != "" || !kept(t, s, "a") {
			t.Error(got)
		}
		c.pass(time.Minute)
		if got := listed(t, s); got != "a" {
			t.Error(got)
		}
		revoke(t, s, "a")
		if got := listed(t, s); got != "a" || kept(t, s, "a") {
			t.Error(got)
		}
		c.pass(time.Minute)
		if got := listed(t, s); got != "" {
			t.Error(got)
		}
	})
}

// What comes in bulk ends in the same order as what comes one by one.
func TestBulk(t *testing.T) {
	c := newClock()
	one, many := open(t, "", c, 0), open(t, "", c, time.Minute)
	for i := range 300 {
		id, end := fmt.Sprintf("%03d", (i*7)%300), int64(i%5)
		put(t, one, id, end)
		listed1(t, one)
		put(t, many, id, end)
		if i%3 == 0 {
			revoke(t, one, id)
			listed1(t, one)
			revoke(t, many, id)
		}
	}
	c.pass(time.Minute)
	if a, b := ids(t, one), ids(t, many); !slices.Equal(a, b) || len(a) != 200 {
		t.Errorf("%d and %d:\n%v\n%v", len(a), len(b), a, b)
	}
}

func listed1(t *testing.T, s *store.Store) { _ = ids(t, s) }

func ids(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	if err := s.View(func(v store.View) {
		page, _ := v.Find(nil, 0, 1000, 1000)
		for _, token := range page {
			all = append(all, token.ID)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFindFilters(t *testing.T) {
	s := open(t, "", newClock(), 0)
	for i := range 50 {
		put(t, s, fmt.Sprintf("%02d", i), 0)
	}
	even := func(k *store.Token) bool { return k.ID[1]%2 == 0 }
	err := s.View(func(v store.View) {
		page, total := v.Find(even, 3, 2, 100)
		if total != 25 || len(page) != 2 || page[0].ID != "06" || page[1].ID != "08" {
			t.Errorf("%d, %v", total, page)
		}
		if page, total := v.Find(even, 3, 2, 10); total != 10 || len(page) != 2 {
			t.Errorf("window: %d, %v", total, page)
		}
		if page, total := v.Find(even, 24, 5, 10); total != 10 || len(page) != 1 {
			t.Errorf("beyond the window: %d, %v", total, page)
		}
		if page, total := v.Find(nil, 49, 5, 10); total != 10 || len(page) != 1 {
			t.Errorf("all: %d, %v", total, page)
		}
		if page, _ := v.Find(nil, 60, 5, 100); len(page) != 0 {
			t.Errorf("past the end: %v", page)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFailedUpdateLeavesNothing(t *testing.T) {
	both(t, func(t *testing.T, path string) {
		s := open(t, path, newClock(), 0)
		no := errors.New("no")
		err := s.Update(func(tx *store.Tx) error {
			tx.PutToken(&store.Token{ID: "a"})
			return no
		})
		if !errors.Is(err, no) || kept(t, s, "a") {
			t.Errorf("%v", err)
		}
	})
}

func TestPrivilegesHaveATime(t *testing.T) {
	at := time.Unix(1000, 0)
	u := &store.User{Privileges: []store.Change{
		{Privilege: "p", Granted: true}, {Privilege: "q", Granted: true, At: at.UnixMilli()}, {Privilege: "p", At: at.UnixMilli()},
	}}
	for _, c := range []struct {
		privilege string
		at        time.Time
		want      bool
	}{
		{"p", at.Add(-1 * time.Millisecond), true}, {"p", at, false}, {"q", at.Add(-1 * time.Millisecond), false}, {"q", at, true}, {"r", at, false},
	} {
		if got := u.Has(c.privilege, c.at); got != c.want {
			t.Errorf("%s at %v: %v", c.privilege, c.at, got)
		}
	}
}

func TestEntityID(t *testing.T) {
	for urn, want := range map[string]string{
		"urn:li:corpuser:jdoe": "jdoe", "urn:li:corpuser:a:b": "a:b", "urn:li:corpuser:": "", "jdoe": "", "urn:li:corpuser": "", "": "",
		"urn:xx:corpuser:jdoe": "",
	} {
		if got := store.EntityID(urn); got != want {
			t.Errorf("EntityID(%q) = %q", urn, got)
		}
	}
}

func TestTwoStoresShareAFile(t *testing.T) {
	c := newClock()
	path := filepath.Join(t.TempDir(), "folder", "state")
	one, two := open(t, path, c, 0), open(t, path, c, 0)
	put(t, one, "a", 1)
	if got := listed(t, two); got != "a" {
		t.Errorf("two sees %q", got)
	}
	revoke(t, two, "a")
	put(t, two, "b", 1)
	if got := listed(t, one); got != "b" {
		t.Errorf("one sees %q", got)
	}
	var salts [2]string
	for i, s := range []*store.Store{one, two} {
		if err := s.View(func(v store.View) { salts[i] = v.Salt() + v.Key() }); err != nil {
			t.Fatal(err)
		}
	}
	if salts[0] != salts[1] || salts[0] == "" {
		t.Errorf("secrets %q", salts)
	}
}

// A process killed while it writes leaves a part of a line, which was not acknowledged and must be in nobody's way.
func TestTornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	c := newClock()
	one := open(t, path, c, 0)
	put(t, one, "a", 1)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`[{"at":1,"token":{"id":"torn`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	two := open(t, path, c, 0)
	if got := listed(t, two); got != "a" {
		t.Errorf("two sees %q", got)
	}
	put(t, one, "b", 1)
	if got := listed(t, two); got != "a b" {
		t.Errorf("two sees %q", got)
	}
	if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), "torn") {
		t.Errorf("%v\n%s", err, text)
	}
}

// The file is written anew when most of it no longer matters, and everybody follows.
func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	c := newClock()
	one, two := open(t, path, c, 0), open(t, path, c, 0)
	put(t, one, "stays", 1)
	generation := firstLine(t, path)
	largest := int64(0)
	for i := range 2000 {
		id := fmt.Sprint(i)
		put(t, one, id, 1)
		revoke(t, one, id)
		c.pass(time.Second)
		if info, err := os.Stat(path); err == nil {
			largest = max(largest, info.Size())
		}
	}
	if firstLine(t, path) == generation || largest > 300_000 {
		t.Errorf("never written anew; %d bytes", largest)
	}
	if got := listed(t, two); got != "stays" {
		t.Errorf("two sees %q", got)
	}
	revoke(t, two, "stays")
	if got := listed(t, one); got != "" {
		t.Errorf("one sees %q", got)
	}
	var users, gone int
	err := open(t, path, c, 0).View(func(v store.View) {
		users = len(v.Users())
		if _, ok := v.RevokedAt("stays"); ok {
			gone++
		}
	})
	if err != nil || users != 1 || gone != 1 {
		t.Errorf("%d users, %d gone, %v", users, gone, err)
	}
}

func firstLine(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// A file that is taken away begins anew, for those who have it open too.
func TestFileTakenAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	s := open(t, path, newClock(), 0)
	put(t, s, "a", 1)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := listed(t, s); got != "" {
		t.Errorf("still %q", got)
	}
	put(t, s, "b", 1)
	if got := listed(t, s); got != "b" {
		t.Errorf("%q", got)
	}
}

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	open(t, path, newClock(), 0)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v", mode)
	}
}

func TestDamagedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	c := newClock()
	s := open(t, path, c, 0)
	put(t, s, "a", 1)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := strings.Replace(string(text), `"token"`, `"tok`, 1)
	if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(options(path, c, 0)); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"mockhub":"1","generation":"g","salt":"s","key":"k"}` + "\n" + `[{"at":1,"token":{"id":"a"}}]` + "\n[]\n"))
	f.Add([]byte(`{"mockhub":"1"}` + "\n" + `[{"revoke":"x"},{"user":{"name":""}},{"gone":{"id":"y"}},{}]` + "\n" + `[{"at`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "state")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(options(path, newClock(), 0))
		if err != nil {
			return
		}
		put(t, s, "new", 1)
		if !kept(t, s, "new") {
			t.Error("what was put is not there")
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	both(t, func(t *testing.T, path string) {
		c := newClock()
		s := open(t, path, c, 0)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 25 {
					id := fmt.Sprintf("%d-%d", i, j)
					put(t, s, id, int64(j))
					if !kept(t, s, id) {
						t.Errorf("%s is not there", id)
					}
					if j%2 == 0 {
						revoke(t, s, id)
					}
					_ = ids(t, s)
				}
			})
		}
		wg.Wait()
		if got := len(ids(t, s)); got != 8*12 {
			t.Errorf("%d left", got)
		}
	})
}

func TestClosed(t *testing.T) {
	s := open(t, "", newClock(), 0)
	s.Close()
	if err := s.View(func(store.View) {}); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
	if err := s.Update(func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
}
