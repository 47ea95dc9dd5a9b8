package scope

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// blockSetup is a block mode as configured: an arming takes one waveform, or several one after another.
type blockSetup struct {
	window
	timebase uint32
	first    int64 // memory segment of the first waveform of an arming
	captures int64 // waveforms of an arming
	repeat   int64 // armings; 0: without end
	lasts    time.Duration
	every    time.Duration
	ordered  bool
}

func (b *blockSetup) samples() int64 { return b.pre + b.post }

// segments is into how many the memory is divided.
func (b *blockSetup) segments() int64 { return b.first + b.captures }

// length reads how much lies around a trigger, and how often it is captured. It needs the interval.
func (p *planner) length() error {
	c, s := p.blocks(), &blockSetup{captures: 1}
	pre, err := p.streamSpan(c.Pre, p.field("pre"))
	if err != nil {
		return err
	}
	post, err := p.streamSpan(c.Post, p.field("post"))
	if err != nil {
		return err
	}
	if pre+post == 0 {
		return picosdk.Refuse("configure", p.field("post"), `"1ms"`, "a waveform without samples is not possible")
	}
	ratio := p.s.run.Ratio()
	if odd := (pre + post) % ratio; odd != 0 { // so that all streams have whole waveforms
		post += ratio - odd
		p.s.applied.Notes = append(p.s.applied.Notes, "waveforms are made longer behind the trigger, to whole groups of downsampling")
	}
	if c.Repeat.Count < 0 || c.Repeat.For < 0 || c.Repeat.Every < 0 {
		return driver.Errorf(driver.KindBug, "configure", "a negative number of repeats, or a negative time")
	}
	if r := p.cfg.RapidBlock; r != nil {
		most := int64(mostAround)
		if m, _ := p.caps.Mode(driver.ModeRapidBlock); m.MaxCaptures > 0 {
			most = m.MaxCaptures
		}
		if r.Captures < 1 || r.Captures > most {
			return picosdk.Refuse("configure", p.field("captures"), fmt.Sprint(min(max(r.Captures, 1), most)), "%d captures are not possible; the most is %d", r.Captures, most)
		}
		s.captures = r.Captures
		p.s.applied.Captures = r.Captures
	}
	s.window = window{pre, post}
	s.timebase, s.first = uint32(p.s.applied.Timebase), int64(c.MemorySegment)
	s.repeat, s.lasts, s.every, s.ordered = c.Repeat.Count, c.Repeat.For, c.Repeat.Every, c.Repeat.Ordered
	if c.Repeat.Forever {
		s.repeat = 0
	}
	p.s.block = s
	p.s.applied.PreSamples, p.s.applied.PostSamples = pre, post
	for i := range p.s.applied.Streams {
		st := &p.s.applied.Streams[i]
		st.WaveformSamples = s.samples() / st.Ratio
	}
	return nil
}

// room is what one waveform may have when the memory is divided: the samples of a segment, 0 where the unit cannot be divided
// so often.
func (p *planner) room(segments, samples int64) (int64, error) {
	u := p.dev.unit.(BlockUnit)
	if _, err := u.Segments(segments); !picosdk.Tolerable(err) {
		if picosdk.IsStatus(err, picosdk.StatusTooManySegments, picosdk.StatusTooManySamples) {
			return 0, nil
		}
		return 0, err
	}
	_, most, err := u.Timebase(uint32(p.s.applied.Timebase), samples)
	if picosdk.IsStatus(err, picosdk.StatusTooManySamples) && most <= 0 {
		_, most, err = u.Timebase(uint32(p.s.applied.Timebase), 1)
	}
	if picosdk.IsStatus(err, picosdk.StatusTooManySamples) {
		return min(most, samples-1), nil
	}
	return most, err
}

