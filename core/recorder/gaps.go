package recorder

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// bounds are an estimated number of samples and what it may really be.
type bounds struct{ best, low, high int64 }

// moment is when a sample was taken, monotonic ns: at most early before ns.
type moment struct {
	ns    int64
	early float64
}

// estimate says how many samples of an interval fit between the last sample before a loss and the first behind it.
func estimate(from, to moment, intervalNS float64) bounds {
	t := math.Max(0, float64(to.ns-from.ns))
	n := func(t float64) int64 { return int64(math.Max(0, math.Min(t/intervalNS, 1<<62))) }
	return bounds{n(t), n(math.Floor(t*(1-clockError) - to.early)), n(math.Ceil(t*(1+clockError)+from.early)) + 1}
}

// begun is when the first sample of the generation was taken, which the deliveries say was at firstNS.
func (d *Device) begun(firstNS int64) moment {
	if d.gen.startNS == 0 {
		return moment{firstNS, latestNS}
	}
	firstNS = max(firstNS, d.gen.startNS)
	return moment{firstNS, min(float64(firstNS-d.gen.startNS), soonNS)}
}

// openEpoch begins the epoch with the first thing that a generation brings: its first sample was taken at firstNS.
func (d *Device) openEpoch(firstNS int64) error {
	g := d.gen
	if g.open {
		return nil
	}
	first := d.begun(firstNS)
	firstNS = first.ns
	e := recording.Epoch{Cause: "start", FirstMonoNS: firstNS, FirstUTCNS: d.o.Clock.UTC(firstNS)}
	goesOn := d.resume != nil && (d.epoch >= 0 || d.blocks == nil)
	switch {
	case goesOn:
		d.openResumed(&e, first)
	case g.cause == recording.CauseNone:
	case d.blocks != nil:
		d.followEpoch(&e)
	default:
		d.placeEpoch(&e, first)
	}
	if err := d.o.Writer.StartEpoch(e); err != nil {
		return fmt.Errorf("begin epoch %d: %w", d.epoch+1, err)
	}
	g.open = true
	d.epoch++
	if d.blocks == nil && (goesOn || g.cause != recording.CauseNone) {
		d.tellBroken(e.Base)
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		l.base = e.Base / l.ratio
		if goesOn && d.blocks == nil {
			d.addGap(l, d.gapSince(l, bounds{l.base - l.next, max(e.BaseMin/l.ratio-l.next, 0), e.BaseMax/l.ratio - l.next}, firstNS))
		} else if g.cause != recording.CauseNone && d.blocks == nil {
			d.addGap(l, recording.Gap{
				Cause: g.cause, Lost: l.base - l.next, LostMin: max(e.BaseMin/l.ratio-l.next, 0),
				LostMax: e.BaseMax/l.ratio - l.next, MonoFromNS: l.last.ns, MonoToNS: firstNS,
			})
		}
		if l.last.ns < firstNS {
			l.last = first // a loss that is told of next began no earlier
		}
	}
	d.deliveryNS = max(d.deliveryNS, firstNS)
	if d.before.ns < firstNS {
		d.before = first
	}
	d.resume = nil
	return nil
}

// placeEpoch estimates the raw device index at which a later epoch begins: a multiple of every ratio, at or behind
// what is there already.
func (d *Device) placeEpoch(e *recording.Epoch, first moment) {
	e.Cause = d.gen.cause.String()
	last, at := int64(-1), moment{} // raw device index behind the last sample, and when that was taken
	for i := range d.lanes {
		l := &d.lanes[i]
		if raw := l.next * l.ratio; raw > last || raw == last && l.last.ns > at.ns {
			last, at = raw, l.last
		}
	}
	b := estimate(at, first, d.arrived.intervalNS)
	up := func(v int64) int64 { return (v + d.common - 1) / d.common * d.common }
	e.Base, e.BaseMax = up(last+b.best), up(last+b.high)
	e.BaseMin = min(max((last+b.low)/d.common*d.common, last), e.Base)
}

// followEpoch lets a later epoch of a block mode begin where the last waveform ended: the time in between is no gap.
func (d *Device) followEpoch(e *recording.Epoch) {
	e.Cause = d.gen.cause.String()
	for i := range d.lanes {
		e.Base = max(e.Base, d.lanes[i].next*d.lanes[i].ratio)
	}
	e.Base = (e.Base + d.common - 1) / d.common * d.common
	e.BaseMin, e.BaseMax = e.Base, e.Base
}

