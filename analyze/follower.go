package analyze

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// follower is an operation that goes on with a recording.
type follower struct {
	sel      Selection
	op       Operation
	tell     func(*Table) error
	lanes    []*followed // with what there is now
	state    state
	waiting  []string          // streams that were chosen and have no samples yet
	refused  map[string]string // why sources that came later were not taken in, by their names
	cut      bool              // the last look was ended in its middle
	told     bool              // that there is nothing yet
	reached  bool              // the place where the selection ends, in all streams
	longLook int64             // values
	meter    *meter            // of the present look; nil: it is short
	failedAt failure           // of the last look
}

func (w *follower) close() {
	if w.state != nil {
		w.state.close()
	}
}

// look goes on with what is new.
func (w *follower) look(ctx context.Context, r *recording.Recording) error {
	list, err := sources(r, &w.sel)
	if err != nil && !errors.Is(err, series.ErrEmpty) { // which is nothing yet
		return err
	}
	if err := w.wait(r, list); err != nil {
		return err
	}
	if err := w.take(list); err != nil || w.state == nil {
		return err
	}
	w.reached = len(w.waiting) == 0 && !slices.ContainsFunc(list, func(s *source) bool { return !over(list, s) })
	there := w.renew(list)
	w.measureLook(there)
	news, err := w.advanceAll(ctx, there, !w.sel.growing)
	if err != nil || !news || w.tell == nil {
		return err
	}
	return w.tellSoFar()
}

// tellSoFar tells the result as it is now.
func (w *follower) tellSoFar() error {
	t, err := w.state.result()
	if err != nil {
		return nil // so far it is too little for one; finish says so if it stays so
	}
	t.Operation = w.op.Name()
	t.Follow = slices.Concat(w.notes(), w.waiting)
	t.Notes = slices.Concat(t.Notes, t.Follow)
	return w.tell(t)
}

// over tells that a source, or a later part of its stream, reaches to where the selection ends.
func over(list []*source, s *source) bool {
	return slices.ContainsFunc(list, func(o *source) bool { return o.Stream.Name() == s.Stream.Name() && o.Era >= s.Era && o.reached })
}

// wait finds out which of the chosen streams have no samples yet, and tells it where none has.
func (w *follower) wait(r *recording.Recording, list []*source) error {
	w.waiting = nil
	streams, err := series.Choose(r, w.sel.Streams)
	if err != nil {
		return err
	}
	for _, s := range streams {
		if !slices.ContainsFunc(list, func(src *source) bool { return src.Stream.Name() == s.Name() }) {
			w.waiting = append(w.waiting, s.Name()+": no samples yet")
		}
	}
	if len(list) > 0 || w.told || w.tell == nil {
		return nil
	}
	w.told = true
	return w.tell(&Table{Operation: w.op.Name(), Notes: w.waiting, Follow: w.waiting})
}

// take begins with sources, or takes in those that are new.
func (w *follower) take(list []*source) error {
	if w.state == nil {
		return w.begin(list)
	}
	for _, s := range list {
		if slices.ContainsFunc(w.lanes, func(f *followed) bool { return s.is(f.source) || f.second != nil && s.is(f.second) }) {
			continue
		}
		why := errors.New("it came under new settings, or late")
		if j, ok := w.state.(joiner); ok {
			why = j.add(s)
		}
		if why != nil {
			w.refused[s.name] = fmt.Sprintf("%s: samples %d to %d were not looked at: %v", s.name, s.from, s.to, why)
			continue
		}
		delete(w.refused, s.name)
		w.lanes = append(w.lanes, &followed{lane: &lane{source: s}})
	}
	return nil
}

// begin makes the state, unless it has to wait for a second stream.
func (w *follower) begin(list []*source) error {
	if len(list) == 0 {
		return nil
	}
	s, err := w.op.begin(list)
	if err != nil {
		return err
	}
	if p, ok := s.(paired); ok && p.with() != "" && len(list) < 2 && w.sel.growing {
		s.close()
		return nil // the other one has no samples yet
	}
	w.state = s
	all, err := lanes(list, s)
	for _, l := range all {
		w.lanes = append(w.lanes, &followed{lane: l})
	}
	return err
}

// renew gives the lanes what has come, and lists those that are still there: of others the samples were removed.
func (w *follower) renew(list []*source) (there []int) {
	for i, f := range w.lanes {
		if renew(f.source, list) && (f.second == nil || renew(f.second, list)) {
			f.reader = nil
			there = append(there, i)
		}
	}
	return there
}

// longLook is from how many values on it is told how far a look is: such as the first one, of a run that has recorded for long.
const longLook = 50_000_000

// measureLook makes a meter for a long look.
func (w *follower) measureLook(lanes []int) {
	m := &meter{tell: w.sel.Progress}
	for _, i := range lanes {
		f := w.lanes[i]
		if m.more(f.left(&f.done)); firstPass(w.state, i) != nil {
			m.more(f.left(&f.learned))
		}
	}
	if m.total.Load() < w.longLook {
		m = nil
	}
	w.meter = m
	for _, f := range w.lanes { // what is not there any more counts nothing
		f.meter = m
	}
}

