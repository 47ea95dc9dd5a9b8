package recording

import "slices"

// Kind is what a stream holds of its channel.
type Kind string

// The kinds of a stream.
const (
	KindRaw      Kind = "raw"
	KindMin      Kind = "min"
	KindMax      Kind = "max"
	KindDecimate Kind = "decimate"
	KindAverage  Kind = "average"
	KindSum      Kind = "sum"
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool {
	return slices.Contains([]Kind{KindRaw, KindMin, KindMax, KindDecimate, KindAverage, KindSum}, k)
}

// Mode is how a device records.
type Mode string

// The modes of a device.
const (
	ModeStream     Mode = "stream"
	ModeBlock      Mode = "block"
	ModeRapidBlock Mode = "rapid_block"
)

// Block reports whether samples come in waveforms.
func (m Mode) Block() bool { return m == ModeBlock || m == ModeRapidBlock }

// Valid reports whether m is one of the modes.
func (m Mode) Valid() bool { return m == ModeStream || m.Block() }

// State is the state of a segment or run.
type State string

// The states of a segment (recording, sealed) and of a run (all three).
const (
	StateRecording State = "recording"
	StateSealed    State = "sealed"
	StateRecovered State = "recovered"
)

// Datatype is the type of a stored sample, a SigMF name.
type Datatype string

// The data types that streams can have.
const (
	Int16   Datatype = "ri16_le"
	Uint8   Datatype = "ru8"
	Int8    Datatype = "ri8"
	Int32   Datatype = "ri32_le"
	Float32 Datatype = "rf32_le"
)

// Size returns the bytes of one sample, 0 for a type that this package does not know.
func (d Datatype) Size() int {
	switch d {
	case Int16:
		return 2
	case Uint8, Int8:
		return 1
	case Int32, Float32:
		return 4
	}
	return 0
}

// Descr returns NumPy's name of the type, "" for one that this package does not know.
func (d Datatype) Descr() string {
	switch d {
	case Int16:
		return "<i2"
	case Uint8:
		return "|u1"
	case Int8:
		return "|i1"
	case Int32:
		return "<i4"
	case Float32:
		return "<f4"
	}
	return ""
}

// SigMFVersion is the version of SigMF whose names the metadata use.
const SigMFVersion = "1.2.6"

// MaxListed is how many captures, and how many annotations, a meta lists itself; the rest is in tables.
const MaxListed = 10000

// Extension declares a SigMF extension.
type Extension struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Optional bool   `json:"optional"`
}

// DaqExtension returns the declaration that every meta carries.
func DaqExtension() Extension { return Extension{Name: "daq", Version: "1.0.0", Optional: true} }

// Sensor converts volts at the probe's tip to the user's unit: value = volts x Scale + Offset.
type Sensor struct {
	Scale  float64 `json:"scale"`
	Offset float64 `json:"offset"`
}

// RateMeasured is a sample rate fitted against the host's clock.
type RateMeasured struct {
	Hz            float64 `json:"hz"`
	UncertaintyHz float64 `json:"uncertainty_hz"`
}

// TableRef names a table beside the meta and how many rows of it count.
type TableRef struct {
	File string `json:"file"`
	Rows int64  `json:"rows"`
}

// Global is the global object of a stream's meta; docs/format/daq.sigmf-ext.md describes each key. Pointers are nil where the key is absent.
type Global struct {
	Datatype   Datatype    `json:"core:datatype"`
	Version    string      `json:"core:version"`
	SampleRate float64     `json:"core:sample_rate"` // nearest double; SampleInterval is exact
	Start      int64       `json:"core:offset"`      // stream index of the file's first sample
	SHA512     string      `json:"core:sha512,omitempty"`
	Recorder   string      `json:"core:recorder,omitempty"`
	HW         string      `json:"core:hw,omitempty"`
	Collection string      `json:"core:collection,omitempty"`
	Extensions []Extension `json:"core:extensions"`

	Run     string `json:"daq:run"`
	Device  string `json:"daq:device"`
	Channel string `json:"daq:channel"`
	Stream  string `json:"daq:stream"`
	Kind    Kind   `json:"daq:kind"`
	Mode    Mode   `json:"daq:mode"`
	Segment int    `json:"daq:segment"`
	State   State  `json:"daq:state"`

	SampleInterval Fraction `json:"daq:sample_interval"` // seconds per sample of this stream
	Ratio          int64    `json:"daq:ratio"`
	Computed       string   `json:"daq:computed,omitempty"` // "device" or "host" where Ratio is not 1
	Scale          float64  `json:"daq:scale"`              // value = stored x Scale + Offset
	Offset         float64  `json:"daq:offset"`
	Unit           string   `json:"daq:unit"`
	Label          string   `json:"daq:label,omitempty"`
	Equation       string   `json:"daq:equation,omitempty"`

	VoltsPerCount  *float64    `json:"daq:volts_per_count,omitempty"`
	Probe          *float64    `json:"daq:probe,omitempty"`
	AnalogOffset   *float64    `json:"daq:analog_offset,omitempty"` // volts at the tip
	Sensor         *Sensor     `json:"daq:sensor,omitempty"`
	Codes          *[2]int64   `json:"daq:codes,omitempty"`
	Range          *[2]float64 `json:"daq:range,omitempty"` // volts at the tip that Codes stand for
	Coupling       string      `json:"daq:coupling,omitempty"`
	Bandwidth      Bandwidth   `json:"daq:bandwidth_hz,omitzero"`
	ResolutionBits int         `json:"daq:resolution_bits,omitempty"`

	Driver         string `json:"daq:driver,omitempty"`
	DriverVersion  string `json:"daq:driver_version,omitempty"`
	LibraryVersion string `json:"daq:library_version,omitempty"`
	Model          string `json:"daq:model,omitempty"`
	Serial         string `json:"daq:serial,omitempty"`
	Emulated       bool   `json:"daq:emulated"`

	WaveformSamples  int64         `json:"daq:waveform_samples,omitempty"`
	RateMeasured     *RateMeasured `json:"daq:rate_measured,omitempty"`
	GapAfter         *Gap          `json:"daq:gap_after,omitempty"`
	CapturesTable    *TableRef     `json:"daq:captures_table,omitempty"`
	AnnotationsTable *TableRef     `json:"daq:annotations_table,omitempty"`
}
