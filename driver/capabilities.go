package driver

import "github.com/scopelog/scopelog/units"

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
}

// GeneratorCapabilities describes the signal generator.
type GeneratorCapabilities struct {
	Waves            []string
	Operations       []string
	MinFrequency     units.Frequency
	MaxFrequency     units.Frequency
	MaxAmplitude     units.Voltage // peak to peak
	MaxOffset        units.Voltage
	Sweeps           []string
	Arbitrary        bool
	MinArbitrary     int
	MaxArbitrary     int // samples
	MaxArbitraryRate units.Rate
	TriggerTypes     []string
	TriggerSources   []string
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
		if l.MaxChannels != 0 && channels > l.MaxChannels || l.Bits != 0 && l.Bits != bits ||
			l.Digital == 1 && digital || l.Digital == 2 && !digital {
			continue
		}
		return l, true
	}
	return RateLimit{}, false
}
