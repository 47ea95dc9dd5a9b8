package recorder

import (
	"math"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// Resume tells of what a device had recorded before its recorder ended, so that the first generation goes on behind it.
type Resume struct {
	// Cause says why samples are missing since: core, reboot when the machine has started anew, not_kept when the run was stopped on purpose.
	Cause recording.Cause
	Was   recording.ResumedDevice
}

// resumeAt takes over what was recorded before. The writer stands behind it already.
func (d *Device) resumeAt(r *Resume) {
	d.resume, d.epoch = r, -1
	for _, e := range r.Was.Epochs {
		d.epoch = max(d.epoch, e.Epoch)
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		l.recorded, l.next = d.o.Writer.Next(i)
		l.base, l.written, l.whole = l.next, l.next, l.recorded
		t := d.o.Writer.Totals(i)
		d.stats.Streams[i].Lost, d.stats.Streams[i].Gaps = t.Lost, int(t.Gaps)
	}
	if b := d.blocks; b != nil {
		b.next, b.nextArm, b.inArm = r.Was.NextWaveform, r.Was.NextArm, r.Was.InArm
		if length := b.length[0]; length > 0 {
			d.stats.Waveforms = d.lanes[0].recorded / length
		}
		d.stats.WaveformsLost = r.Was.Lost
	}
	d.publish()
	if d.limitReached() {
		d.isFull = true
		close(d.full)
	}
}

// limitReached tells whether nothing more is to be recorded.
func (d *Device) limitReached() bool {
	if d.blocks != nil {
		return d.reachedSamples()
	}
	for i := range d.lanes {
		if !d.lanes[i].reached(d.o.Limit) {
			return false
		}
	}
	return d.o.Limit != Limit{}
}

// sinceResume estimates how many samples of the lane fit between the end of what was recorded before and a moment. In the same boot it
// goes by the monotonic clock and the time that the machine was suspended, else by UTC, as far as the system vouches for that.
func (d *Device) sinceResume(to moment, l *lane) bounds {
	w, now := &d.resume.Was, d.o.Clock.At(to.ns)
	t, slack := float64(to.ns-w.MonoNS), float64(w.SlackNS)
	if w.SuspendedNS >= 0 {
		t += math.Max(0, float64(now.SuspendedNS-w.SuspendedNS))
	}
	if !d.sameBoot() {
		t = float64(d.o.Clock.UTC(to.ns) - w.UTCNS)
		slack += utcError(w.UTCErrorNS) + utcError(stateError(now))
	}
	t = math.Max(0, t)
	slack += t * clockError
	n := func(t float64) int64 { return int64(math.Max(0, math.Min(t/l.intervalNS, 1<<62))) }
	return bounds{n(t), n(math.Floor(t - slack - math.Max(latestNS, to.early))), n(math.Ceil(t+slack+latestNS)) + 1}
}

// sameBoot tells whether the times of before can be compared with the monotonic clock.
func (d *Device) sameBoot() bool {
	return d.resume.Was.MonoNS != 0 && d.resume.Was.SameBoot
}

// unsureUTC is how far UTC may be off where the system does not vouch for it: it says 16 s by itself then.
const unsureUTC = 16e9

func utcError(ns int64) float64 {
	if ns < 0 {
		return unsureUTC
	}
	return float64(ns)
}

func stateError(r clock.Reading) int64 {
	if r.State != clock.Synchronised {
		return -1
	}
	return r.MaxErrorNS
}

// gapSince is the loss of a lane from what was recorded before to a moment.
func (d *Device) gapSince(l *lane, b bounds, to int64) recording.Gap {
	w := &d.resume.Was
	g := recording.Gap{
		Cause: d.resume.Cause, Lost: b.best, LostMin: min(b.low, b.best), LostMax: max(b.high, b.best), From: recording.Timestamp(w.UTCNS), MonoToNS: to,
	}
	switch {
	case d.sameBoot():
		g.MonoFromNS = w.MonoNS
	case g.From == 0 && d.openedHere():
		g.MonoFromNS = w.OpenedNS
	case g.From == 0: // nothing is known of it but when the run began
		g.From = min(d.o.Run.Info().Started, recording.Timestamp(d.o.Clock.UTC(to)))
	}
	if d.gen != nil && d.gen.cause != recording.CauseNone {
		g.Cause = recording.MergeCauses(g.Cause, d.gen.cause) // it failed again before its first sample
	}
	return g
}

// openResumed begins the first epoch of a device that goes on: behind what was recorded before, with the time in between as a gap of every lane.
func (d *Device) openResumed(e *recording.Epoch, first moment) {
	e.Cause = d.resume.Cause.String()
	if d.blocks != nil {
		d.followEpoch(e)
		e.Cause = d.resume.Cause.String()
		return
	}
	raw := lane{ratio: 1, intervalNS: d.arrived.intervalNS}
	b := d.sinceResume(first, &raw)
	if d.epoch < 0 {
		b = d.sinceBegin(first.ns, &raw)
	}
	last := d.resume.Was.RawIndex
	up := func(v int64) int64 {
		return (min(v, recording.MaxRawIndex-d.common-last) + last + d.common - 1) / d.common * d.common
	}
	e.Base, e.BaseMax = up(b.best), up(b.high)
	e.BaseMin = min(max((last+b.low)/d.common*d.common, last), e.Base)
}

// loseResumed enters the loss of a device that was to go on and never did, from what was recorded before to a moment.
func (d *Device) loseResumed(until int64) {
	if d.blocks != nil {
		return // what was not captured is no loss
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		if d.epoch < 0 {
			d.addGap(l, d.gapOfAll(l, until))
			continue
		}
		b := d.sinceResume(moment{until, latestNS}, l)
		// Streams may end apart, by a group that was not complete.
		d.addGap(l, d.gapSince(l, b, until))
	}
}

// gapOfAll is the loss of a lane of which nothing had come to the disk before: all of its time up to a moment, as far as is known.
func (d *Device) gapOfAll(l *lane, until int64) recording.Gap {
	b := d.sinceBegin(until, l)
	if !d.endless {
		b.best = d.o.Limit.RawIndex / l.ratio
		b.high = b.best
	}
	return d.gapSince(l, b, until)
}

// openedHere tells whether the moment at which the device's part was opened can be compared with the monotonic clock.
func (d *Device) openedHere() bool {
	return d.resume.Was.OpenedNS != 0 && d.resume.Was.SameBoot
}

// sinceBegin bounds how many samples of the lane a device can have delivered, of which nothing had come to the disk, between the
// beginning of the run and a moment: none when its start had not come, and at most those of all that time, and never surely none.
// In the same boot that goes by the monotonic clock and all that the machine was ever suspended, else by UTC, which nobody vouches for at the beginning.
func (d *Device) sinceBegin(to int64, l *lane) bounds {
	w, now := &d.resume.Was, d.o.Clock.At(to)
	t, slack := float64(to-w.OpenedNS), float64(max(0, now.SuspendedNS))
	if !d.openedHere() {
		t = float64(d.o.Clock.UTC(to) - int64(d.o.Run.Info().Started))
		slack = unsureUTC + utcError(stateError(now))
	}
	t = math.Max(0, t)
	n := func(t float64) int64 { return int64(math.Min(t/l.intervalNS, 1<<62)) }
	return bounds{n(t), 0, n(math.Ceil(t*(1+clockError)+slack)) + 1}
}
