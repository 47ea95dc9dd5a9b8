package recorder

import (
	"time"

	"github.com/scopelog/scopelog/core/clock"
)

const (
	shortRest  = 25 * time.Millisecond
	longRest   = 250 * time.Millisecond
	calmPasses = 8 // in a row, before the drainer rests
)

// rest decides how the drainer waits. Waiting on the ring's bell costs the runtime a monitor that stays awake; where the
// ring has much room a timer is cheaper, and fewer passes are. A ring that fills, such as that of a source that delivers
// as fast as it is drained, is waited for at its bell.
type rest struct {
	most time.Duration // longest rest; 0: longRest
	calm int           // passes in a row that found much room
	time time.Duration // of the next rest
	done int64         // monotonic time when a pass wrote what it had found
}

// saw takes note of how full the fullest lane was when a pass began, 0..1.
func (r *rest) saw(fill float64) {
	switch {
	case fill > 1.0/8:
		r.calm, r.time = 0, max(r.time/2, shortRest)
		return
	case fill < 1.0/32:
		r.time = min(max(2*r.time, shortRest), longRest)
	}
	r.calm++
}

// next is how long to rest now; 0: wait at the bell.
func (r *rest) next() time.Duration {
	if r.calm < calmPasses {
		return 0
	}
	t := max(r.time, shortRest)
	if r.most > 0 {
		t = min(t, r.most)
	}
	return t
}

// newRest lets the drainer rest for a quarter of the sync interval at the most: longer ones would put the syncs off.
func newRest(sync time.Duration) rest {
	return rest{most: min(longRest, max(sync/4, time.Millisecond))}
}

// mayRest tells whether what a pass has found need not be written yet. Where someone looks at what comes sooner than the ring's room
// demands it, only looking is done so often; the rest is done as often as it would be without him.
func (d *Device) mayRest() bool {
	now := clock.Mono()
	if d.o.Prompt > 0 && !d.gen.eos && !isClosed(d.o.Stopping) && now-d.rest.done < int64(d.rest.next()) {
		return true
	}
	d.rest.done = now
	return false
}

// wait blocks until the next pass is worth while.
func (d *Device) wait(dead <-chan struct{}) (asked time.Duration) {
	t := d.rest.next()
	if d.o.Prompt > 0 {
		t = d.o.Prompt
	}
	if t == 0 || isClosed(d.o.Stopping) {
		d.gen.con.Wait(passWait)
		return passWait
	}
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-dead:
	case <-d.o.Stopping:
	}
	return t
}
