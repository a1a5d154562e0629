package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// outcome is what an operation came to.
type outcome[T any] struct {
	value T
	err   error
}

// limited does work within the keyring's limit and returns at once when ctx
// ends. Work that does not heed its context is left behind; the next operation
// waits for it, within its own limit.
func limited[T any](ctx context.Context, k *Keyring, work func(context.Context) (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, interrupted(ctx)
	}
	if known := k.silent.Load(); known != nil {
		return none, known
	}
	within, cancel := context.WithTimeout(ctx, k.limit)
	defer cancel()
	done := make(chan outcome[T], 1)
	go perform(within, k.busy, work, done)
	got := await(within, k, done)
	switch {
	case got.err == nil:
		return got.value, nil
	case ctx.Err() != nil:
		return none, interrupted(ctx)
	case within.Err() != nil && errors.Is(got.err, within.Err()):
		return none, k.giveUp()
	}
	return none, got.err
}

// perform does work alone: no other operation is under way meanwhile.
func perform[T any](ctx context.Context, busy chan struct{}, work func(context.Context) (T, error), done chan<- outcome[T]) {
	select {
	case busy <- struct{}{}:
		defer func() { <-busy }()
		done <- sheltered(ctx, work)
	case <-ctx.Done():
		done <- outcome[T]{err: ctx.Err()}
	}
}

// sheltered is work whose panics are failures: the library trusts the types of
// what a keyring answers.
func sheltered[T any](ctx context.Context, work func(context.Context) (T, error)) (o outcome[T]) {
	defer func() {
		if p := recover(); p != nil {
			o.err = refused("to speak the protocol", fmt.Errorf("%v", p))
		}
	}()
	o.value, o.err = work(ctx)
	return o
}

// await is the outcome, or the end of ctx. A person who waits is told so.
func await[T any](ctx context.Context, k *Keyring, done <-chan outcome[T]) outcome[T] {
	late := time.NewTimer(k.noticeAfter)
	defer late.Stop()
	for {
		select {
		case o := <-done:
			return o
		case <-late.C:
			k.notice()
		case <-ctx.Done():
			return outcome[T]{err: ctx.Err()}
		}
	}
}

// giveUp remembers that the keyring did not answer in time, so that nobody
// waits for it again.
func (k *Keyring) giveUp() error {
	why := silent(k.limit)
	if k.asking.Load() {
		why = unanswered(k.limit)
	}
	k.silent.CompareAndSwap(nil, why)
	return k.silent.Load()
}
