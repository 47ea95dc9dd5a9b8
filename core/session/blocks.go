package session

import (
	"fmt"
	"math"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
)

// isBlock tells whether a device captures waveforms.
func isBlock(a driver.Applied) bool { return a.Mode != driver.ModeStream }

// byHostTime tells whether a device's time goes by the host's clock: its samples may never come.
func byHostTime(c driver.Config, a driver.Applied) bool {
	return isBlock(a) || c.Stream != nil && c.Stream.StopAfterTrigger
}

// blockOf returns a copy of the block that a configuration asks for, and how many waveforms an arming brings; ok is false
// when it streams.
func blockOf(c driver.Config) (b driver.BlockConfig, captures int64, ok bool) {
	switch {
	case c.Block != nil:
		return *c.Block, 1, true
	case c.RapidBlock != nil:
		return c.RapidBlock.BlockConfig, max(c.RapidBlock.Captures, 1), true
	}
	return b, 0, false
}

// setRepeat changes how often a block is captured. The configuration gets a block of its own.
func setRepeat(c *driver.Config, r driver.Repeat) {
	switch {
	case c.Block != nil:
		b := *c.Block
		b.Repeat, c.Block = r, &b
	case c.RapidBlock != nil:
		b := *c.RapidBlock
		b.Repeat, c.RapidBlock = r, &b
	}
}

// remaining is what is left of a repetition after so many armings and so much time; ok is false when nothing is.
func remaining(r driver.Repeat, armings int64, spent time.Duration) (left driver.Repeat, ok bool) {
	left, ok = r, true
	if r.Count > 0 {
		left.Count = r.Count - armings
		ok = left.Count > 0
	}
	if r.For > 0 {
		left.For = r.For - spent
		ok = ok && left.For > 0
	}
	return left, ok
}

// checkWaveforms refuses waveforms that a recording cannot hold: all streams of a device have the same raw samples.
func checkWaveforms(a driver.Applied) error {
	raw := int64(0)
	for _, s := range a.Streams {
		length, ratio := s.WaveformSamples, max(s.Ratio, 1)
		switch {
		case !isBlock(a):
			if length != 0 {
				return fmt.Errorf("stream %s %s: waveforms of %d samples while it streams", s.Channel, s.Kind, length)
			}
			continue
		case length < 1 || length > math.MaxInt64/8/ratio:
			return fmt.Errorf("stream %s %s: waveforms of %d samples", s.Channel, s.Kind, length)
		case raw != 0 && length*ratio != raw:
			return fmt.Errorf("stream %s %s: waveforms of %d raw samples, those of another stream have %d", s.Channel, s.Kind, length*ratio, raw)
		}
		raw = length * ratio
	}
	return nil
}

// waveformBytes is the size of one waveform of all streams.
func waveformBytes(a driver.Applied) float64 {
	sum := 0.0
	for _, s := range a.Streams {
		sum += float64(s.WaveformSamples) * float64(s.Type.Bytes())
	}
	return sum
}

// volume is what a device brings.
type volume struct {
	perSecond float64 // bytes
	most      bool    // perSecond is the most that can come: dead time and triggers decide
	bytes     float64 // in all, the most that can come; -1: without end, or triggers decide
	repeats   float64 // bytes that can come at the most in the time in which it is armed; -1: without end
}

// hour is what can come in an hour.
func (v volume) hour() float64 {
	hour := v.perSecond * 3600
	for _, most := range []float64{v.bytes, v.repeats} {
		if v.most && most >= 0 {
			hour = min(hour, most)
		}
	}
	return hour
}

// part is the volume of one of the streams.
func (v volume) part(share float64) volume {
	v.perSecond *= share
	if v.bytes >= 0 {
		v.bytes *= share
	}
	if v.repeats >= 0 {
		v.repeats *= share
	}
	return v
}

// volumeOf says what a device brings in so many seconds; -1: without end.
func volumeOf(c driver.Config, a driver.Applied, seconds float64) volume {
	b, captures, ok := blockOf(c)
	if !ok {
		v := volume{perSecond: rateOf(a), bytes: -1, repeats: -1}
		if seconds >= 0 {
			v.bytes = v.perSecond * seconds
		}
		return v
	}
	arming := waveformBytes(a) * float64(captures)
	v := volume{bytes: -1, repeats: -1, perSecond: rateOf(a), most: true}
	if every := b.Repeat.Every.Seconds(); every > 0 && arming/every < v.perSecond {
		v.perSecond, v.most = arming/every, b.Repeat.Ordered || c.Trigger != nil
	}
	if b.Repeat.Count > 0 {
		v.bytes = arming * float64(b.Repeat.Count)
	}
	if limit := b.Repeat.For.Seconds(); limit > 0 && (seconds < 0 || limit < seconds) {
		seconds = limit
	}
	if limit := b.Repeat.For.Seconds(); limit > 0 {
		v.repeats = v.perSecond*limit + arming
	}
	if most := v.perSecond*seconds + arming; seconds >= 0 && b.Repeat.Every > 0 && (v.bytes < 0 || most < v.bytes) {
		v.bytes = most
	}
	return v
}

// rotation is after which time on the host's clock a device in block mode gets its next segment; 0: never.
func rotation(a driver.Applied, r plan.Rotate) time.Duration {
	switch {
	case !isBlock(a):
		return 0
	case r.Hourly:
		return time.Hour
	}
	return r.Every
}

// next prepares the next generation of a device in block mode: the next arming goes on. It is false when all armings
// were seen.
func (d *device) next() (tune func(*driver.Config), ok bool) {
	b, _, block := blockOf(d.unit.plan.Config())
	if !block {
		return nil, true
	}
	left, ok := remaining(b.Repeat, d.recorder.Stats().Arm, time.Since(d.began))
	return func(c *driver.Config) { setRepeat(c, left) }, ok
}

// waits tells whether the device is armed and waits for its trigger, and since when (monotonic ns).
func (d *device) waits(lastNS int64) (since int64, ok bool) {
	since = d.armedNS.Load()
	if since == 0 || since <= d.firedNS.Load() || isBlock(d.unit.applied) && since <= lastNS {
		return 0, false
	}
	return since, true
}

// repeatGrace is how long a driver may take to notice that the time for repeating is over.
const repeatGrace = time.Second

// repeated tells whether the time for repeating is over, of an acquisition that began at a monotonic time, and the device waits all the same: for a
// trigger or an order that may never come. An order that is being carried out is not cut short. Drivers end by themselves; one that does not is stopped.
func (w *watch) repeated(began int64) bool {
	b, _, ok := blockOf(w.u.config)
	if !ok || b.Repeat.For <= 0 || clock.Mono()-began < int64(sum(b.Repeat.For, repeatGrace)) {
		return false
	}
	stats := w.d.recorder.Stats()
	_, waits := w.d.waits(stats.LastNS)
	_, busy := w.d.orderOutstanding(stats)
	return waits || b.Repeat.Ordered && !busy
}

// missesTime tells whether a device has missed something when it was started again, beside what is counted: a stream, and what is captured for as
// long as the run or the plan lets it, or when events come. What is captured so often by itself is made up for.
func (d *device) missesTime() bool {
	b, _, ok := blockOf(d.unit.plan.Config())
	return !ok || b.Repeat.Count == 0 || b.Repeat.Ordered
}

// deadTimes sums up what is known of the time between waveforms, in seconds; -1: nothing.
func deadTimes(f recorder.Stats) (least, mean, worst float64) {
	if f.DeadTimes == 0 {
		return -1, -1, -1
	}
	return f.DeadLeast, f.DeadTotal / float64(f.DeadTimes), f.DeadMost
}
