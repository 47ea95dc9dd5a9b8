package session

import (
	"fmt"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// PreviewVersion is the format_version of a [Preview].
const PreviewVersion = "1.0"

// preview says what the plan would do with what the devices applied.
func preview(p *plan.Plan, opened []*unit, n needs) (*Preview, error) {
	v := &Preview{
		FormatVersion: PreviewVersion, Name: p.Run.Name, Output: p.Run.Output, BytesPerSec: n.bytesPerSec, BytesPerHour: n.bytesPerHour, DiskPerSec: n.diskPerSec, UpTo: n.most,
		RingBytes: n.ringBytes, MaxMemory: n.maxMemory, DiskNeed: n.disk, DiskLeast: n.least, DiskFree: n.free, KeepFree: int64(p.Run.Disk.KeepFree), Seconds: n.seconds,
		Devices: []DevicePreview{}, Warnings: []string{},
	}
	for _, u := range opened {
		d, err := previewDevice(p, u, n)
		if err != nil {
			return nil, err
		}
		v.Devices = append(v.Devices, d)
		if isBlock(u.applied) {
			continue // it waits for room
		}
		if d.Hold < p.Run.Hold.Seconds() {
			v.Warnings = append(v.Warnings, fmt.Sprintf("device %s: the ring holds %.2g s instead of %.2g s", d.Name, d.Hold, p.Run.Hold.Seconds()))
		}
		if p.Run.Adopt > 0 && d.Hold < p.Run.Adopt.Seconds() {
			v.Warnings = append(v.Warnings, fmt.Sprintf("device %s: the ring is shorter than the orphan time of %v: if the core dies, samples are lost before another can take over", d.Name, p.Run.Adopt))
		}
	}
	if err := n.fits(p, true); err != nil {
		v.Warnings = append(v.Warnings, err.Error())
	}
	return v, nil
}

func previewDevice(p *plan.Plan, u *unit, n needs) (DevicePreview, error) {
	if _, err := newDeviceWatch(p, u.plan, u.applied, func(int) finder { return nil }); err != nil {
		return DevicePreview{}, err
	}
	info := deviceInfo(u.plan, u.who, u.info, u.applied)
	if err := cut(&info, p.Run.Rotate); err != nil {
		return DevicePreview{}, &Error{Class: ClassPlan, Device: u.plan.Name, Err: err}
	}
	a := u.applied
	d := DevicePreview{
		Name: u.plan.Name, Driver: u.plan.Driver, Model: u.info.Model, Serial: u.info.Serial, Emulated: u.info.Emulated,
		Mode: string(a.Mode), Resolution: a.Resolution, Asked: fraction(asked(u.config)), Applied: fraction(a.Interval), Power: string(a.Power),
		Hold: recorder.HoldOf(a, n.hold).Seconds(), Cut: info.CutSamples, CutSeconds: float64(info.CutSamples) * a.Interval.Float64(),
		Notes: u.notes(), Streams: []StreamPreview{},
	}
	if b, captures, ok := blockOf(u.config); ok {
		d.Hold, d.Pre, d.Post, d.Captures, d.Armings = 0, a.PreSamples, a.PostSamples, captures, b.Repeat.Count
		d.WaveformBytes, d.RepeatFor, d.Every = int64(waveformBytes(a)), b.Repeat.For.Seconds(), b.Repeat.Every.Seconds()
		d.Timebase = b.Timebase
		d.Triggered, d.Ordered = u.config.Trigger != nil, b.Repeat.Ordered
	}
	if g := u.config.Generator; g != nil && a.Generator != nil {
		d.Generator = describeGenerator(*g, *a.Generator)
	}
	for i, s := range a.Streams {
		d.Streams = append(d.Streams, previewStream(u, info.Streams[i], s, n))
	}
	return d, nil
}

func previewStream(u *unit, info recording.StreamInfo, s driver.Stream, n needs) StreamPreview {
	interval := u.applied.Interval
	if per, err := interval.Mul(units.Rat(max(s.Ratio, 1), 1)); err == nil {
		interval.Rational = per
	}
	v := StreamPreview{
		Name: streamName(u, s), Channel: s.Channel, Kind: string(s.Kind), Interval: fraction(interval),
		BytesPerSec: interval.Rate().Float64() * float64(s.Type.Bytes()),
	}
	v.BytesPerHour = v.BytesPerSec * 3600
	if isBlock(u.applied) {
		all := volumeOf(u.config, u.applied, n.seconds).part(float64(s.WaveformSamples) * float64(s.Type.Bytes()) / waveformBytes(u.applied))
		v.BytesPerSec, v.BytesPerHour, v.UpTo = all.perSecond, all.hour(), all.most
	}
	set, ok := channelApplied(u.applied, s.Channel)
	ch, planned := u.plan.Channel(s.Channel)
	if !ok || !planned || info.Global.Range == nil {
		return v
	}
	r, sensor := *info.Global.Range, *info.Global.Sensor
	v.AskedRange = "±" + ch.Range.String()
	v.InputRange = "±" + set.Range.String()
	v.TipRange = span(r[0], r[1], "V")
	if ch.Equation == "" { // its result is in the unit, and has no range of its own
		v.UnitRange = span(r[0]*sensor.Scale+sensor.Offset, r[1]*sensor.Scale+sensor.Offset, ch.Unit)
	}
	return v
}

func streamName(u *unit, s driver.Stream) string {
	beside := false
	for _, o := range u.applied.Streams {
		beside = beside || o.Channel == s.Channel && o.Kind == driver.StreamRaw
	}
	return recording.StreamName(u.plan.Name, s.Channel, recording.Kind(s.Kind), beside)
}

func span(lo, hi float64, unit string) string {
	if lo == -hi {
		return fmt.Sprintf("±%.4g %s", hi, unit)
	}
	return fmt.Sprintf("%.4g..%.4g %s", lo, hi, unit)
}

// fraction prints an interval exactly, in seconds.
func fraction(i units.Interval) string { return fmt.Sprintf("%d/%d", i.Num(), i.Den()) }

// asked is the raw interval that a configuration asks for; 0 where it names a timebase.
func asked(c driver.Config) units.Interval {
	switch {
	case c.Stream != nil:
		return c.Stream.Interval
	case c.Block != nil:
		return c.Block.Interval
	case c.RapidBlock != nil:
		return c.RapidBlock.Interval
	}
	return units.Interval{}
}
