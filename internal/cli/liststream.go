package cli

import (
	"context"
	"runtime/debug"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// streams reports whether tokens can be shown as they come: in the server's
// order, each judged by itself, and in a format that needs neither a width nor a header.
func (l *listing) streams() bool {
	if l.order != datahub.AsServed || l.reverse || l.selection.NeedsAll() {
		return false
	}
	switch l.out.Format {
	case render.ID, render.JSONL:
		return true
	case render.Table, render.Wide:
		return !l.out.Terminal
	}
	return false
}

// onlyIDs reports whether nothing of the tokens is needed but their ids.
func (l *listing) onlyIDs() bool {
	return l.streams() && l.out.Format == render.ID && l.selection.Empty()
}

// batch is how many tokens are shown at once while they stream.
const batch = 500

// A stream makes do with so much memory, in bytes, which is no hard limit: what
// is not needed any more is let go of when that is reached, and hardly before, for
// looking for it takes time.
const (
	streamMemory  = 24 << 20
	streamGarbage = 400 // per cent of what is in use; Go's own is 100
)

// stream shows tokens as they come, from whichever instance, and keeps none.
func (l *listing) stream(ctx context.Context) (shown bool, err error) {
	if !l.w.shared {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(streamMemory))
		defer debug.SetGCPercent(debug.SetGCPercent(streamGarbage))
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	read, failed := atEach(ctx, l.all, func(ctx context.Context, at *instance) (bool, error) {
		part, err := l.lookAround(ctx, at)
		if err != nil {
			return false, err
		}
		return true, part.stream(ctx, func() { end(errEnough) })
	})
	return len(read) > 0, failed
}

// stream shows the selected tokens as they come. enough ends it, here and at the
// other instances.
func (p *part) stream(ctx context.Context, enough func()) error {
	if p.onlyIDs() {
		each := func(pass func(string) error) error { return p.client.EachID(ctx, p.whose, pass) }
		return inBatches(p.listing, each, p.showIDs, enough)
	}
	each := func(pass func(datahub.Token) error) error {
		return p.client.EachSelected(ctx, p.whose, p.selection, p.now, pass)
	}
	return inBatches(p.listing, each, p.show, enough)
}

// inBatches shows what each passes on, some at once, until show has had enough.
func inBatches[T any](l *listing, each func(pass func(T) error) error, show func([]T) (full bool, err error), enough func()) error {
	var waiting []T
	flush := func() error {
		full, err := show(waiting)
		if waiting = waiting[:0]; full {
			enough()
			return errEnough
		}
		return err
	}
	err := each(func(one T) error {
		waiting = append(waiting, one)
		if len(waiting) < batch && !l.fills(len(waiting)) {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// show writes some of the tokens, as many as there is room for, and reports
// whether that was the last of it.
func (p *part) show(tokens []datahub.Token) (full bool, err error) {
	listed := p.listed(tokens, len(tokens))
	p.mu.Lock()
	defer p.mu.Unlock()
	listed, full = room(p.listing, listed)
	p.count(listed)
	return full, p.write(listed)
}

// showIDs is show where there are ids only.
func (p *part) showIDs(ids []string) (full bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids, full = room(p.listing, ids)
	p.tally.tokens += len(ids)
	view := render.View[string]{ID: func(id string) string { return id }}
	return full, view.Write(p.w.Stdout(), p.out, ids)
}

// room is as many of some as may still be shown, and whether no more may then.
func room[T any](l *listing, some []T) (fit []T, full bool) {
	if left := l.limit - l.tally.tokens; l.limit > 0 && left <= len(some) {
		return some[:left], true
	}
	return some, false
}

// fills reports whether that many more are as many as are to be shown.
func (l *listing) fills(more int) bool {
	if l.limit == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally.tokens+more >= l.limit
}
