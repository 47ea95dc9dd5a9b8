package driver

import (
	"math/big"

	"github.com/scopelog/scopelog/units"
)

// Capabilities says what a model, or an opened unit, can do. Plans are checked against it before anything is
// opened. An empty list means: not available.
type Capabilities struct {
	Model       string
	Channels    []ChannelCapabilities
	Digital     []DigitalCapabilities
	Resolutions []int // bits, the default first
	Formats     []string
	Modes       []ModeCapabilities
	Trigger     TriggerCapabilities
	Generator   *GeneratorCapabilities // nil: none
	Power       []PowerSource
	MaxCodes    []CodeRange // legal codes per resolution
}

// ChannelCapabilities describes one analog channel.
type ChannelCapabilities struct {
	Name       string
	Ranges     []units.Voltage // full scales at the input, ascending; empty with AnyRange
	AnyRange   bool            // every range from Ranges[0] to Ranges[1] is possible
	Couplings  []Coupling      // the default first
	Bandwidths []units.Frequency
	Offsets    []OffsetLimit
}

// OffsetLimit bounds the analog offset for ranges up to Range.
type OffsetLimit struct {
	Range    units.Voltage
	Min, Max units.Voltage
}

// DigitalCapabilities describes one digital port.
type DigitalCapabilities struct {
	Name         string // "D0-7"
	Pins         []string
	ThresholdMin units.Voltage
	ThresholdMax units.Voltage
	PerPin       bool
	Hysteresis   []string
}

// CodeRange gives the legal codes at a resolution.
type CodeRange struct {
	Bits     int
	Min, Max int32
}

// ModeCapabilities describes one mode of acquisition.
type ModeCapabilities struct {
	Mode            Mode
	Ready           bool   // this driver version can run it; false: known, planned, refused for now
	NotReady        string // why, in words, when not Ready
	Rates           []RateLimit
	Unthrottled     bool // StreamConfig.Unthrottled is understood
	Downsample      []DownsampleMode
	MaxRatio        int64
	RawBeside       bool // raw and downsampled together, by the device or by the plugin
	MaxSamples      int64
	MaxCaptures     int64 // rapid block
	MaxSegments     int64
	Triggered       bool // a trigger can be used
	StopAfter       bool // stop_after_trigger can be used
	TimebaseNumbers bool
	Timebases       []Timebases   // what the numbers mean, by resolution; empty: only the opened unit knows
	Memory          []MemoryLimit // of waveforms in the unit; the first whose condition holds counts; empty: not known
	MaxDelay        int64         // of the trigger, in raw samples; 0: not known
}

// Timebases says which intervals a unit's timebase numbers stand for: listed ones for First, First+1 and so on, then equal steps of
// (number - Minus) / Clock seconds up to Last. Which of them are possible with what is on is told by [ModeCapabilities.Rates].
type Timebases struct {
	Bits   int // at this resolution; 0: any
	First  uint32
	Last   uint32
	Listed []units.Interval
	Minus  uint32
	Clock  units.Frequency // 0: there are no numbers behind the listed ones
}

// MemoryLimit bounds the waveforms that a unit holds at once, under a condition.
type MemoryLimit struct {
	MaxChannels int    // at most this many analog channels are enabled; 0: any
	Bits        int    // at this resolution; 0: any
	Digital     int    // 1: only with digital ports off, 2: only with some on; 0: any
	Samples     int64  // raw samples per channel, those of all memory segments together; segments are equally long
	Limit       string // the fact behind it, for error texts: "64 MS of memory, shared by 2 channels"
}

// RateLimit gives the possible raw sample intervals under a condition. The first entry whose condition holds
// counts.
type RateLimit struct {
	MaxChannels int // at most this many analog channels are enabled; 0: any
	Bits        int // at this resolution; 0: any
	Digital     int // 1: only with digital ports off, 2: only with some on; 0: any
	Spans       []IntervalSpan
	Limit       string // the fact behind it, for error texts: "USB 2, 4 channels, 14 bit"
}

// IntervalSpan holds the intervals First, First+Step, ... up to Last. A zero Step means every interval between
// First and Last, to the exact fraction.
type IntervalSpan struct {
	First, Last, Step units.Interval
}

// TriggerCapabilities describes what the trigger understands.
type TriggerCapabilities struct {
	Sources      []string // channels, "EXT", "AUX"
	Simple       bool
	Logic        bool // OR of ANDs
	MaxTerms     int  // OR terms; 0: no limit
	Directions   []Direction
	Digital      bool
	PulseWidth   []PulseType
	Delay        bool
	Auto         bool
	EdgesPerTerm int // edges allowed in one AND; 0: no limit

	MaxPulseWidth int64         // longest limit of a pulse width, in raw samples; 0: not known
	MaxInput      units.Voltage // that "EXT" and "AUX" measure, of either sign; 0: not known
}