// memory checks that the waveforms of an arming fit into the unit.
func (p *planner) memory() error {
	b := p.s.block
	most, err := p.room(b.segments(), b.samples())
	if err != nil || most >= b.samples() {
		return err
	}
	single, err := p.room(b.first+1, b.samples())
	switch {
	case err != nil:
		return err
	case single == 0 && b.first > 0:
		return p.noSegment()
	case single < b.samples() && b.first == 0:
		return p.tooLong(single, "the unit's memory holds")
	case single < b.samples():
		return p.tooLong(single, fmt.Sprintf("divided into %d segments, each holds", b.first+1))
	}
	n, err := p.fitting(1, b.captures)
	if err != nil {
		return err
	}
	e := picosdk.Refuse("configure", p.field("captures"), fmt.Sprint(n), "%d waveforms of %d samples do not fit into the unit's memory", b.captures, b.samples())
	if most > 0 {
		e.Message += fmt.Sprintf("; so many may have %d samples each", most)
	}
	return e
}

// noSegment refuses a memory segment that there is not.
func (p *planner) noSegment() error {
	b := p.s.block
	low, high := int64(0), b.first // the first is possible, the other not
	for high-low > 1 {
		at := low + (high-low)/2
		most, err := p.room(at+1, 1)
		if err != nil {
			return err
		}
		if most > 0 {
			low = at
		} else {
			high = at
		}
	}
	return picosdk.Refuse("configure", p.field("memory_segment"), fmt.Sprint(low), "there is no memory segment %d; the last is %d", b.first, low)
}

// fitting is how many waveforms the memory takes: possible of them fit, impossible ones do not.
func (p *planner) fitting(possible, impossible int64) (int64, error) {
	b := p.s.block
	for impossible-possible > 1 {
		at := possible + (impossible-possible)/2
		most, err := p.room(b.first+at, b.samples())
		if err != nil {
			return 0, err
		}
		if most >= b.samples() {
			possible = at
		} else {
			impossible = at
		}
	}
	return possible, nil
}

// tooLong refuses a waveform; why tells what there is room for.
func (p *planner) tooLong(most int64, why string) error {
	b, c := p.s.block, p.blocks()
	most -= most % p.s.run.Ratio()
	field, span, other := "post", c.Post, b.pre
	if b.pre >= most { // it would be too long without anything behind the trigger
		field, span, other = "pre", c.Pre, min(b.post, most-1)
	}
	near := ""
	if left := most - other; left > 0 {
		near = fmt.Sprint(left)
		if span.Samples == 0 && !span.Time.IsZero() {
			if t, err := p.s.applied.Interval.Mul(units.Rat(left, 1)); err == nil {
				near = picosdk.Quoted(units.Interval{Rational: t})
			}
		}
	}
	return picosdk.Refuse("configure", p.field(field), near, "a waveform of %d samples is not possible: %s %d", b.samples(), why, most)
}

// arrange tells the unit of what stands behind its inputs: how its memory is divided, and the trigger. A trigger that is refused
// leaves none behind. It is for the worker.
func (d *Device) arrange(s *setup) error {
	if b := s.block; b != nil {
		u := d.unit.(BlockUnit)
		if _, err := u.Segments(b.segments()); !picosdk.Tolerable(err) {
			return err
		}
		interval, most, err := u.Timebase(b.timebase, b.samples())
		switch {
		case !picosdk.Tolerable(err):
			return err
		case interval.Cmp(s.applied.Interval.Rational) != 0:
			return driver.Errorf(driver.KindTransient, "configure", "the unit now samples every %s, but was configured for %s", interval, s.applied.Interval)
		case most < b.samples():
			return driver.Errorf(driver.KindTransient, "configure", "the unit's memory now holds %d samples, but %d are configured", most, b.samples())
		}
		if err := u.SetCaptures(b.captures); !picosdk.Tolerable(err) {
			return err
		}
	}
	if s.trigger == nil {
		return nil
	}
	err := d.setTrigger(s)
	if picosdk.Tolerable(err) {
		return nil
	}
	d.warn("stop", d.stop())
	if t, ok := d.unit.(Triggerer); ok {
		d.warn("clear the trigger", t.ClearTrigger())
	}
	return err
}