// renew gives a source what has come; whoever holds it sees that. It keeps its name. It returns false when the source is gone.
func renew(old *source, list []*source) bool {
	k := slices.IndexFunc(list, old.is)
	if k < 0 {
		return false
	}
	name, part := old.name, old.part
	*old = *list[k]
	old.name, old.part = name, part
	return true
}

// advanceAll goes on with lanes, several at the same time, and tells whether there was anything.
func (w *follower) advanceAll(ctx context.Context, lanes []int, ended bool) (bool, error) {
	var news atomic.Bool
	turns := make([]*lane, len(lanes))
	for k, i := range lanes {
		turns[k] = w.lanes[i].lane
	}
	takeTurns(turns)
	err := besideEachOther(ctx, len(lanes), w.meter, func(ctx context.Context, k int) error {
		more, err := w.advance(ctx, lanes[k], ended)
		if more {
			news.Store(true)
		}
		return err
	})
	return news.Load(), err
}

// advance goes on with a lane and tells whether there was anything. What has to learn first learns from what is new; where that moves what it knew,
// the lane is gone through again: at the end, or when it has become twice as long since, so that this is seldom.
func (w *follower) advance(ctx context.Context, i int, ended bool) (bool, error) {
	f := w.lanes[i]
	if first := firstPass(w.state, i); first != nil {
		p := w.state.(preparer)
		if _, err := f.advance(ctx, first, &f.learned); err != nil {
			return false, err
		}
		if f.done.begun && (ended || f.learned.samples >= 2*f.since) && f.whole() && p.outdated(i) {
			p.forget(i)
			f.meter.more(f.done.samples * f.width())
			f.done, f.removed = reach{}, removal{}
		}
	}
	if !f.done.begun {
		f.since = f.learned.samples
		if list := f.pieces(); len(list) > 0 {
			f.from = list[0].place()
		}
	}
	return f.advance(ctx, w.state.of(i), &f.done)
}

// every lists all lanes.
func (w *follower) every() (list []int) {
	for i := range w.lanes {
		list = append(list, i)
	}
	return list
}

// passing tells that an error may be that of files which were removed while they were read: the next look sees that. It is none where the look before
// failed at the same place.
func (w *follower) passing(err error) bool {
	var unread *readError
	var missing *series.MissingError
	var at failure
	switch {
	case errors.As(err, &unread):
		at = unread.at
	case errors.As(err, &missing): // no stream was looked at
		at.stream = missing.Stream
		for _, f := range w.lanes {
			at.stored += f.learned.samples + f.done.stored
		}
	default:
		return false
	}
	again := at == w.failedAt
	w.failedAt = at
	return !again
}

// notes tells what was not looked at so far.
func (w *follower) notes() []string {
	var notes []string
	for _, f := range w.lanes {
		notes = append(notes, f.notes()...)
	}
	for _, name := range slices.Sorted(maps.Keys(w.refused)) {
		notes = append(notes, w.refused[name])
	}
	return notes
}

// finish ends what is open and makes the last result, with notes.
func (w *follower) finish(ctx context.Context, r *recording.Recording, notes ...string) (*Table, error) {
	if w.state == nil {
		return nil, series.Nothing(nil)
	}
	if !w.cut && ctx.Err() == nil {
		if _, err := w.advanceAll(ctx, w.every(), true); err != nil && ctx.Err() == nil {
			return nil, err
		}
	}
	for i := range w.lanes {
		if err := w.state.of(i).done(); err != nil {
			return nil, err
		}
	}
	t, err := w.state.result()
	if err != nil {
		return nil, err
	}
	t.Operation = w.op.Name()
	if list, err := sources(r, &w.sel); err == nil {
		t.Notes = append(append(t.Notes, notesOf(r, list)...), w.sel.gone...)
	}
	for i, f := range w.lanes {
		t.Notes = append(t.Notes, blankNotes(f.lane, w.state, i)...)
		t.Notes = append(t.Notes, f.rated()...)
	}
	t.Notes = append(t.Notes, w.notes()...)
	for _, note := range w.waiting {
		t.Notes = append(t.Notes, note+", and it was not waited for any longer")
	}
	if p, ok := w.state.(preparer); ok {
		for i, f := range w.lanes {
			if f.done.begun && p.outdated(i) {
				t.Notes = append(t.Notes, fmt.Sprintf("%s: levels are those of the first %s, and have changed since; without --follow they are those of all",
					f.name, count(f.since, "sample")))
			}
		}
	}
	if w.cut {
		notes = append(notes, "it was ended while it looked: streams may have been looked at up to different places")
	}
	t.Notes = append(t.Notes, notes...)
	return t, nil
}
