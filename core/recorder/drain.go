package recorder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	passWait   = 100 * time.Millisecond // longest wait at the ring's bell
	stallNS    = int64(100 * time.Millisecond)
	flushBytes = 1 << 20 // joined batches are written at this size at the latest
)

// maxIndex bounds raw device indexes, so that no sum of two of them overflows. A device that gets there ends in order.
const maxIndex = 1 << 61

var errIndex = errors.New("the driver counted beyond what a run can hold")

// countedOut tells whether the device is at the end of counting.
func (d *Device) countedOut() bool {
	for i := range d.lanes {
		if l := &d.lanes[i]; d.endless && l.next >= d.o.Limit.RawIndex/l.ratio || d.blocks != nil && l.next > maxIndex/l.ratio-d.blocks.length[i] {
			return true
		}
	}
	return false
}

// tellCountedOut says why the device ends.
func (d *Device) tellCountedOut() {
	text := fmt.Sprintf("the device ends: it has counted %d samples, more than one run can; record on in another run", int64(maxIndex))
	d.o.Logger.Warn(text, "device", d.o.Name)
	if err := d.o.Run.Event(recording.Event{Kind: recording.EventWarning, Device: d.o.Name, Text: text}); err != nil {
		d.o.Logger.Warn("event was not written", "device", d.o.Name, "error", err)
	}
}

