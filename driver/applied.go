package driver

import (
	"time"

	"github.com/scopelog/scopelog/units"
)

// Applied is what the hardware will really do, as Configure returns it.
type Applied struct {
	Mode           Mode
	Interval       units.Interval // raw sample interval
	Resolution     int            // bits
	Power          PowerState
	Channels       []AppliedChannel
	Digital        []AppliedDigital
	Streams        []Stream // the streams that Start will deliver, in the sink's order
	Timebase       int64    // the vendor's number; -1: none
	PreSamples     int64    // block modes and triggered streams, raw
	PostSamples    int64
	Captures       int64         // rapid block: per arming
	DeliveryPeriod time.Duration // typical time between deliveries; 0: unknown
	Generator      *AppliedGenerator
	Notes          []string // what else differs from what was asked, in words
}

// AppliedChannel is one channel as set.
type AppliedChannel struct {
	Channel   string
	Range     units.Voltage // full scale at the input
	Coupling  Coupling
	Offset    units.Voltage
	Bandwidth units.Frequency // 0: full
	CodeMin   int32           // lowest and highest legal code
	CodeMax   int32
	// VoltsPerCount is volts at the input per code, before the offset: input = code x VoltsPerCount - Offset.
	VoltsPerCount units.Rational
}

// AppliedDigital is one digital port as set.
type AppliedDigital struct {
	Port       string
	Thresholds []units.Voltage
	Hysteresis string
}

// StreamKind is what the samples of a stream are.
type StreamKind string

// The kinds of streams, in the recording's words.
const (
	StreamRaw      StreamKind = "raw"
	StreamMin      StreamKind = "min"
	StreamMax      StreamKind = "max"
	StreamDecimate StreamKind = "decimate"
	StreamAverage  StreamKind = "average"
	StreamSum      StreamKind = "sum"
)

// SampleType is how one sample is stored, little-endian.
type SampleType string

// The sample types.
const (
	SampleInt16   SampleType = "i16"
	SampleInt8    SampleType = "i8"
	SampleUint8   SampleType = "u8"
	SampleInt32   SampleType = "i32"
	SampleFloat32 SampleType = "f32"
)

// Bytes is the size of one sample; 0 for an unknown type.
func (t SampleType) Bytes() int {
	switch t {
	case SampleInt8, SampleUint8:
		return 1
	case SampleInt16:
		return 2
	case SampleInt32, SampleFloat32:
		return 4
	}
	return 0
}

// Stream is one stream of samples: a channel or port, and a kind.
type Stream struct {
	Channel  string // channel or digital port
	Digital  bool
	Kind     StreamKind
	Type     SampleType
	Ratio    int64  // raw samples per sample
	Computed string // "device" or "host" where Ratio is above 1, else empty
	// WaveformSamples is the length of every waveform of this stream in block modes, else 0.
	WaveformSamples int64
}

// AppliedGenerator is what the generator does.
type AppliedGenerator struct {
	Frequency units.Frequency
	Amplitude units.Voltage // peak to peak
	Offset    units.Voltage
	Notes     []string
}
