package recorder

import "github.com/scopelog/scopelog/core/clock"

// Follower learns when the samples of a device that streams were taken, while it is recorded. Its methods are called by the draining goroutine and must
// return at once.
type Follower interface {
	// Paired tells of the truest delivery since the last checkpoint, about once a sync interval: so many raw samples had arrived at that monotonic time.
	Paired(epoch int, p clock.Pair)
	// Moved tells that a loss was found by the clock: samples from a raw device index on are higher by lost than was told before, give or take doubt.
	Moved(raw, lost, doubt int64)
	// Broken tells that the length of what is missing before a raw device index is an estimate.
	Broken(raw int64)
}

func (d *Device) tellPair(p clock.Pair) {
	if d.o.Follower != nil && d.blocks == nil {
		d.o.Follower.Paired(d.epoch, p)
	}
}

func (d *Device) tellMoved(loss clock.Loss) {
	if d.o.Follower != nil {
		d.o.Follower.Moved(loss.PositionMin, loss.Lost, max(loss.LostMax-loss.LostMin, loss.Lost))
	}
}

func (d *Device) tellBroken(raw int64) {
	if d.o.Follower != nil {
		d.o.Follower.Broken(raw)
	}
}

// taken is the raw device index up to which all streams that somebody looks at, else all, have been taken.
func (d *Device) taken() int64 {
	least, watched := int64(-1), false
	for i := range d.lanes {
		l := &d.lanes[i]
		if l.watched && !watched {
			least, watched = -1, true
		}
		if raw := l.next * l.ratio; l.watched == watched && (least < 0 || raw < least) {
			least = raw
		}
	}
	return max(least, 0)
}
