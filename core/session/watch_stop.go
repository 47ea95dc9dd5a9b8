package session

import (
	"context"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
)

// longestStop bounds how long a unit may hand over what it has captured after the end of a run was asked for: a service manager does not wait for
// ever either.
const longestStop = 4 * time.Minute

// stopDevice asks the device to end. In block modes it may take long until all that was captured is handed over; as long as that goes on it is waited
// for, up to [longestStop].
func (w *watch) stopDevice(ctx context.Context) error {
	if !isBlock(w.u.applied) {
		return w.u.device.Stop(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- w.u.device.StopWithin(ctx, longestStop) }()
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	moved := progress{at: clock.Mono(), budget: host.FetchBudget(w.u.who.Budgets, w.u.plan.HangAfter)}
	moved.budget = max(moved.budget, host.CloseBudget(w.u.who.Budgets, w.u.plan.HangAfter))
	for {
		select {
		case err := <-stopped:
			return err
		case <-tick.C:
			w.ring.Alive()
			if p := w.ring.Progress(); moved.stands(p.Committed, p.ProgressNS, clock.Mono()) {
				cancel()
			}
		}
	}
}

// progress tells whether a ring still gets on while its device is stopped.
type progress struct {
	at        int64 // monotonic, when it was seen to get on last
	committed uint64
	markNS    int64
	budget    time.Duration
}

// stands takes a look at what was committed and the producer's mark of progress, and tells whether neither has changed for longer than the budget.
func (p *progress) stands(committed uint64, markNS, now int64) bool {
	if committed != p.committed || markNS != p.markNS {
		p.at, p.committed, p.markNS = now, committed, markNS
	}
	return now-p.at > int64(p.budget)
}
