package driver

import (
	"time"

	"github.com/scopelog/scopelog/units"
)

// Mode is the way of acquisition.
type Mode string

// The modes.
const (
	ModeStream     Mode = "stream"
	ModeBlock      Mode = "block"
	ModeRapidBlock Mode = "rapid_block"
)

// Config is everything that is set before Start. Voltages are at the unit's input (BNC), probes already taken
// out. Exactly one of Stream, Block and RapidBlock is set.
type Config struct {
	Resolution   int    // bits; 0: the unit's default
	SampleFormat string // "" or "int16": 16 bits; "int8" where the library can
	Power        PowerSource
	Channels     []ChannelConfig // enabled channels only, in the order of the plan
	Digital      []DigitalConfig
	Stream       *StreamConfig
	Block        *BlockConfig
	RapidBlock   *RapidBlockConfig
	Trigger      *TriggerConfig   // nil: none
	Generator    *GeneratorConfig // nil: leave it off
	Options      Options          // the driver's block in the device
	// MaxSamples ends a streaming acquisition after this many raw samples, lost ones included; 0: until Stop.
	// A driver may deliver more; the recorder cuts.
	MaxSamples int64
}

// Mode tells which of the three is set.
func (c Config) Mode() Mode {
	switch {
	case c.Block != nil:
		return ModeBlock
	case c.RapidBlock != nil:
		return ModeRapidBlock
	}
	return ModeStream
}

// Coupling of a channel's input.
type Coupling string

// The couplings.
const (
	CouplingDC   Coupling = "dc"
	CouplingAC   Coupling = "ac"
	CouplingDC50 Coupling = "dc50"
)

// ChannelConfig sets up one analog channel.
type ChannelConfig struct {
	Channel   string        // "A"
	Range     units.Voltage // full scale: the channel measures from -Range to +Range around -Offset
	Coupling  Coupling
	Offset    units.Voltage   // added by the hardware before conversion
	Bandwidth units.Frequency // 0: full
	Options   Options         // the driver's block in the channel
}

// DigitalConfig sets up one digital port.
type DigitalConfig struct {
	Port       string          // "D0-7"
	Thresholds []units.Voltage // one for all pins, or one per pin
	Hysteresis string          // the driver's word; empty: its default
}

// DownsampleMode is how several raw samples become one.
type DownsampleMode string

// The downsampling modes.
const (
	DownsampleNone      DownsampleMode = "none"
	DownsampleAggregate DownsampleMode = "aggregate" // smallest and largest of a group
	DownsampleDecimate  DownsampleMode = "decimate"  // first of a group
	DownsampleAverage   DownsampleMode = "average"
)

// Downsample reduces raw samples. Groups start at epoch index 0 and do not restart after a gap.
type Downsample struct {
	Mode    DownsampleMode
	Ratio   int64 // raw samples per group; 1 with DownsampleNone
	KeepRaw bool  // deliver the raw samples beside
}

// Span is a stretch before or after a trigger: a number of samples, or a time where Samples is 0.
type Span struct {
	Samples int64
	Time    units.Interval
}

// StreamConfig is continuous acquisition.
type StreamConfig struct {
	Interval         units.Interval // asked raw sample interval
	Unthrottled      bool           // simulations only: deliver as fast as the sink takes it
	Downsample       Downsample
	Pre, Post        Span // around the trigger, with StopAfterTrigger
	StopAfterTrigger bool
}

// Repeat says how often a block is captured.
type Repeat struct {
	Count   int64         // 0: without end
	For     time.Duration // arm no more, and wait no longer, after this; what is being captured comes to its end; 0: no limit
	Every   time.Duration // time from one arming to the next; 0: at once
	Forever bool
	Ordered bool // each arming waits for [Armer].Arm, and brings all its waveforms; Every is 0 then
}

// BlockConfig is one waveform per trigger.
type BlockConfig struct {
	Pre, Post     Span
	Interval      units.Interval // asked; 0 when Timebase is set
	Timebase      *uint32        // the vendor's number
	MemorySegment uint32
	Repeat        Repeat
	Downsample    Downsample
}

// RapidBlockConfig is many waveforms per arming, one per memory segment.
type RapidBlockConfig struct {
	BlockConfig
	Captures int64 // waveforms per arming
}

// Direction is what a trigger condition looks for.
type Direction string