// loop is the drainer: pass after pass.
func (d *Device) loop(ctx context.Context, dead <-chan struct{}) Outcome {
	g := d.gen
	d.rest = newRest(d.o.Sync)
	for {
		gone := isClosed(dead)
		descs, err := g.con.Poll()
		if err != nil {
			return Outcome{End: EndFault, Fault: err}
		}
		descs = d.lookAhead(ctx, descs, dead)
		if err := d.pass(descs); err != nil {
			return endOf(err)
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
			asked := d.wait(dead)
			if now := clock.Mono(); now-before > int64(asked)+stallNS {
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
	if len(descs) > 0 {
		d.rest.saw(d.fill)
	} else {
		d.idleNS = clock.Mono()
	}
	for i := range descs {
		d.behind = descs[i+1:]
		if err := d.take(&descs[i]); err != nil {
			return err
		}
	}
	if d.checkFull(); d.mayRest() {
		return nil
	}
	d.flushAll()
	d.endReplay()
	d.setMarks(false)
	d.checkFull()
	d.checkpoint(false)
	d.publish()
	return nil
}

// take handles one descriptor, which the consumer has checked already.
func (d *Device) take(desc *shmring.Desc) error {
	// A stamp from outside the time of the generation is a producer's mistake, and must not become a loss of years.
	desc.TMonoNS = min(max(desc.TMonoNS, d.gen.began), d.mono())
	if d.blocks != nil {
		return d.takeBlock(desc)
	}
	switch desc.Type {
	case shmring.DescData:
		return d.takeData(desc)
	case shmring.DescGap:
		return d.takeGap(desc)
	case shmring.DescTrigger:
		d.takeTrigger(desc)
	case shmring.DescParam:
		if desc.Code != shmring.ParamDeadTime {
			return d.takeScale(desc)
		}
		return errStreamed
	case shmring.DescWaveBegin, shmring.DescWaveEnd:
		return errStreamed
	case shmring.DescEOS:
		d.gen.eos = true
	}
	return nil
}

func (d *Device) takeData(desc *shmring.Desc) error {
	l := &d.lanes[desc.Lane]
	d.seeBatch(desc.TMonoNS)
	count := int64(desc.Count)
	firstNS := desc.TMonoNS - int64(float64(count)*l.intervalNS)
	if !d.gen.open {
		d.gen.openNS = desc.TMonoNS
	}
	if desc.TMonoNS == d.gen.openNS || l.unknown != recording.CauseNone { // all lanes begin at one time
		firstNS = d.firstTaken(desc, firstNS)
	}
	if err := d.openEpoch(firstNS - int64(float64(desc.FirstSample)*l.intervalNS)); err != nil {
		return err
	}
	if l.unknown != recording.CauseNone {
		d.endUnknown(l, firstNS)
	}
	index := l.base + int64(desc.FirstSample)
	if !l.full && (index < 0 || index > maxIndex/l.ratio) {
		return errIndex
	}
	n := l.keep(d.o.Limit, index, count)
	if n > 0 {
		d.show(desc, index, n, firstNS)
	}
	switch {
	case n == 0:
	case l.failed != nil:
		d.addGap(l, recording.Gap{Cause: recording.CauseDisk, Lost: n, Exact: true, MonoFromNS: l.last.ns, MonoToNS: desc.TMonoNS})
	default:
		d.endGap(int(desc.Lane), d.arrived.taken(int64(desc.FirstSample)*l.ratio, firstNS))
		if desc.Code != 0 || desc.Flags&shmring.FlagClipped != 0 {
			d.annotate(int(desc.Lane), recording.LabelOverRange, l.recorded+l.pending.count, n, false)
			l.overRange += n
		}
		if l.breaks.n == 0 || index != l.written {
			l.breaks.add(place{l.recorded + l.pending.count, index})
		}
		l.written = index + n
		if err := d.put(l, desc, index, n, firstNS); err != nil {
			return err
		}
	}
	l.next = index + n
	l.full = l.full || n < count
	l.ringPos = desc.Pos + uint64(desc.Count)
	d.deliveryNS = desc.TMonoNS
	d.arrive(l, desc)
	d.picker.Add(clock.Pair{Index: (index + count) * l.ratio, MonoNS: desc.TMonoNS})
	d.listen(desc, index+count)
	return nil
}

// put takes n samples of a batch to the file, which may have them already.
func (d *Device) put(l *lane, desc *shmring.Desc, index, n, firstNS int64) error {
	pos := desc.Pos
	if have := d.replayed(int(desc.Lane), pos, n); have > 0 {
		if err := d.replay(desc, index, have, firstNS); err != nil {
			return err
		}
		pos, index, n, firstNS = pos+uint64(have), index+have, n-have, firstNS+int64(float64(have)*l.intervalNS)
	}
	d.join(l, pos, index, n, firstNS)
	if l.pending.count*l.sampleBytes >= flushBytes {
		d.flush(int(desc.Lane))
	}
	return nil
}

// join adds n samples to what waits to be written.
func (d *Device) join(l *lane, pos uint64, index, n, firstNS int64) {
	p := &l.pending
	if p.count == 0 {
		*p = pending{pos: pos, index: index, stamp: recording.Stamp{MonoNS: firstNS, UTCNS: d.o.Clock.UTC(firstNS)}}
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
	err := d.write(i, p, data)
	d.sawDisk(before)
	if errors.Is(err, errWaveGone) {
		return
	}
	if err != nil {
		d.fail(i, p, err)
		return
	}
	l.recorded, _ = d.o.Writer.Next(i)
}

// write writes a stretch, and tries again for the plan's patience where that can help.
func (d *Device) write(i int, p pending, data []byte) error {
	if err := d.o.Writer.Append(i, p.index, data, p.stamp); err != nil {
		return d.persist(i, p, data, err)
	}
	if d.outage != nil { // a waveform was given up because of it
		d.diskWorks(d.lanes[i].name)
	}
	return nil
}

// sawDisk takes note of how long the disk has held the drainer up since a monotonic time.
func (d *Device) sawDisk(before int64) { d.heldUp(stall{before, clock.Mono(), recording.CauseDisk}) }

// heldUp takes note of a call to the disk, if it was long by the time in which the process ran.
func (d *Device) heldUp(st stall) {
	if st.to-st.from > stallNS && d.pulse.ran(st, st.from, st.to) > stallNS {
		d.stalls.add(st)
	}
}

// fail notes that writing a stream failed for good; what was not written of p is lost.
func (d *Device) fail(i int, p pending, err error) {
	l := &d.lanes[i]
	l.failed = err
	d.spoil()
	if d.blocks != nil {
		d.blocks.breakUp("writing failed: " + err.Error())
		d.tellFailure(l, err)
		return
	}
	n, next := d.o.Writer.Next(i)
	missing := p.index + p.count - next
	l.recorded, l.next = n, next
	fromNS := p.stamp.MonoNS + int64(float64(max(next-p.index, 0))*l.intervalNS) // not that of the last one taken: p has it too
	d.addGap(l, recording.Gap{Cause: recording.CauseDisk, Lost: missing, Exact: true, MonoFromNS: fromNS, MonoToNS: clock.Mono()})
	d.tellFailure(l, err)
}

func (d *Device) tellFailure(l *lane, err error) {
	d.o.Logger.Error("writing failed", "device", d.o.Name, "stream", l.name, "error", err)
	d.o.Failed(err)
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

// checkFull closes the full channel once every stream has reached the limit.
func (d *Device) checkFull() {
	if d.isFull {
		return
	}
	if d.blocks != nil && !d.reachedSamples() {
		return
	}
	for i := range d.lanes {
		if l := &d.lanes[i]; d.blocks == nil && !l.full && !l.reached(d.o.Limit) {
			return
		}
	}
	d.isFull = true
	if d.countedOut() {
		d.tellCountedOut()
	}
	close(d.full)
}

// drainDead accounts for what a dead producer had counted as lost and not written down.
func (d *Device) drainDead() Outcome {
	rest, err := d.gen.con.DrainDead()
	for i, n := range rest {
		if n > 0 && d.blocks == nil { // a block mode has no gaps: what is missing is not in a waveform
			l := &d.lanes[i]
			d.addGap(l, recording.Gap{Cause: recording.CauseRingFull, Lost: int64(n), Exact: true, MonoFromNS: l.last.ns, MonoToNS: clock.Mono()})
			l.passed(int64(n), d.mono())
		}
	}
	if err != nil {
		return Outcome{End: EndFault, Fault: err}
	}
	return Outcome{End: EndDead}
}
