package analyze

import (
	"context"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// Following says how a recording that grows is followed.
type Following struct {
	Every    time.Duration // how often it is looked at; zero: a second
	Patience time.Duration // how long a run is waited for that nobody records, since another recorder may go on with it; zero: ten seconds

	// Tell is given what there is after each look that found something, and once where nothing has come yet, which is a table without rows. It is called
	// from the goroutine that called [Follow], which waits for it. The table and its columns are the operation's: they are valid until Tell returns, and
	// must not be changed. Of a table that Grows, rows that were given before are there again, with the new ones behind them. An error ends it.
	Tell func(t *Table) error

	longLook int64 // for tests
}

// Follow does an operation with a run that records: with what is there, then with what comes, until the run is sealed, nobody records it any more, the
// place is reached where the selection ends, or ctx ends. All of them end it in order, with the result. The recording is opened again for each look; the recorder is not asked. Streams that have
// no samples yet, and parts under other settings, are taken in when they come. What the plan's rules remove before it was looked at is a gap that the
// result tells of.
func Follow(ctx context.Context, dir string, o recording.OpenOptions, sel Selection, op Operation, f Following) (*Table, error) {
	if f.Every <= 0 {
		f.Every = time.Second
	}
	if f.Patience <= 0 {
		f.Patience = 10 * time.Second
	}
	w := &follower{sel: sel, op: op, tell: f.Tell, refused: map[string]string{}, longLook: f.longLook}
	if w.longLook == 0 {
		w.longLook = longLook
	}
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
		w.sel.growing = run != nil && run.State == recording.StateRecording
		err = w.look(ctx, r)
		if w.cut = err != nil && ctx.Err() != nil; err != nil && !w.cut && !w.passing(err) {
			return nil, err
		}
		if live {
			left = time.Now()
		}
		if err == nil {
			w.failedAt = failure{}
		}
		if err == nil && (w.reached || !w.sel.growing) || ctx.Err() != nil {
			return w.finish(ctx, r)
		}
		if time.Since(left) >= f.Patience {
			return w.finish(ctx, r, "nobody records the run any more, and it was not sealed")
		}
		select {
		case <-ctx.Done():
			return w.finish(ctx, r)
		case <-tick.C:
		}
	}
}