// GeneratorCapabilities describes the signal generator.
type GeneratorCapabilities struct {
	Waves            []string
	Operations       []string
	MinFrequency     units.Frequency
	MaxFrequency     units.Frequency
	MaxAmplitude     units.Voltage // peak to peak
	MaxOffset        units.Voltage
	MaxOutput        units.Voltage // that half the amplitude and the offset may reach together; 0: no limit beside theirs
	Sweeps           []string
	NoSweepCount     bool // a sweep goes on for ever: [GeneratorConfig.Sweeps] must be 0
	Arbitrary        bool
	MinArbitrary     int
	MaxArbitrary     int // samples
	MaxArbitraryRate units.Rate
	TriggerTypes     []string
	TriggerSources   []string
	FixedLevel       bool // of the inputs that start it: [GeneratorTrigger.Level] must be 0
}

// Channel returns the named channel.
func (c Capabilities) Channel(name string) (ChannelCapabilities, bool) {
	for _, ch := range c.Channels {
		if ch.Name == name {
			return ch, true
		}
	}
	return ChannelCapabilities{}, false
}

// Mode returns the capabilities of a mode.
func (c Capabilities) Mode(m Mode) (ModeCapabilities, bool) {
	for _, mc := range c.Modes {
		if mc.Mode == m {
			return mc, true
		}
	}
	return ModeCapabilities{}, false
}

// Limit returns the first limit of m that holds for a number of analog channels, a resolution and digital ports.
func (m ModeCapabilities) Limit(channels, bits int, digital bool) (RateLimit, bool) {
	for _, l := range m.Rates {
		if holds(l.MaxChannels, l.Bits, l.Digital, channels, bits, digital) {
			return l, true
		}
	}
	return RateLimit{}, false
}

// MemoryLimit returns the first bound of the memory that holds for a number of analog channels, a resolution and digital ports; ok is
// false when nothing is known.
func (m ModeCapabilities) MemoryLimit(channels, bits int, digital bool) (l MemoryLimit, ok bool) {
	for _, l := range m.Memory {
		if holds(l.MaxChannels, l.Bits, l.Digital, channels, bits, digital) {
			return l, true
		}
	}
	return MemoryLimit{}, false
}

// holds tells whether the condition of a limit, its first three arguments, holds for what is on.
func holds(maxChannels, atBits, ports, channels, bits int, digital bool) bool {
	return (maxChannels == 0 || channels <= maxChannels) && (atBits == 0 || atBits == bits) && (ports != 1 || !digital) && (ports != 2 || digital)
}

// TimebasesAt returns what the numbers mean at a resolution; ok is false when it is not known.
func (m ModeCapabilities) TimebasesAt(bits int) (t Timebases, ok bool) {
	for _, t := range m.Timebases {
		if t.Bits == 0 || t.Bits == bits {
			return t, true
		}
	}
	return Timebases{}, false
}

// Interval is the interval of a number; ok is false when the number does not exist.
func (t Timebases) Interval(number uint32) (i units.Interval, ok bool) {
	if number < t.First || number > t.Last {
		return i, false
	}
	if k := int64(number) - int64(t.First); k < int64(len(t.Listed)) {
		return t.Listed[k], t.Listed[k].Sign() > 0
	}
	if t.Clock.Sign() <= 0 || number <= t.Minus {
		return i, false
	}
	r, err := units.Rat(int64(number)-int64(t.Minus), 1).Div(t.Clock.Rational)
	return units.Interval{Rational: r}, err == nil
}

// Nearest returns the number whose interval is closest to want, the smaller of two that are equally close, and its interval. ok is
// false when there are no numbers.
func (t Timebases) Nearest(want units.Interval) (number uint32, got units.Interval, ok bool) {
	var best *big.Rat
	try := func(n int64) {
		if n < int64(t.First) || n > int64(t.Last) {
			return
		}
		i, exists := t.Interval(uint32(n))
		if !exists {
			return
		}
		d := new(big.Rat).Sub(i.Big(), want.Big())
		if d.Abs(d); best == nil || d.Cmp(best) < 0 {
			best, number, got, ok = d, uint32(n), i, true
		}
	}
	for k := range t.Listed {
		try(int64(t.First) + int64(k))
	}
	from := max(int64(t.First)+int64(len(t.Listed)), int64(t.Minus)+1)
	at := from
	if t.Clock.Sign() > 0 {
		x := new(big.Rat).Mul(want.Big(), t.Clock.Big())
		q := new(big.Int).Quo(x.Num(), x.Denom())
		if at = int64(t.Last); q.Cmp(big.NewInt(at)) < 0 {
			at = min(at, max(from, q.Int64()+int64(t.Minus)))
		}
	}
	try(at)
	try(at + 1)
	return number, got, ok
}
