package recorder

import (
	"github.com/scopelog/scopelog/shmring"
)

// Watcher looks at what a device delivers while it is recorded. Its methods are called by the draining goroutine and must return at
// once: what they cost, the ring has to hold meanwhile. They may not keep the samples.
type Watcher interface {
	// Watches tells whether the samples of a stream are wanted.
	Watches(stream int) bool
	// Samples are the next samples of a stream that is wanted, of a device that streams.
	Samples(b Batch)
	// Skipped tells of n samples of a stream that nobody looks at, as the ring fills up.
	Skipped(stream int, n int64)
	// Rescaled tells that the samples of a stream that follow stand for other voltages: volts at the input = count x volts + offset.
	Rescaled(stream int, volts, offset float64)
	// Triggered tells of a trigger of the device.
	Triggered(m Moment)
}

// Moment is a point in what a device delivers.
type Moment struct {
	RawIndex    int64 // raw device index
	Epoch       int
	MonoNS      int64 // when it was, as well as the host can tell: CLOCK_MONOTONIC
	DeliveredNS int64 // stamp of the delivery that brought it
	Late        bool  // it came while nobody recorded the device, or a process before has seen it: see [Options].Adopt
}

// Batch is one delivery of one stream.
type Batch struct {
	Stream      int
	Index       int64  // device index of the first sample, in samples of this stream
	Samples     []byte // valid during the call
	Ratio       int64  // raw samples a sample
	IntervalNS  float64
	FirstNS     int64 // when the first sample was taken: CLOCK_MONOTONIC
	DeliveredNS int64
	Epoch       int
	Late        bool // they came while nobody recorded the device, or a process before has looked at them already: see [Options].Adopt
}

// At is the moment of a sample by its device index.
func (b Batch) At(index int64) Moment {
	return Moment{
		RawIndex: index * b.Ratio, Epoch: b.Epoch, MonoNS: b.FirstNS + int64(float64(index-b.Index)*b.IntervalNS), DeliveredNS: b.DeliveredNS, Late: b.Late,
	}
}

// watchable is how full the ring may be for samples still to be looked at: beyond, recording them goes first.
const watchable = 0.5

// show lets the watcher look at n samples of a delivery that are kept.
func (d *Device) show(desc *shmring.Desc, index, n, firstNS int64) {
	i := int(desc.Lane)
	if d.o.Watcher == nil || !d.lanes[i].watched {
		return
	}
	l := &d.lanes[i]
	pos := desc.Pos
	if have := d.replayed(i, pos, n); have > 0 { // those are shown as they are read back
		pos, index, n, firstNS = pos+uint64(have), index+have, n-have, firstNS+int64(float64(have)*l.intervalNS)
	}
	switch {
	case n == 0:
		return
	case d.fill > watchable:
		d.o.Watcher.Skipped(i, n)
		return
	}
	d.o.Watcher.Samples(Batch{
		Stream: i, Index: index, Samples: d.gen.con.Data(i, pos, uint32(n)), Ratio: l.ratio, IntervalNS: l.intervalNS,
		FirstNS: firstNS, DeliveredNS: desc.TMonoNS, Epoch: d.epoch, Late: d.late(desc.TMonoNS),
	})
}

// showTrigger tells the watcher of a trigger at a raw device index, which was at a time on the host's clock.
func (d *Device) showTrigger(raw, ns int64, desc *shmring.Desc) {
	if d.o.Watcher != nil {
		d.o.Watcher.Triggered(Moment{RawIndex: raw, Epoch: d.epoch, MonoNS: min(ns, d.mono()), DeliveredNS: desc.TMonoNS, Late: d.late(desc.TMonoNS)})
	}
}

// showStreamTrigger is showTrigger for a trigger at a sample of a lane.
func (d *Device) showStreamTrigger(l *lane, at int64, desc *shmring.Desc) {
	d.showTrigger(at*l.ratio, l.last.ns+int64(float64(at-l.next)*l.intervalNS), desc)
}

// showWaveTrigger is showTrigger for the trigger of the open waveform, unless that is known not to be recorded.
func (d *Device) showWaveTrigger(desc *shmring.Desc) {
	b := d.blocks
	if fs := int64(desc.Aux); !b.unwanted && b.broken == "" && !heldBack(fs) {
		l := &d.lanes[desc.Lane]
		at := int64(desc.Pos - b.start[desc.Lane])
		position, _ := d.inWave(int(desc.Lane), at, l.ratio, fs)
		d.showTrigger((l.next+position)*l.ratio, b.firstNS+int64(float64(at)*l.intervalNS)+fs/1e6, desc)
	}
}