// The directions of levels, windows and pulse widths.
const (
	DirectionAbove            Direction = "above"
	DirectionBelow            Direction = "below"
	DirectionRising           Direction = "rising"
	DirectionFalling          Direction = "falling"
	DirectionEither           Direction = "either"
	DirectionAboveLower       Direction = "above_lower"
	DirectionBelowLower       Direction = "below_lower"
	DirectionRisingLower      Direction = "rising_lower"
	DirectionFallingLower     Direction = "falling_lower"
	DirectionInside           Direction = "inside"
	DirectionOutside          Direction = "outside"
	DirectionEnter            Direction = "enter"
	DirectionExit             Direction = "exit"
	DirectionEnterOrExit      Direction = "enter_or_exit"
	DirectionPositiveRunt     Direction = "positive_runt"
	DirectionNegativeRunt     Direction = "negative_runt"
	DirectionInsideLower      Direction = "inside_lower"
	DirectionOutsideLower     Direction = "outside_lower"
	DirectionEnterLower       Direction = "enter_lower"
	DirectionExitLower        Direction = "exit_lower"
	DirectionEnterOrExitLower Direction = "enter_or_exit_lower"
)

// TriggerConfig is an OR of ANDs of conditions.
type TriggerConfig struct {
	Auto       time.Duration // trigger by itself after this; 0: never
	Delay      Span          // from the trigger to the acquisition's trigger point
	Levels     []LevelCondition
	Windows    []WindowCondition
	Digital    []DigitalCondition
	PulseWidth *PulseWidthCondition
	AnyOf      [][]ConditionRef // OR of ANDs; empty: AND of all conditions
}

// Simple tells whether the trigger is one level condition and nothing else.
func (t *TriggerConfig) Simple() bool {
	return len(t.Levels) == 1 && len(t.Windows) == 0 && len(t.Digital) == 0 && t.PulseWidth == nil && len(t.AnyOf) == 0
}

// ConditionRef names a condition inside AnyOf.
type ConditionRef struct {
	Name string
	Not  bool
}

// LevelCondition compares a source with one threshold.
type LevelCondition struct {
	Name       string
	Source     string // channel, "EXT" or "AUX"
	Direction  Direction
	Threshold  units.Voltage // at the input
	Hysteresis units.Voltage
}

// WindowCondition compares a source with two thresholds.
type WindowCondition struct {
	Name            string
	Source          string
	Direction       Direction
	Lower, Upper    units.Voltage
	LowerHysteresis units.Voltage
	UpperHysteresis units.Voltage
}

// DigitalCondition looks at pins of a port.
type DigitalCondition struct {
	Name string
	Port string
	Pins []PinCondition
}

// PinCondition is one pin: "low", "high", "rising", "falling" or "either".
type PinCondition struct {
	Pin       string // "D0"
	Direction string
}

// PulseType compares a pulse's width.
type PulseType string

// The pulse types.
const (
	PulseLessThan    PulseType = "less_than"
	PulseGreaterThan PulseType = "greater_than"
	PulseInRange     PulseType = "in_range"
	PulseOutOfRange  PulseType = "out_of_range"
)

// PulseWidthCondition measures how long a condition holds. There is one per device.
type PulseWidthCondition struct {
	Name         string
	Source       string
	Direction    Direction
	Type         PulseType
	Lower, Upper Span
	When         [][]ConditionRef // conditions that start the clock; empty: the source alone
}

// GeneratorConfig sets the signal generator.
type GeneratorConfig struct {
	Wave          string // "sine", "square" ... or "arbitrary"
	Operation     string // "normal", "noise" or "prbs"
	Frequency     units.Frequency
	StopFrequency units.Frequency // with Sweep
	Amplitude     units.Voltage   // peak to peak
	Offset        units.Voltage
	Sweep         string          // "", "up", "down", "up_down", "down_up"
	Step          units.Frequency // frequency increment
	Dwell         units.Interval  // time per step
	Shots         int64
	Sweeps        int64
	Arbitrary     *ArbitraryWave
	Trigger       *GeneratorTrigger
}

// ArbitraryWave is one period of a user's wave.
type ArbitraryWave struct {
	Values     []float64  // -1..1
	SampleRate units.Rate // 0: one period per 1/Frequency
}

// GeneratorTrigger starts the generator.
type GeneratorTrigger struct {
	Type   string // "rising", "falling", "gate_high", "gate_low"
	Source string // "none", "scope", "aux", "external", "software", "pulse_width"
	Level  units.Voltage
}
