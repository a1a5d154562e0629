package keyring_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/keyring"
)

// hanging is a keyring whose writes wait until release is closed, and began is
// closed once one waits.
func hanging(t *testing.T, o keyring.Options) (k *keyring.Keyring, b *box, release chan struct{}) {
	t.Helper()
	b = newBox()
	b.hang, b.began = make(chan struct{}), make(chan struct{})
	o.StateDir = t.TempDir()
	return keyring.NewWith(o, b), b, b.hang
}

func TestSilenceIsWaitedForOnce(t *testing.T) {
	k, b, release := hanging(t, keyring.Options{Limit: 100 * time.Millisecond})
	fails(t, k.Put(t.Context(), entry("one")), failure.Undelivered, keyring.ErrSilent)
	close(release) // it would answer now
	fails(t, k.Put(t.Context(), entry("one")), failure.Undelivered, keyring.ErrSilent)
	fails(t, k.Probe(t.Context()), failure.Undelivered, keyring.ErrSilent)
	fails(t, k.Delete(t.Context(), "one"), failure.Undelivered, keyring.ErrSilent)
	_, err := k.Get(t.Context(), "one")
	fails(t, err, failure.Undelivered, keyring.ErrSilent)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.opens > 1 {
		t.Errorf("a silent keyring was asked %d times", b.opens)
	}
}

// An interruption does not wait for the keyring; what is done next does, so
// that it finds what the interrupted call has left, which is nothing.
func TestInterruptedWriteIsTakenBack(t *testing.T) {
	k, b, release := hanging(t, keyring.Options{Limit: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	interrupted := make(chan error)
	go func() { interrupted <- k.Put(ctx, entry("one")) }()
	<-b.began
	cancel()
	fails(t, <-interrupted, failure.Interrupted, context.Canceled)
	deleted := make(chan error)
	go func() { deleted <- k.Delete(t.Context(), "one") }()
	close(release)
	must(t, "delete", <-deleted)
	if got := b.accounts(); len(got) != 0 || len(ids(t, k)) != 0 {
		t.Errorf("left: %q, and in the index %q", got, ids(t, k))
	}
}

func TestInterruptedReplacementPutsBack(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	must(t, "put", k.Put(t.Context(), entry("one")))
	ctx, cancel := context.WithCancel(t.Context())
	b.keep = func(v string) string {
		b.keep = nil
		cancel()
		return v
	}
	changed := entry("one")
	changed.Secret = "sesame-changed"
	fails(t, k.Put(ctx, changed), failure.Interrupted, context.Canceled)
	got, err := k.Get(t.Context(), "one")
	must(t, "get", err)
	if got.Secret != "sesame-one" {
		t.Errorf("got %q", got.Secret)
	}
}

func TestDeadlineOfTheCallerIsNoSilence(t *testing.T) {
	k, _, release := hanging(t, keyring.Options{Limit: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	fails(t, k.Put(ctx, entry("one")), failure.Undelivered, context.DeadlineExceeded)
	close(release)
	must(t, "put", k.Put(t.Context(), entry("one")))
}

// What was left behind is over before anything else is asked of the keyring.
func TestAbandonedOperationIsWaitedFor(t *testing.T) {
	k, b, release := hanging(t, keyring.Options{Limit: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	abandoned := make(chan error)
	go func() { abandoned <- k.Put(ctx, entry("one")) }()
	<-b.began
	cancel()
	fails(t, <-abandoned, failure.Interrupted, context.Canceled)
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := k.Get(soon, "one")
	fails(t, err, failure.Undelivered, context.DeadlineExceeded)
	b.mu.Lock()
	if b.opens != 1 {
		t.Errorf("opened %d times", b.opens)
	}
	b.mu.Unlock()
	close(release)
	_, err = k.Get(t.Context(), "one")
	fails(t, err, failure.NotFound, keyring.ErrAbsent)
}

func TestOperationsTakeTurns(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	done := make(chan error)
	var want []string
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		want = append(want, id)
		go func() { done <- k.Put(t.Context(), entry(id)) }()
	}
	for range want {
		must(t, "put", <-done)
	}
	got := ids(t, k)
	slices.Sort(got)
	if !slices.Equal(got, want) || !slices.Equal(b.accounts(), want) {
		t.Errorf("the index has %q, the keyring %q", got, b.accounts())
	}
}

func TestPersonIsToldWhatIsWaitedFor(t *testing.T) {
	for _, interactive := range []bool{false, true} {
		told := make(chan string, 1)
		k, _, release := hanging(t, keyring.Options{
			Limit: time.Minute, Interactive: interactive, Notice: func(text string) { told <- text },
		})
		k.NoticeAt(time.Millisecond)
		done := make(chan error)
		go func() { done <- k.Put(t.Context(), entry("one")) }()
		if interactive {
			if text := <-told; text != "waiting for the system keyring…" {
				t.Errorf("told %q", text)
			}
		}
		close(release)
		must(t, "put", <-done)
		if len(told) != 0 {
			t.Errorf("interactive %v: told %q", interactive, <-told)
		}
	}
}

func TestQuickKeyringSaysNothing(t *testing.T) {
	k := keyring.NewWith(keyring.Options{
		StateDir: t.TempDir(), Interactive: true, Notice: func(string) { t.Error("told to wait") },
	}, newBox())
	k.NoticeAt(time.Minute)
	must(t, "put", k.Put(t.Context(), entry("one")))
}

func TestLimits(t *testing.T) {
	for want, o := range map[time.Duration]keyring.Options{
		2 * time.Second:  {},
		60 * time.Second: {Interactive: true},
		5 * time.Second:  {Limit: 5 * time.Second},
		7 * time.Second:  {Limit: 7 * time.Second, Interactive: true},
	} {
		if got := keyring.New(o).LimitOf(); got != want {
			t.Errorf("%+v: %s, want %s", o, got, want)
		}
	}
}

func TestPanicOfTheLibraryIsAFailure(t *testing.T) {
	b := newBox()
	k, _ := on(t, b)
	b.keep = func(string) string { panic("interface conversion") }
	err := k.Put(t.Context(), entry("one"))
	fails(t, err, failure.Undelivered, keyring.ErrRefused)
	b.keep = nil
	must(t, "put after it", k.Put(t.Context(), entry("one")))
}
