package shmring

import (
	"fmt"
	"math"
	"math/bits"
)

const (
	maxEpoch    = math.MaxInt64
	maxTriggers = 3
)

// Mark is something that happened, besides samples. Which fields count depends on the type:
//
//	DescTrigger    Lane; Sample = epoch index of a sample of that lane, near the trigger; OffsetFS = femtoseconds from it to the trigger;
//	               Within = it lies somewhere in so many samples from there on, 0 = exact
//	DescParam      Code ParamScale or ParamOffset with Lane and Value; ParamDeadTime with DeadTimeNS
//	DescWaveBegin  Waveform = number of the capture, Arming = number of the arming, Samples per raw lane, Segment = the device's memory segment
//	DescWaveEnd    Incomplete if samples are missing; Urgent on the last of a fetch
//	DescError      Class, Status = the vendor's status
type Mark struct {
	Type       DescType
	Lane       int
	Sample     uint64
	OffsetFS   int64
	Within     uint32
	Code       uint32
	Value      float64
	DeadTimeNS uint64
	Waveform   uint32
	Arming     uint32
	Samples    uint64
	Segment    uint32
	Incomplete bool
	Urgent     bool
	Class      uint32
	Status     uint32
}

// param is a value that waits for the lane's next batch.
type param struct {
	set  bool
	bits uint64
}

type trigger struct {
	lane     uint16
	urgent   bool
	sample   uint64
	offsetFS int64
	within   uint32
	waveform uint32
}

// marks are what waits for the next batch besides samples, GAPs and the lanes' parameters: eight descriptors at most.
type marks struct {
	waveOpen bool
	waveform uint32

	begin, end, failure, deadTime struct {
		set bool
		d   Desc
	}
	triggers [maxTriggers]trigger
	nTrigger int
}

// front is how many of the marks go before the samples of a batch. The dead time goes with DATA only.
func (m *marks) front(withData bool) int {
	return count(m.begin.set) + count(m.deadTime.set && withData)
}

// back is how many go behind them. Triggers go with DATA or the last batch only.
func (m *marks) back(withData bool) int {
	n := count(m.failure.set) + count(m.end.set)
	if withData {
		n += m.nTrigger
	}
	return n
}

func count(set bool) int {
	if set {
		return 1
	}
	return 0
}

// Mark adds m to the open batch, or to the next one. A trigger and a parameter wait for a batch with samples, an error for room; none is
// dropped. Between [DescWaveBegin] and the commit of [DescWaveEnd] the producer is lossless and samples belong to that capture. Errors:
// [ErrMisuse] (also when the batch has a mark of this type already, or three triggers), [ErrClosed].
func (p *Producer) Mark(m Mark) error {
	if p.done {
		return ErrClosed
	}
	k := &p.marks
	switch m.Type {
	case DescTrigger:
		return p.markTrigger(m)
	case DescParam:
		return p.markParam(m)
	case DescWaveBegin:
		if k.waveOpen || k.begin.set || k.end.set {
			return fmt.Errorf("%w: capture %d begins before the one before is committed to its end", ErrMisuse, m.Waveform)
		}
		k.waveOpen, k.waveform = true, m.Waveform
		k.begin.set = true
		k.begin.d = Desc{Type: DescWaveBegin, Lane: AllLanes, Aux: m.Samples, Waveform: m.Waveform, Code: m.Arming, Status: m.Segment}
	case DescWaveEnd:
		if !k.waveOpen || k.end.set {
			return fmt.Errorf("%w: no capture is open", ErrMisuse)
		}
		k.end.set = true
		k.end.d = Desc{Type: DescWaveEnd, Lane: AllLanes, Waveform: k.waveform}
		if m.Incomplete {
			k.end.d.Aux = 1
		}
		if m.Urgent {
			k.end.d.Flags = FlagUrgent
		}
	case DescError:
		// The latest failure says most; an older one that still waits gives way.
		k.failure.set = true
		k.failure.d = Desc{Type: DescError, Flags: FlagUrgent, Lane: AllLanes, Code: m.Class, Status: m.Status, Waveform: k.current()}
	default:
		return fmt.Errorf("%w: %s is no mark", ErrMisuse, m.Type)
	}
	return nil
}

// current is the number of the open capture, 0 without one.
func (m *marks) current() uint32 {
	if m.waveOpen {
		return m.waveform
	}
	return 0
}

func (p *Producer) markTrigger(m Mark) error {
	k := &p.marks
	switch {
	case m.Lane < 0 || m.Lane >= len(p.lanes):
		return fmt.Errorf("%w: trigger in lane %d of %d", ErrMisuse, m.Lane, len(p.lanes))
	case k.nTrigger == maxTriggers:
		return fmt.Errorf("%w: more than %d triggers in a batch", ErrMisuse, maxTriggers)
	}
	k.triggers[k.nTrigger] = trigger{lane: uint16(m.Lane), urgent: !k.waveOpen, sample: m.Sample, offsetFS: m.OffsetFS, within: m.Within, waveform: k.current()}
	k.nTrigger++
	return nil
}

func (p *Producer) markParam(m Mark) error {
	switch {
	case m.Code == ParamDeadTime:
		p.marks.deadTime.set = true
		p.marks.deadTime.d = Desc{Type: DescParam, Lane: AllLanes, Code: ParamDeadTime, Aux: m.DeadTimeNS, Waveform: p.marks.current()}
		return nil
	case m.Code != ParamScale && m.Code != ParamOffset || m.Lane < 0 || m.Lane >= len(p.lanes) || !finite(m.Value):
		return fmt.Errorf("%w: parameter %d of lane %d is %g", ErrMisuse, m.Code, m.Lane, m.Value)
	}
	p.lanes[m.Lane].param[m.Code-1] = param{set: true, bits: math.Float64bits(m.Value)}
	return nil
}

// params is the number of waiting parameters.
func (l *prodLane) params() int {
	return count(l.param[0].set) + count(l.param[1].set)
}

// triggerOffset is the time in femtoseconds from the sample with epoch index from to the trigger, held within the range of int64.
func triggerOffset(s *LaneSpec, from uint64, t trigger) int64 {
	samples, negative := t.sample-from, t.sample < from
	if negative {
		samples = from - t.sample
	}
	rawHi, raw := bits.Mul64(samples, uint64(s.Ratio))
	hi, lo := bits.Mul64(raw, s.IntervalNumFS)
	if rawHi != 0 || hi >= uint64(s.IntervalDen) {
		lo = math.MaxInt64
	} else {
		lo, _ = bits.Div64(hi, lo, uint64(s.IntervalDen))
	}
	fs := int64(min(lo, math.MaxInt64))
	if negative {
		fs = -fs
	}
	sum := fs + t.offsetFS
	if (fs > 0) == (t.offsetFS > 0) && (sum > 0) != (fs > 0) && fs != 0 && t.offsetFS != 0 {
		if fs > 0 {
			return math.MaxInt64
		}
		return math.MinInt64
	}
	return sum
}
