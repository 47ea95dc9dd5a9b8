package main

import "github.com/scopelog/scopelog/driver"

// fetchBatch is the most raw samples of a waveform in one batch: two of its bytes each are at most an eighth of the least
// lane of a block mode.
const fetchBatch = int64(1) << 16

// waveform puts a captured waveform into the sink, waiting for room; it stops when the host does not take it. A waveform
// that was in the unit's memory when the acquisition was stopped is fetched all the same.
func (a *acquisition) waveform(c capture) (next step, failure *driver.Error) {
	b := a.set.block
	n := b.samples()
	a.origin = c.first - a.epoch
	for done := int64(0); done < n && !a.muted; {
		size := min(n-done, fetchBatch)
		now := a.clock.now()
		a.sink.Progress()
		a.truth.tick(now, &a.counts)
		if p := a.nextPending(now-a.start, c.first+done+size-1); p != nil {
			if size = min(size, p.index-c.first-done); size <= 0 || p.ns >= 0 && !a.set.fast {
				if failure = a.fire(p, now-a.start); failure != nil {
					a.abandon(done)
					return stopped, failure
				}
				continue
			}
		}
		if a.sink.WaitRoom(a.fetch, a.fastest(size)) != nil {
			a.halt()
			a.abandon(done)
			return stopped, nil
		}
		now = a.clock.now()
		if done == 0 && !a.set.fast { // the time of the last sample
			now = min(now, a.start+a.set.clock.when(c.first+n))
		}
		a.sink.Begin(now)
		if done == 0 {
			a.begin(c, n)
		}
		if last := done+size == n; c.triggered && b.pre >= done && (b.pre < done+size || last) {
			a.sink.Mark(a.triggerMark(b.pre-done, c.offset))
		}
		for _, in := range a.inputs {
			in.push(a.sink, c.first+done, size, a.origin, a.pushed)
		}
		done += size
		if done == n {
			a.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: uint32(a.waves.begun - 1)})
		}
		if err := a.sink.Commit(); err != nil {
			if driver.KindOf(err) == driver.KindBug {
				a.misuse = err
			}
			a.halt()
			return stopped, nil
		}
		a.epoch += size
	}
	if a.mute(); a.muted {
		return stopped, nil
	}
	a.waves.complete++
	a.waves.end = c.first + n
	a.hardware = max(a.hardware, a.waves.end)
	return goOn, nil
}

// begin marks the beginning of a waveform in the open batch.
func (a *acquisition) begin(c capture, n int64) {
	a.sink.Mark(driver.Mark{
		Kind: driver.MarkWaveBegin, Stream: -1, Waveform: uint32(a.waves.begun), Arming: uint32(c.arming), Samples: n, MemorySegment: c.segment,
	})
	if a.waves.begun > a.set.first {
		a.sink.Mark(driver.Mark{Kind: driver.MarkDeadTime, Stream: -1, DeadTimeNS: a.set.clock.nanoseconds(c.first - a.waves.end)})
	}
	a.waves.begun++
}

// abandon ends a waveform of which only a part is delivered.
func (a *acquisition) abandon(done int64) {
	if done == 0 {
		return
	}
	a.sink.Begin(a.clock.now())
	a.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: uint32(a.waves.begun - 1), Incomplete: true})
	if err := a.sink.Commit(); err != nil && driver.KindOf(err) == driver.KindBug {
		a.misuse = err
	}
}
