package analyze

import (
	"context"
	"errors"
	"fmt"
	"sort"
)

// followed is a lane of a run that grows, with how far it was looked at.
type followed struct {
	*lane
	learned, done reach
	from          int64 // where it was begun with, as a [reach] counts
	since         int64 // how many samples there were when the present levels were taken
	removed       removal
	meter         *meter // of the present look; nil: it is short
}

// reach is how far something has gone through a lane.
type reach struct {
	next    int64 // device index, or number of a waveform, that follows
	stored  int64 // stream index of the sample that follows
	samples int64 // that were taken
	open    bool  // a piece is open
	begun   bool
}

// removal is what was removed, by a rule of the plan, before it was looked at.
type removal struct {
	from, samples int64 // of the first stretch where it began, and of all how much
	stretches     int64
}

// readError is returned where samples could not be read, as against what becomes of them: they may have been removed meanwhile.
type readError struct {
	err error
	at  failure
}

// failure is where a look failed: the other streams may have come on meanwhile. The zero value is nowhere.
type failure struct {
	stream string
	stored int64 // stream index of the sample that follows
}

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

// advance feeds a taker what lies behind a place, and tells whether there was anything. The place is true after an error too.
func (f *followed) advance(ctx context.Context, t taker, at *reach) (news bool, err error) {
	for _, p := range f.pieces() {
		if err := ctx.Err(); err != nil {
			return news, err
		}
		begins := true
		switch {
		case p.wave != nil:
			if at.begun && p.wave.Number < at.next {
				continue
			}
		case at.begun:
			end := p.from + p.samples
			if end <= at.next {
				continue
			}
			if p.from < at.next || p.from == at.next && p.gap == nil && at.open {
				begins = !at.open
				p.samples, p.from = end-at.next, at.next
			}
		}
		f.skip(p, at)
		if begins {
			if err := t.open(p); err != nil {
				return news, err
			}
		}
		at.open, news = true, true
		if err := f.readOn(ctx, p, t, at); err != nil {
			return news, err
		}
	}
	return news, nil
}

// left is how many values there are behind a place.
func (f *followed) left(at *reach) (n int64) {
	for _, p := range f.pieces() {
		if p.wave == nil && at.begun {
			p.samples = min(p.samples, max(0, p.from+p.samples-at.next))
		} else if at.begun && p.wave.Number < at.next {
			continue
		}
		n += p.samples
	}
	return n * f.width()
}

// readOn reads a piece, and notes how far it came.
func (f *followed) readOn(ctx context.Context, p piece, t taker, at *reach) error {
	if p.wave != nil {
		ctx = context.WithoutCancel(ctx) // of a waveform there is all or nothing
	}
	taken, failed := int64(0), error(nil)
	err := f.read(ctx, p, f.meter, f.dosed(ctx, t, func(x []float64) error {
		if failed = t.take(x); failed == nil {
			taken += int64(len(x)) / f.width()
		}
		return failed
	}))
	at.samples += taken
	if p.wave == nil {
		at.next += taken
		at.stored += taken
	} else if err == nil {
		at.next++
		at.stored += p.samples
	}
	if err != nil && failed == nil && !errors.Is(err, context.Canceled) {
		return &readError{fmt.Errorf("%s: %w", f.Stream.Name(), err), failure{f.name, at.stored}}
	}
	return err
}

// skip goes to a piece. What was recorded before it and is gone was removed.
func (f *followed) skip(p piece, at *reach) {
	stored := f.storedAt(p)
	gone := stored - at.stored
	if gone > 0 && f.second != nil { // what one of two lacks is no removal, unless it is all up to there
		gone = min(gone, f.pieces()[0].from-at.next)
	}
	if p.wave == nil && at.begun {
		for _, h := range f.Holes(at.next, p.from) {
			gone -= h.Samples()
		}
	}
	if at == &f.done && at.begun && gone > 0 {
		if f.removed.stretches == 0 {
			f.removed.from = at.next
		}
		f.removed.stretches++
		f.removed.samples += gone
	}
	at.begun, at.stored, at.next = true, stored, p.place()
}

// storedAt returns the stream index of the first sample of a piece.
func (f *followed) storedAt(p piece) int64 {
	if p.wave != nil {
		return f.Spans[p.wave.Spans[0]].Stream
	}
	i := sort.Search(len(f.Spans), func(i int) bool { return f.Spans[i].End() > p.from })
	if i == len(f.Spans) {
		return 0
	}
	return f.Spans[i].Stream + p.from - f.Spans[i].Device
}

// whole tells that what it was begun with is still there, so that it can be gone through again.
func (f *followed) whole() bool {
	list := f.pieces()
	return len(list) > 0 && list[0].place() == f.from
}

// notes tells what was not looked at.
func (f *followed) notes() []string {
	r := &f.removed
	if r.stretches == 0 {
		return nil
	}
	what, from := count(r.samples, "sample"), fmt.Sprintf("sample %d", r.from)
	if n := f.Waveform(); n > 0 {
		what, from = count(r.samples/n, "waveform"), fmt.Sprintf("number %d", r.from)
	}
	if r.stretches > 1 {
		what += " in " + count(r.stretches, "stretch") + ", the first"
	}
	return []string{fmt.Sprintf("%s: gap of %s from %s on: removed by the plan's rules before this looked at them", f.name, what, from)}
}
