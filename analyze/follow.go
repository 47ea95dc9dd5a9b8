package analyze

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// Following says how a recording that grows is followed.
type Following struct {
	Every time.Duration // how often it is looked at; zero: a second

	// Tell is given what there is after each look that found something; an error ends it.
	Tell func(t *Table) error
}

// Follow does an operation with a run that records: with what is there, then with what comes, until the run is sealed or ctx ends. Both end it in
// order, with the result. The recording is opened again for each look; the recorder is not asked.
func Follow(ctx context.Context, dir string, o recording.OpenOptions, sel Selection, op Operation, f Following) (*Table, error) {
	if f.Every <= 0 {
		f.Every = time.Second
	}
	w := &follower{sel: sel, op: op, tell: f.Tell}
	defer w.close()
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		r, err := recording.OpenWith(dir, o)
		if err != nil {
			return nil, err
		}
		if err := w.look(ctx, r); err != nil && !(errors.Is(err, context.Canceled) && ctx.Err() != nil) {
			return nil, err
		}
		if run := r.Run(); run == nil || run.State != recording.StateRecording || ctx.Err() != nil {
			return w.finish(r)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// follower is an operation that goes on with a recording.
type follower struct {
	sel     Selection
	op      Operation
	tell    func(*Table) error
	sources []*source // as they were when it began
	state   state
	next    []int64 // device index, or number of a waveform, up to which each is done
	open    []bool  // a piece is open
	last    *Table
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
	}
	news := false
	for i, old := range w.sources {
		k := slices.IndexFunc(list, func(s *source) bool { return s.Stream.Name() == old.Stream.Name() && s.Era == old.Era })
		if k < 0 {
			continue // its samples were removed meanwhile
		}
		*old = *list[k] // what holds it sees what has come
		more, err := w.advance(ctx, i, old)
		if err != nil {
			return err
		}
		news = news || more
	}
	if !news {
		return nil
	}
	t, err := w.state.result()
	if err != nil {
		return err
	}
	t.Operation = w.op.Name()
	w.last = t
	if w.tell == nil {
		return nil
	}
	return w.tell(t)
}

// begin makes the state. An operation that goes through its sources twice learns from what there is now.
func (w *follower) begin(ctx context.Context, list []*source) error {
	s, err := w.op.begin(list)
	if err != nil {
		return err
	}
	w.sources, w.state = list, s
	w.next, w.open = make([]int64, len(list)), make([]bool, len(list))
	p, ok := s.(preparer)
	for i, src := range list {
		if w.next[i] = src.from; src.Waveform() > 0 {
			w.next[i] = src.waves[0].Number
		}
		if ok {
			if err := feed(ctx, src, p.prepare(i), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// advance feeds what a source has behind what is done, and tells whether there was anything.
func (w *follower) advance(ctx context.Context, i int, src *source) (bool, error) {
	t, news := w.state.of(i), false
	for _, p := range src.pieces() {
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
		if err := src.read(ctx, p, nil, t.take); err != nil {
			return news, err
		}
	}
	return news, nil
}

// finish ends what is open and makes the last result.
func (w *follower) finish(r *recording.Recording) (*Table, error) {
	if w.state == nil {
		return nil, ErrEmpty
	}
	for i := range w.sources {
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
	}
	return t, nil
}
