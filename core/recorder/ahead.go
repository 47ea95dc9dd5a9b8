package recorder

import (
	"context"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	aheadTime  = 150 * time.Millisecond // of deliveries is looked at before a loss is measured
	aheadLeast = 75 * time.Millisecond  // must lie between the first and the last of them, else some more time is waited for
	aheadMost  = 600 * time.Millisecond
	aheadPause = 5 * time.Millisecond
	// aheadFill is how full the ring may become meanwhile.
	aheadFill = 0.5
)

// lookAhead adds to what a poll brought what follows within a moment, where a loss ends whose length only the clock tells: the first delivery
// behind it may be later than those that follow, and what is written down about the loss stays.
func (d *Device) lookAhead(ctx context.Context, descs []shmring.Desc, dead <-chan struct{}) []shmring.Desc {
	at := d.measured(descs)
	if at < 0 {
		return descs
	}
	firstNS := descs[at].TMonoNS
	descs = append(d.aheadBuf[:0], descs...)
	for began := time.Now(); !over(descs); time.Sleep(aheadPause) {
		waited, seen := time.Since(began), time.Duration(descs[len(descs)-1].TMonoNS-firstNS)
		if waited >= aheadMost || waited >= aheadTime && seen >= aheadLeast || ctx.Err() != nil || isClosed(dead) || isClosed(d.o.Stopping) {
			break
		}
		if d.measure(); d.fill > aheadFill {
			break
		}
		more, err := d.gen.con.Poll()
		if err != nil {
			break // it comes again
		}
		descs = append(descs, more...)
	}
	d.aheadBuf = descs
	return descs
}

// measured returns where a loss ends that the clock has to measure; -1: nowhere.
func (d *Device) measured(descs []shmring.Desc) int {
	if d.blocks != nil {
		return -1
	}
	unknown := !d.gen.open && (d.gen.cause != recording.CauseNone || d.resume != nil)
	for i := range d.lanes {
		unknown = unknown || d.lanes[i].unknown != recording.CauseNone
	}
	for i := range descs {
		switch descs[i].Type {
		case shmring.DescGap:
			unknown = unknown || descs[i].Aux == shmring.UnknownCount
		case shmring.DescData:
			if unknown {
				return i
			}
		}
	}
	return -1
}

func over(descs []shmring.Desc) bool {
	return len(descs) > 0 && descs[len(descs)-1].Type == shmring.DescEOS
}

// firstTaken returns the latest time at which the first sample of desc can have been taken, by what it and those that follow it tell.
func (d *Device) firstTaken(desc *shmring.Desc, firstNS int64) int64 {
	first := int64(desc.FirstSample) * d.lanes[desc.Lane].ratio
	raw := d.arrived.intervalNS
	for i := range d.behind {
		b := &d.behind[i]
		if b.Type == shmring.DescGap && b.Aux == shmring.UnknownCount && b.TMonoNS > desc.TMonoNS {
			break // what follows is from behind another loss
		}
		if b.Type == shmring.DescData {
			end := int64(b.FirstSample+uint64(b.Count)) * d.lanes[b.Lane].ratio
			firstNS = min(firstNS, min(b.TMonoNS, d.mono())-int64(float64(end-first)*raw))
		}
	}
	return firstNS
}

// arrive takes note of when a delivery of the lane came.
func (d *Device) arrive(l *lane, desc *shmring.Desc) {
	first, end := int64(desc.FirstSample)*l.ratio, int64(desc.FirstSample+uint64(desc.Count))*l.ratio
	d.arrived.add(first, end, desc.TMonoNS)
	l.last.ns = d.arrived.taken(end, desc.TMonoNS)
	l.last.early = d.arrived.slack(end, l.last.ns)
	if l.last.ns > d.latest.ns {
		d.latest = l.last
	}
}
