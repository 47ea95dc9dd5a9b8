package analyze

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// Following says how a recording that grows is followed.
type Following struct {
	Every    time.Duration // how often it is looked at; zero: a second
	Patience time.Duration // how long a run is waited for that nobody records, since another recorder may go on with it; zero: ten seconds

	// Tell is given what there is after each look that found something; an error ends it.
	Tell func(t *Table) error
}

// Follow does an operation with a run that records: with what is there, then with what comes, until the run is sealed, nobody records it any more, or
// ctx ends. All of them end it in order, with the result. The recording is opened again for each look; the recorder is not asked.
func Follow(ctx context.Context, dir string, o recording.OpenOptions, sel Selection, op Operation, f Following) (*Table, error) {
	if f.Every <= 0 {
		f.Every = time.Second
	}
	if f.Patience <= 0 {
		f.Patience = 10 * time.Second
	}
	w := &follower{sel: sel, op: op, tell: f.Tell}
	defer w.close()
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for left := time.Now(); ; {
		live := recording.Live(dir) // before the look, which then sees all that it wrote
		r, err := recording.OpenWith(dir, o)
		if err != nil {
			return nil, err
		}
		run := r.Run()
		w.recording = run != nil && run.State == recording.StateRecording
		err = w.look(ctx, r)
		if w.cut = err != nil && ctx.Err() != nil; err != nil && !w.cut {
			return nil, err
		}
		if live {
			left = time.Now()
		}
		if !w.recording {
			return w.finish(r)
		}
		if time.Since(left) >= f.Patience {
			return w.finish(r, "nobody records the run any more, and it was not sealed")
		}
		select {
		case <-ctx.Done():
			return w.finish(r)
		case <-tick.C:
		}
	}
}

// follower is an operation that goes on with a recording.
type follower struct {
	sel       Selection
	op        Operation
	tell      func(*Table) error
	recording bool    // the run was not sealed when it was looked at
	lanes     []*lane // with what there is now
	state     state
	cut       bool    // the last look was ended in its middle
	next      []int64 // device index, or number of a waveform, up to which each is done
	open      []bool  // a piece is open
}

func (w *follower) close() {
	if w.state != nil {
		w.state.close()
	}
}

// look goes on with what is new.
func (w *follower) look(ctx context.Context, r *recording.Recording) error {
	list, err := sources(r, &w.sel)
	if errors.Is(err, ErrEmpty) {
		return nil // nothing yet
	}
	if err != nil {
		return err
	}
	if w.state == nil {
		if err := w.begin(ctx, list); err != nil {
			return err
		}
		if w.state == nil {
			return nil
		}
	}
	news := false
	for i, l := range w.lanes {
		if !renew(l.source, list) || l.second != nil && !renew(l.second, list) {
			continue // its samples were removed meanwhile
		}
		l.reader = nil
		more, err := w.advance(ctx, i, l)
		if err != nil {
			return err
		}
		news = news || more
	}
	if !news {
		return nil
	}
	if w.tell == nil {
		return nil
	}
	t, err := w.state.result()
	if err != nil {
		return nil // so far it is too little for one; finish says so if it stays so
	}
	t.Operation = w.op.Name()
	return w.tell(t)
}

// begin makes the state, unless it has to wait for a second stream. An operation that goes through its sources twice learns from what there is now.
func (w *follower) begin(ctx context.Context, list []*source) error {
	s, err := w.op.begin(list)
	if err != nil {
		return err
	}
	if _, ok := s.(paired); ok && len(list) < 2 && w.recording {
		s.close()
		return nil // the other one has no samples yet
	}
	w.state = s
	if w.lanes, err = lanes(list, s); err != nil {
		return err
	}
	w.next, w.open = make([]int64, len(w.lanes)), make([]bool, len(w.lanes))
	for i, l := range w.lanes {
		if w.next[i] = l.from; l.Waveform() > 0 {
			w.next[i] = l.waves[0].Number
		}
		if err := prepare(ctx, s, i, l, nil); err != nil {
			return err
		}
	}
	return nil
}

// renew gives a source what has come; whoever holds it sees that. It returns false when the source is gone.
func renew(old *source, list []*source) bool {
	k := slices.IndexFunc(list, old.is)
	if k < 0 {
		return false
	}
	*old = *list[k]
	return true
}

// ignored tells of sources that came after the operation had begun, which it does not look at.
func (w *follower) ignored(list []*source) []string {
	var notes []string
	for _, s := range list {
		if !slices.ContainsFunc(w.lanes, func(l *lane) bool {
			return s.is(l.source) || l.second != nil && s.is(l.second)
		}) {
			notes = append(notes, fmt.Sprintf("%s: samples %d to %d came under new settings, or late, and were not looked at", s.Stream.Name(), s.from, s.to))
		}
	}
	return notes
}

// advance feeds what a lane has behind what is done, and tells whether there was anything.
func (w *follower) advance(ctx context.Context, i int, l *lane) (bool, error) {
	t, news := w.state.of(i), false
	for _, p := range l.pieces() {
		begins := true
		switch {
		case p.wave != nil && p.wave.Number < w.next[i]:
			continue
		case p.wave != nil:
			w.next[i] = p.wave.Number + 1
		default:
			end := p.from + p.samples
			if end <= w.next[i] {
				continue
			}
			if p.from < w.next[i] || p.from == w.next[i] && p.gap == nil && w.open[i] {
				begins = !w.open[i]
				p.samples, p.from = end-w.next[i], w.next[i]
			}
			w.next[i] = end
		}
		if begins {
			if err := t.open(p); err != nil {
				return news, err
			}
		}
		w.open[i], news = true, true
		reading := ctx
		if p.wave != nil {
			reading = context.WithoutCancel(ctx) // of a waveform there is all or nothing
		}
		if err := l.read(reading, p, nil, t.take); err != nil {
			return news, err
		}
	}
	return news, nil
}

// finish ends what is open and makes the last result, with notes.
func (w *follower) finish(r *recording.Recording, notes ...string) (*Table, error) {
	if w.state == nil {
		return nil, ErrEmpty
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
		t.Notes = append(t.Notes, notesOf(r, list)...)
		t.Notes = append(t.Notes, w.ignored(list)...)
	}
	if w.cut {
		notes = append(notes, "it was ended while it looked: streams may have been looked at up to different places")
	}
	t.Notes = append(t.Notes, notes...)
	return t, nil
}
