package recorder

import (
	"context"
	"errors"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	passWait   = 100 * time.Millisecond // longest sleep of the drainer
	stallNS    = int64(100 * time.Millisecond)
	flushBytes = 1 << 20 // joined batches are written at this size at the latest
)

// loop is the drainer: pass after pass.
func (d *Device) loop(ctx context.Context, dead <-chan struct{}) Outcome {
	g := d.gen
	for {
		gone := isClosed(dead)
		descs, err := g.con.Poll()
		if err != nil {
			return Outcome{End: EndFault, Fault: err}
		}
		if err := d.pass(descs); err != nil {
			return Outcome{End: EndFault, Fault: err}
		}
		switch {
		case g.con.EOS() && len(descs) == 0, g.eos:
			return Outcome{End: EndFinished}
		case ctx.Err() != nil:
			return Outcome{End: EndAborted}
		case gone && len(descs) == 0:
			return d.drainDead()
		case len(descs) == 0:
			before := clock.Mono()
			g.con.Wait(passWait)
			if now := clock.Mono(); now-before > int64(passWait)+stallNS {
				d.stalls.add(stall{before, now, recording.CauseCore})
			}
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// pass handles what one Poll brought, gives the room back, and looks after syncs and figures.
func (d *Device) pass(descs []shmring.Desc) error {
	d.measure()
	for i := range descs {
		if err := d.take(&descs[i]); err != nil {
			return err
		}
	}
	d.flushAll()
	d.setMarks()
	d.checkFull()
	d.checkpoint(false)
	d.publish()
	return nil
}

// take handles one descriptor, which the consumer has checked already.
func (d *Device) take(desc *shmring.Desc) error {
	switch desc.Type {
	case shmring.DescData:
		return d.takeData(desc)
	case shmring.DescGap:
		d.takeGap(desc)
	case shmring.DescTrigger:
		d.takeTrigger(desc)
	case shmring.DescParam, shmring.DescWaveBegin, shmring.DescWaveEnd:
		return errors.New("the driver sent a mark that does not belong to streaming: " + desc.Type.String())
	case shmring.DescError:
		e := *desc
		d.gen.errSt = &e
	case shmring.DescEOS:
		d.gen.eos = true
	}
	return nil
}

func (d *Device) takeData(desc *shmring.Desc) error {
	l := &d.lanes[desc.Lane]
	count := int64(desc.Count)
	firstNS := desc.TMonoNS - int64(float64(count)*l.intervalNS)
	if err := d.openEpoch(desc.TMonoNS, firstNS-int64(float64(desc.FirstSample)*l.intervalNS)); err != nil {
		return err
	}
	index := l.base + int64(desc.FirstSample)
	l.firstNext = desc.FirstSample + uint64(desc.Count)
	n := l.keep(d.o.Limit, index, count)
	if l.failed != nil {
		n = 0
	}
	if n > 0 {
		d.endGap(int(desc.Lane), firstNS)
		if desc.Code != 0 || desc.Flags&shmring.FlagClipped != 0 {
			d.annotate(int(desc.Lane), recording.LabelOverRange, l.recorded+l.pending.count, n, false)
		}
		d.join(l, desc, index, n, firstNS)
		if l.pending.count*l.sampleBytes >= flushBytes {
			d.flush(int(desc.Lane))
		}
	}
	if l.failed != nil && n < count {
		d.addGap(l, recording.Gap{Cause: recording.CauseDisk, Lost: count, Exact: true, MonoFromNS: l.lastNS, MonoToNS: desc.TMonoNS})
	} else {
		l.next = index + n
		l.full = l.full || n < count
	}
	l.ringPos = desc.Pos + uint64(desc.Count)
	l.lastNS = desc.TMonoNS
	d.picker.Add(clock.Pair{Index: (index + count) * l.ratio, MonoNS: desc.TMonoNS})
	return nil
}

// join adds n samples of a batch to what waits to be written.
func (d *Device) join(l *lane, desc *shmring.Desc, index, n, firstNS int64) {
	p := &l.pending
	if p.count == 0 {
		*p = pending{pos: desc.Pos, index: index, stamp: recording.Stamp{MonoNS: firstNS, UTCNS: d.o.Clock.UTC(firstNS)}}
	}
	p.count += n
}

// flush writes what waits of a stream. It is written or lost when flush returns.
func (d *Device) flush(i int) {
	l := &d.lanes[i]
	p := l.pending
	if p.count == 0 {
		return
	}
	l.pending = pending{}
	data := d.gen.con.Data(i, p.pos, uint32(p.count))
	before := clock.Mono()
	err := d.o.Writer.Append(i, p.index, data, p.stamp)
	if now := clock.Mono(); now-before > stallNS {
		d.stalls.add(stall{before, now, recording.CauseDisk})
	}
	if err == nil {
		l.recorded += p.count
		return
	}
	d.fail(i, p, err)
}

// fail notes that writing a stream failed for good; what was not written of p is lost.
func (d *Device) fail(i int, p pending, err error) {
	l := &d.lanes[i]
	l.failed = err
	n, _ := d.o.Writer.Next(i)
	written := n - l.recorded
	l.recorded = n
	d.addGap(l, recording.Gap{Cause: recording.CauseDisk, Lost: p.count - written, Exact: true, MonoFromNS: l.lastNS, MonoToNS: clock.Mono()})
	if !d.failed {
		d.failed = true
		d.o.Logger.Error("writing failed", "device", d.o.Name, "stream", l.name, "error", err)
		if d.o.Failed != nil {
			d.o.Failed(err)
		}
	}
}

// flushAll writes what waits and gives the ring's room back.
func (d *Device) flushAll() {
	for i := range d.lanes {
		d.flush(i)
		if err := d.gen.con.ReleaseData(i, d.lanes[i].ringPos); err != nil {
			d.o.Logger.Error("room was not given back", "device", d.o.Name, "error", err)
		}
	}
}

// annotate marks samples that are or will be written.
func (d *Device) annotate(i int, label recording.Label, start, count int64, exact bool) {
	d.o.Writer.Annotate(i, recording.Annotation{SampleStart: start, SampleCount: count, Label: label, Exact: &exact})
}

func (d *Device) takeTrigger(desc *shmring.Desc) {
	l := &d.lanes[desc.Lane]
	behind := l.recorded + l.pending.count
	if at := behind - int64(l.ringPos-desc.Pos); at >= 0 && at < behind && !l.full {
		d.annotate(int(desc.Lane), recording.LabelTrigger, at, 1, true)
	}
}

// checkFull closes the full channel once every stream has reached the limit.
func (d *Device) checkFull() {
	if d.isFull || d.o.Limit == (Limit{}) {
		return
	}
	for i := range d.lanes {
		if l := &d.lanes[i]; !l.full && !l.reached(d.o.Limit) {
			return
		}
	}
	d.isFull = true
	close(d.full)
}

// drainDead accounts for what a dead producer had counted as lost and not written down.
func (d *Device) drainDead() Outcome {
	rest, err := d.gen.con.DrainDead()
	for i, n := range rest {
		if n > 0 {
			l := &d.lanes[i]
			d.addGap(l, recording.Gap{Cause: recording.CauseRingFull, Lost: int64(n), Exact: true, MonoFromNS: l.lastNS, MonoToNS: clock.Mono()})
		}
	}
	if err != nil {
		return Outcome{End: EndFault, Fault: err}
	}
	return Outcome{End: EndDead}
}