// takeGap handles a loss that the producer wrote down.
func (d *Device) takeGap(desc *shmring.Desc) error {
	l := &d.lanes[desc.Lane]
	d.seeBatch(desc.TMonoNS)
	if !d.gen.open {
		d.gen.openNS = desc.TMonoNS
		if err := d.openEpoch(d.firstTaken(desc, desc.TMonoNS) - int64(float64(desc.FirstSample)*l.intervalNS)); err != nil {
			return err
		}
	}
	gap := recording.Gap{Cause: causeOf(desc.Code), Lost: int64(desc.Aux), Exact: true, MonoFromNS: l.last.ns, MonoToNS: desc.TMonoNS}
	if desc.Aux == shmring.UnknownCount {
		l.unknown = gap.Cause // how long, tells the time of the next data
		return nil
	}
	if gap.Lost > maxIndex/l.ratio-l.next {
		return errIndex
	}
	if gap.Cause == recording.CauseRingFull {
		gap.Cause = d.blame(l.last.ns, desc.TMonoNS)
	} else {
		d.noteInside(l, gap.Lost, gap.Lost)
	}
	d.addGap(l, gap)
	l.passed(gap.Lost, desc.TMonoNS)
	return nil
}

// endUnknown gives a loss without a length an estimated one: it ended with a sample that was taken at firstNS. All
// lanes get the same number of raw samples, a multiple of every ratio, so that groups stay where they belong.
func (d *Device) endUnknown(l *lane, firstNS int64) {
	if d.unknown == nil {
		b := estimate(d.before, moment{firstNS, latestNS}, d.arrived.intervalNS)
		b.best = (b.best + d.common/2) / d.common * d.common
		b.low, b.high = min(b.low, b.best), max(b.high, b.best)
		d.unknown = &b
		d.arrived.forget()
	}
	lost := d.unknown.best / l.ratio
	d.addGap(l, recording.Gap{
		Cause: l.unknown, Lost: lost, LostMin: d.unknown.low / l.ratio, LostMax: d.unknown.high/l.ratio + 1,
		MonoFromNS: l.last.ns, MonoToNS: firstNS,
	})
	l.base += lost // the epoch index does not know of it
	d.tellBroken(l.next * l.ratio)
	d.noteInside(l, lost, d.unknown.high/l.ratio+1)
	d.relearn()
	l.unknown = recording.CauseNone
}

// seeBatch notes that a delivery of that time is being taken.
func (d *Device) seeBatch(tMonoNS int64) {
	if tMonoNS != d.batchNS {
		d.before, d.batchNS, d.unknown = d.latest, tMonoNS, nil
	}
}

// blame tells whose fault a ring was that was full between two times: that of what kept the recorder longer then, the disk or that it did not run; ring_full
// when nothing did.
func (d *Device) blame(from, to int64) recording.Cause {
	disk, core := d.stalls.within(from, to, d.pulse)
	disk, core = max(disk, d.sync.hanging(from, to)), max(core, d.pulse.away(from, to))
	switch {
	case disk == 0 && core == 0:
		return recording.CauseRingFull
	case core > disk:
		return recording.CauseCore
	default:
		return recording.CauseDisk
	}
}

func causeOf(code uint32) recording.Cause {
	if c := recording.Cause(code); code <= 255 && c.Valid() {
		return c
	}
	return recording.CauseUnknown
}

// addGap notes a loss behind what the lane has; gaps that touch are one. What lies behind the run's limit is no loss.
func (d *Device) addGap(l *lane, g recording.Gap) {
	if l.pending.count > 0 {
		d.flush(d.number(l))
	}
	if g.Exact {
		g.LostMin, g.LostMax = g.Lost, g.Lost
	}
	if l.full || l.reached(d.o.Limit) {
		l.full = true
		return
	}
	if d.o.Limit.RawIndex > 0 {
		left := d.o.Limit.RawIndex/l.ratio - l.next
		l.full = g.Lost >= left
		g.Lost, g.LostMin, g.LostMax = min(g.Lost, left), min(g.LostMin, left), min(g.LostMax, left)
	}
	if g.LostMax <= 0 {
		return
	}
	if g.From == 0 && g.MonoFromNS != 0 {
		g.From = recording.Timestamp(d.o.Clock.UTC(g.MonoFromNS))
	}
	l.next += g.Lost
	if l.gap == nil {
		l.gap = &g
		return
	}
	m := l.gap.Merge(g)
	l.gap = &m
}

func (d *Device) number(l *lane) int {
	for i := range d.lanes {
		if &d.lanes[i] == l {
			return i
		}
	}
	return -1
}

// endGap tells the writer of the loss before a sample that was taken at firstNS.
func (d *Device) endGap(i int, firstNS int64) {
	l := &d.lanes[i]
	if l.gap == nil {
		return
	}
	g := *l.gap
	l.gap = nil
	g.MonoToNS = max(firstNS, g.MonoFromNS)
	g.To = recording.Timestamp(d.o.Clock.UTC(g.MonoToNS))
	if g.MonoFromNS == 0 {
		g.MonoToNS = 0 // the boot has changed in between
	}
	d.flush(i)
	err := d.o.Writer.Gap(i, g)
	if d.noteGap(i, g); err != nil {
		d.o.Logger.Error("gap was not written down", "device", d.o.Name, "stream", l.name, "error", err)
		return
	}
	d.recount(i) // it may have joined one that the disk left
}
